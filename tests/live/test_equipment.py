"""Unmodified equipment at the real doors: encoders and players that know a URL and a bearer token."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from server.media.worker import MediaSettings
from tests.media.browser import chromium, open_page
from tests.media.elsewhere import other_site
from tests.media.room import media_process
from tests.parts.certificates import write_certificate
from tests.parts.equipment import arrives, token_of
from tests.parts.site import Site
from tests.waiting import wait_until


async def test_ffmpeg_publishes_sound_with_a_token(live_site: Site, tmp_path: Path) -> None:
    """Its WHIP muxer is a DTLS server and has AES-CM alone; it hangs up when it is done."""
    site, certificate, key = live_site, tmp_path / "encoder.pem", tmp_path / "encoder.key"
    write_certificate(certificate, key, host="encoder", address="127.0.0.1")
    token = await token_of(site, "lead", called="Gate encoder")
    command = ["-m", "tests.media.ffmpeg_whip", token.url, token.secret, "4", str(certificate), str(key)]
    encoder = await asyncio.create_subprocess_exec(sys.executable, *command, stderr=asyncio.subprocess.PIPE)
    talking = asyncio.ensure_future(encoder.communicate())
    (opened,) = await wait_until(lambda: site.stated("tour.source_opened"), within_s=30)
    assert (opened["name"], opened["source_type"]) == ("Gate encoder", "fixed_camera")
    await wait_until(lambda: arrives(site, str(opened["source_id"])), within_s=30)
    _, told = await talking
    assert encoder.returncode == 0, told.decode()
    (closed,) = await wait_until(lambda: site.stated("tour.source_closed"), within_s=30)
    assert closed["reason"] == "unpublished"


@asynccontextmanager
async def media_apart(site: Site) -> AsyncIterator[None]:
    """Go live with a media process of its own: a browser answers from addresses that the suite's guard refuses."""
    settings = site.services.settings
    where = MediaSettings(
        root=settings.root,
        socket_path=settings.runtime / f"{settings.media_name}.sock",
        name=settings.media_name,
        addresses=("127.0.0.1",),
    )
    async with media_process(where, site.services.media.controls[where.name]):
        await site.go_live()
        yield
        await site.stop_api()


async def test_chromium_publishes_and_watches_from_another_site(embedded_site: Site) -> None:
    """With tokens and no cookie: the preflights pass, `Location` and `ETag` can be read, the picture moves."""
    site = embedded_site
    async with media_apart(site), other_site() as url, chromium() as browser:
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
