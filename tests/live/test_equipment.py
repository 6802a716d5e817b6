"""Unmodified equipment at the real doors: encoders and players that know a URL and a bearer token."""

import asyncio
import sys

from tests.parts.equipment import arrives, token_of
from tests.parts.site import Site
from tests.waiting import wait_until


async def test_ffmpeg_publishes_with_a_token(live_site: Site) -> None:
    """Its WHIP muxer is a DTLS server and has AES-CM alone; what it sends is recorded under the token's name."""
    site = live_site
    token = await token_of(site, "lead", called="Gate encoder")
    command = [sys.executable, "-m", "tests.media.ffmpeg_whip", token.url, token.secret, "6"]
    encoder = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    (opened,) = await wait_until(lambda: site.stated("tour.source_opened"), within_s=30)
    assert (opened["name"], opened["source_type"]) == ("Gate encoder", "fixed_camera")
    await wait_until(lambda: arrives(site, str(opened["source_id"])), within_s=30)
    _, told = await encoder.communicate()
    assert encoder.returncode == 0, told.decode()
