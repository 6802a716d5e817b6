"""A real browser publishes its fake camera and watches it through the media process."""

import asyncio
from uuid import uuid4

import pytest

from evidence.ids import SourceId
from server.media.frames import VideoCodec
from server.media.reports import SegmentGap, SourceLive
from tests.media.browser import chromium, open_page, page_server
from tests.media.room import Room, loudest_pitch, media_process
from tests.parts.clips import decode_errors
from tests.waiting import wait_until


@pytest.mark.parametrize(("codec", "media_type"), [(VideoCodec.VP8, "video/webm"), (VideoCodec.H264, "video/mp4")])
async def test_chromium_publishes_and_watches(apart: Room, codec: VideoCodec, media_type: str) -> None:
    """Remote frames advance with their size, sound flows unconcealed, and the recording decodes."""
    room, source_id = apart, SourceId(uuid4())
    # A process of its own: the browser answers from every address this machine has, which the suite's guard refuses.
    async with media_process(room.settings, room.control), page_server(room, source_id) as url, chromium() as browser:
        publisher, viewer = await open_page(browser, url), await open_page(browser, url)
        await publisher.evaluate(
            "codec => window.publish({ width: 640, height: 360, frameRate: 15 }, codec)", codec.value
        )
        await viewer.evaluate("source => window.watch(source)", str(source_id))

        async def plays() -> bool:
            frames, width, height = await viewer.evaluate("() => window.seen()")
            samples, concealed = await viewer.evaluate("() => window.heard()")
            return bool(frames >= 120 and width * 9 == height * 16 and samples > 96_000 and concealed < samples / 4)

        await wait_until(plays, within_s=30)
        assert await viewer.evaluate("() => window.cipher()") == "SRTP_AEAD_AES_256_GCM"
        still, jpeg = await room.control.still(source_id)
        assert (still.width * 9, jpeg[:2]) == (still.height * 16, b"\xff\xd8")
        await room.control.unpublish(source_id)
        await viewer.wait_for_function("() => window.pc.connectionState !== 'connected'")
        ended = await room.ended(source_id)
    live = (await room.reported(SourceLive, source_id))[0]
    segments = await room.segments(source_id)
    assert await room.reported(SegmentGap, source_id) == []
    assert [a.end_ms for a in segments[:-1]] == [b.start_ms for b in segments[1:]]
    assert abs((ended.at - live.started_at).total_seconds() * 1000 - segments[-1].end_ms) < 1_000
    assert {segment.media_type for segment in segments} == {media_type}
    for segment in segments:
        assert await asyncio.to_thread(decode_errors, room.stored(segment)) == ""
        assert await asyncio.to_thread(loudest_pitch, room.stored(segment), (440.0, 660.0, 880.0)) == 660
