"""The media process dies and comes back: what was recorded is there, and what was live is said to have ended."""

import asyncio
import hashlib
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from evidence.ids import SourceId
from evidence.objects.local import LocalStore
from server.errors import StartupError
from server.media.errors import SourceUnknown
from server.media.frames import VideoCodec
from server.media.reports import CloseReason, SegmentClosed
from server.media.worker import serving_media
from tests.media.peers import MovingPicture, Tone
from tests.media.room import Room, media_process, probe
from tests.parts.clips import decode_errors
from tests.waiting import wait_until


async def record_for(room: Room, frames: int, *, video: VideoCodec | None = None) -> SourceId:
    """Publish a recorded source and wait until so many pictures of it came."""
    source_id = await room.publish(MovingPicture(), Tone(440), record=True, video=video)

    async def enough() -> bool:
        return (await room.stats(source_id)).video_frames >= frames

    await wait_until(enough, within_s=20)
    return source_id


def check_segment(room: Room, segment: SegmentClosed) -> float:
    """Assert that the store has the bytes and that they decode; return their length in ms."""
    path = room.stored(segment)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == segment.digest
    probe_errors = decode_errors(path)
    assert "Invalid data" not in probe_errors
    last = probe(path, "packet=pts_time").split()[-1]
    return float(last) * 1000


@pytest.mark.parametrize(("codec", "media_type"), [(VideoCodec.VP8, "video/webm"), (VideoCodec.H264, "video/mp4")])
async def test_killed_process_loses_at_most_the_last_second(apart: Room, codec: VideoCodec, media_type: str) -> None:
    """After SIGKILL the open segment is decodable up to the last flush; the next process files and reports it."""
    async with media_process(apart.settings, apart.control) as process:
        source_id = await record_for(apart, 120, video=codec)
        process.send_signal(signal.SIGKILL)
    assert await apart.segments(source_id) == []
    async with media_process(apart.settings, apart.control):
        ended = await apart.ended(source_id)
        (segment,) = await apart.segments(source_id)
        with pytest.raises(SourceUnknown):
            await apart.control.still(source_id)
    assert (ended.reason, ended.segments) == ("media_restarted", 1)
    assert (segment.reason, segment.media_type) == (CloseReason.RECOVERED, media_type)
    length_ms = await asyncio.to_thread(check_segment, apart, segment)
    assert length_ms >= 120 / 30 * 1000 - 1_500
    assert abs(length_ms - (segment.end_ms - segment.start_ms)) < 100


async def test_stopped_process_closes_everything_and_exits_in_time(apart: Room) -> None:
    """SIGTERM ends sources, closes and reports their segments, and leaves nothing for a recovery."""
    async with media_process(apart.settings, apart.control) as process:
        source_id = await record_for(apart, 60)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, 5) == 0
    ended = await apart.ended(source_id)
    (segment,) = await apart.segments(source_id)
    assert (ended.reason, ended.segments, segment.reason) == ("media_stopped", 1, CloseReason.ENDED)
    assert await asyncio.to_thread(check_segment, apart, segment) > 1_500


async def test_second_process_of_the_same_name_is_refused(room: Room) -> None:
    """Two writers of one report file would be two truths."""
    with ThreadPoolExecutor(1) as executor, pytest.raises(StartupError):
        async with serving_media(room.settings, LocalStore(room.settings.root, executor=executor)):
            pass


async def test_socket_is_for_our_user_alone(room: Room) -> None:
    """Whoever can write to the socket can publish into any case."""
    mode = await asyncio.to_thread(lambda: room.settings.socket_path.stat().st_mode)
    assert mode & 0o777 == 0o600
