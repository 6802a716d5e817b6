"""Unmodified equipment at the real doors: encoders and players that know a URL and a bearer token."""

import asyncio
import sys
from pathlib import Path

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
