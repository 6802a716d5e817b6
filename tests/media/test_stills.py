"""A still is the picture as it is sent, at its size, with the server's time."""

import asyncio
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image, ImageStat

from evidence.ids import SourceId, uuid7
from server.media.errors import SourceUnknown, StillUnavailable
from server.media.frames import VideoCodec
from server.media.wire import SourceKind
from tests.media.peers import MovingPicture, Tone
from tests.media.room import Room

CLOCK_SLACK = timedelta(milliseconds=100)
"""A frame's time is reckoned from its RTP timestamp and a start on the wall clock, which may be slewed meanwhile."""


@pytest.mark.parametrize("codec", list(VideoCodec))
async def test_still_is_a_jpeg_of_the_stream_with_its_pixels(room: Room, codec: VideoCodec) -> None:
    """The JPEG decodes with another library, has the stream's size and colour, and a time between request and reply."""
    source_id = await room.publish(MovingPicture(width=480, height=270, red=160), Tone(440), video=codec)
    before = datetime.now(UTC)
    still, jpeg = await room.control.still(source_id)
    after = datetime.now(UTC)
    picture = await asyncio.to_thread(lambda: Image.open(BytesIO(jpeg)).convert("RGB"))
    assert picture.size == (480, 270)
    assert (still.width, still.height) == (480, 270)
    assert before - CLOCK_SLACK <= still.captured_at <= after + CLOCK_SLACK
    red, green, blue = ImageStat.Stat(picture).mean
    assert red - blue > 60
    assert red - green > 60
    assert (await room.control.health()).stills_decoded == 1


async def test_two_stills_at_once_are_both_taken(room: Room) -> None:
    """Requests do not disturb each other or the viewers."""
    source_id = await room.publish(MovingPicture())
    taken = await asyncio.gather(room.control.still(source_id), room.control.still(source_id))
    assert [still.width for still, _ in taken] == [320, 320]


async def test_still_is_unavailable_when_the_source_has_no_picture(room: Room) -> None:
    """A microphone has none, and an unknown source is said to be unknown."""
    source_id = await room.publish(Tone(440), kind=SourceKind.MICROPHONE)
    with pytest.raises(StillUnavailable):
        await room.control.still(source_id)
    with pytest.raises(SourceUnknown):
        await room.control.still(SourceId(uuid7()))
