"""The still that the server takes of what it receives, where a phone cannot."""

from uuid import uuid4

from tests.media.peers import MovingPicture, Tone
from tests.parts.broadcasts import publish
from tests.parts.site import Site

JPEG = b"\xff\xd8\xff"
"""How such a file begins."""


async def test_server_takes_the_still_that_a_phone_cannot(live_site: Site) -> None:
    """A key frame of the received video, decoded; it says that it is one."""
    site = live_site
    still = str(uuid4())
    await site.in_session("lead", "still.request", still_id=still, criterion_id="3.1")
    path = f"/validation-sessions/{site.ids['session']}/server-stills"
    status, problem = await site.people["lead"].post(path, {"still_id": still})
    assert (status, problem["code"]) == (404, "source_unknown")
    await publish(site, "phone", MovingPicture(), Tone(440))
    assert (await site.people["phone"].post(path, {"still_id": still}))[1]["code"] == "not_allowed"
    made = await site.people["lead"].made(path, {"still_id": still})
    item = await site.people["lead"].seen(f"/items/{made['item_id']}")
    assert (item["camera"], item["still_id"], item["media_type"]) == ("server_frame", still, "image/jpeg")
    facts = item["facts"]
    assert isinstance(facts, dict)
    assert (facts["width_px"], facts["height_px"]) == (320, 240)
    status, problem = await site.people["lead"].post(path, {"still_id": still})
    assert (status, problem["code"]) == (409, "still_answered")
    unknown = await site.people["lead"].post(path, {"still_id": str(uuid4())})
    assert (unknown[0], unknown[1]["code"]) == (404, "still_not_found")


async def test_server_takes_no_still_while_nothing_is_stored(live_site: Site) -> None:
    """One that was asked for before is not taken either, and nothing of it reaches the store."""
    site = live_site
    still = str(uuid4())
    await publish(site, "phone", MovingPicture(), Tone(440))
    await site.in_session("lead", "still.request", still_id=still, criterion_id="3.1")
    await site.in_session("lead", "privacy.start", reason="ID card")
    path = f"/validation-sessions/{site.ids['session']}/server-stills"
    status, problem = await site.people["lead"].post(path, {"still_id": still})
    assert (status, problem["code"]) == (409, "privacy_on")
    assert await pictures_stored(site) == 0
    await site.in_session("lead", "privacy.stop")
    made = await site.people["lead"].made(path, {"still_id": still})
    claims = (await site.people["lead"].seen(f"/items/{made['item_id']}"))["claims"]
    assert isinstance(claims, dict)
    assert claims["captured_at_device"] is None
    assert await pictures_stored(site) > 0


async def pictures_stored(site: Site) -> int:
    """Return how many JPEG files are in the store; what was recorded before is on its way there, too."""
    begins = [
        b"".join([part async for part in site.services.objects.open_range(key, 0, 3)])
        async for key in site.services.objects.list_keys("cases/")
    ]
    return begins.count(JPEG)
