"""Unmodified equipment at the real doors: encoders and players that know a URL and a bearer token."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from evidence.records import Json
from tests.media.browser import chromium, open_page
from tests.media.elsewhere import other_site
from tests.media.ffmpeg_whip import PICTURES_A_S, SIZE
from tests.media.firefox import firefox
from tests.parts.certificates import write_certificate
from tests.parts.equipment import arrives, show, token_of
from tests.parts.networks import network_with_route
from tests.parts.site import Site, media_apart
from tests.waiting import wait_until


async def test_ffmpeg_publishes_sound_and_picture_with_a_token(live_site: Site, tmp_path: Path) -> None:
    """Its WHIP muxer is a DTLS server and has AES-CM alone; a viewer decodes what it sends; it hangs up when done."""
    site, certificate, key = live_site, tmp_path / "encoder.pem", tmp_path / "encoder.key"
    write_certificate(certificate, key, host="encoder", address="127.0.0.1")
    token, watching = await token_of(site, "lead", called="Gate encoder"), await token_of(site, "lead", None, "Wall")
    command = ["-m", "tests.media.ffmpeg_whip", token.url, token.secret, "5", str(certificate), str(key)]
    encoder = await asyncio.create_subprocess_exec(sys.executable, *command, stderr=asyncio.subprocess.PIPE)
    talking = asyncio.ensure_future(encoder.communicate())
    (opened,) = await wait_until(lambda: site.stated("tour.source_opened"), within_s=30)
    assert (opened["name"], opened["source_type"]) == ("Gate encoder", "fixed_camera")
    await wait_until(lambda: arrives(site, str(opened["source_id"])), within_s=30)
    _, viewer = await show(site, watching, "audio", "video")
    await wait_until(lambda: len(viewer.received["video"]) > PICTURES_A_S and viewer.received["audio"], within_s=30)
    assert viewer.decoded_size() == SIZE
    _, told = await talking
    assert encoder.returncode == 0, told.decode()
    (closed,) = await wait_until(lambda: site.stated("tour.source_closed"), within_s=30)
    assert closed["reason"] == "unpublished"


async def test_chromium_publishes_and_watches_from_another_site(embedded_site: Site) -> None:
    """With tokens and no cookie: the preflights pass, `Location` and `ETag` can be read, the picture moves."""
    site = embedded_site
    async with media_apart(site), other_site() as url, chromium() as browser:
        await site.go_live()
        sends, watches = await token_of(site, "lead"), await token_of(site, "lead", None, "Wall screen")
        publisher, viewer = await open_page(browser, url), await open_page(browser, url)
        status, etag = await publisher.evaluate("given => window.publish(...given)", [sends.url, sends.secret])
        assert (status, etag[0]) == (201, '"')
        (opened,) = await wait_until(lambda: site.stated("tour.source_opened"), within_s=30)
        await wait_until(lambda: arrives(site, str(opened["source_id"])), within_s=30)
        assert (await viewer.evaluate("given => window.watch(...given)", [watches.url, watches.secret]))[0] == 201

        async def plays() -> bool:
            frames, width = await viewer.evaluate("() => window.seen()")
            return bool(frames > 30 and width > 0 and await viewer.evaluate("() => window.heard()") > 50)

        await wait_until(plays, within_s=30)
        refused = await viewer.evaluate("given => window.publish(...given)", [watches.url, sends.secret])
        assert refused[0] == 403
        assert await publisher.evaluate("() => window.hangUp()") == 200


async def test_firefox_and_chromium_see_each_other(embedded_site: Site, tmp_path: Path) -> None:
    """Firefox publishes, and a second page of it and Chromium watch; then Chromium publishes and Firefox watches."""
    site = embedded_site
    with network_with_route() as inside:
        line = await asyncio.to_thread(inside.listening_socket)
        starts = inside.script(tmp_path / "chromium", "chromium")
        async with (
            media_apart(site, inside=inside),
            other_site(line) as url,
            firefox(inside=inside) as first,
            chromium(starts) as second,
        ):
            await site.go_live()
            cameras = [await token_of(site, "lead", called=f"Camera {number}") for number in (1, 2)]
            wall = await token_of(site, "lead", None, "Wall screen")
            sender, near, far = await first.open_page(url), await first.open_page(url), await open_page(second, url)
            assert (await sender.call_list("window.publish", cameras[0].url, cameras[0].secret))[0] == 201
            await opened(site, 1)
            await near.show()
            assert (await near.call_list("window.watch", wall.url, wall.secret))[0] == 201
            assert (await far.evaluate("given => window.watch(...given)", [wall.url, wall.secret]))[0] == 201
            await wait_until(lambda: plays(near.call), within_s=30)
            await wait_until(lambda: plays(far.evaluate), within_s=30)
            assert await sender.call("window.hangUp") == 200
            given = [cameras[1].url, cameras[1].secret]
            assert (await far.evaluate("given => window.publish(...given)", given))[0] == 201
            await opened(site, 2)
            again = await first.open_page(url)
            await again.show()
            assert (await again.call_list("window.watch", wall.url, wall.secret))[0] == 201
            await wait_until(lambda: plays(again.call), within_s=30)


async def plays(ask: Callable[[str], Awaitable[Json]]) -> bool:
    """Say whether a page shows pictures that move, and has got sound."""
    seen, heard = await ask("() => window.seen()"), await ask("() => window.heard()")
    assert isinstance(seen, list)
    assert isinstance(heard, int)
    frames, width = (int(str(one)) for one in seen)
    return frames > 30 and width > 0 and heard > 50


async def opened(site: Site, count: int) -> None:
    """Wait until the last of so many sources arrives."""
    sources = await wait_until(lambda: sources_of(site, count), within_s=30)
    await wait_until(lambda: arrives(site, sources[-1]), within_s=30)


async def sources_of(site: Site, count: int) -> list[str]:
    """Return the ids of the sources that were opened, when they are so many."""
    found = [str(one["source_id"]) for one in await site.stated("tour.source_opened")]
    return found if len(found) == count else []
