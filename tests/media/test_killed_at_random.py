"""The media process killed over and over at random moments: what was flushed is there, and the room comes back."""

import asyncio
import os
import random
import signal

from evidence.ids import SourceId
from server.media.frames import VideoCodec
from server.media.reports import CloseReason
from tests.media.peers import MovingPicture, Tone
from tests.media.room import Room, media_process
from tests.media.test_process import check_segment
from tests.waiting import wait_until

KILLS, SEED = "SIGHTLINE_TEST_MEDIA_KILLS", "SIGHTLINE_TEST_SEED"
FRAMES = (60, 260)
"""A kill comes after so many pictures, at 30 a second: in the first or the second segment."""
LOST_MS = 1_500
"""Half a second between flushes, as much for what is still put in order, and the last look before the kill."""


async def test_every_kill_loses_at_most_what_was_not_flushed(apart: Room) -> None:
    """Five times here, a hundred under `make endurance`; each time the next process takes a new source of the room."""
    kills, seed = (
        int(os.environ.get(KILLS, "5")),
        int(os.environ.get(SEED, "0")) or random.SystemRandom().getrandbits(32),
    )
    print(f"{SEED}={seed} {KILLS}={kills}")  # noqa: T201  (pytest shows it when the test fails)
    chance = random.Random(seed)
    left: tuple[SourceId, int] | None = None
    for number in range(kills + 1):
        async with media_process(apart.settings, apart.control) as process:
            if left is not None:
                await check(apart, *left)
            if number == kills:
                return
            frames = chance.randint(*FRAMES)
            left = await record(apart, frames, chance.choice(tuple(VideoCodec))), frames
            process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(process.wait)
        await apart.close()


async def record(room: Room, frames: int, codec: VideoCodec) -> SourceId:
    """Publish a recorded source and return as soon as so many pictures of it came."""
    source_id = await room.publish(MovingPicture(), Tone(440), record=True, video=codec)

    async def enough() -> bool:
        return (await room.stats(source_id)).video_frames >= frames

    await wait_until(enough, within_s=60)
    return source_id


async def check(room: Room, source_id: SourceId, frames: int) -> None:
    """Assert that a source that was cut off is recorded as far as it must be, and that every piece decodes."""
    ended = await room.ended(source_id)
    segments = await room.segments(source_id)
    assert (ended.reason, ended.segments) == ("media_restarted", len(segments))
    assert [segment.index for segment in segments] == list(range(len(segments)))
    assert segments[-1].reason in {CloseReason.RECOVERED, CloseReason.CUT}
    lengths = [await asyncio.to_thread(check_segment, room, segment) for segment in segments]
    assert sum(lengths) >= frames / 30 * 1000 - LOST_MS
