"""The member's own page in Firefox: from the link of the invitation to a picture that is sent."""

from tests.http.house import invited
from tests.media.firefox import firefox
from tests.parts.networks import network_with_route
from tests.parts.site import Site, media_apart
from tests.waiting import wait_until


async def test_member_joins_and_sends_with_firefox(embedded_site: Site) -> None:
    """Language, consent, device check, lobby; once admitted the page sends its camera by itself, as on a phone."""
    site = embedded_site
    with network_with_route() as inside:
        async with media_apart(site, inside=inside), firefox(inside=inside) as browser:
            await site.in_session("lead", "session.start")
            await site.arrive("lead")
            page = await browser.open_page(f"{site.url}/join#{await invited(site)}")
            await page.show()
            await page.resize(360, 740)
            # That it is heard Firefox does not find out here: it meters sound on machines that can play some.
            for words in ("Continue", "Yes, record it", "I agree and continue", "Go to the lobby"):
                await page.press(words)
            await page.reads("The specialist will let you in")
            guest = site.ids["guest"]
            await site.in_session("lead", "participant.admit", participant_id=guest)
            (camera,) = await wait_until(
                lambda: site.stated("tour.source_opened", participant_id=guest, kind="camera"), within_s=30
            )
            await wait_until(lambda: moves(site, str(camera["source_id"])), within_s=30)


async def moves(site: Site, source_id: str) -> bool:
    """Say whether the media process has had a second of the source's pictures."""
    sources = (await site.services.media.health()).sources
    return any(one.video_frames > 15 for one in sources if str(one.source_id) == source_id)
