"""A viewer of a whole room: one connection, in whose slots sources come and go."""

from uuid import uuid4

import pytest

from evidence.ids import SourceId
from server.media.errors import OfferRefused, SourceUnknown
from server.media.frames import VideoCodec, vp8_key_size
from server.media.reports import ViewerClosed
from server.media.wire import SLOTS_MOST, SourceKind
from tests.media.peers import MovingPicture, RoomPeer, Tone, decoded_size
from tests.media.room import Room
from tests.waiting import wait_until

WIDE, TALL = (320, 240), (240, 320)


async def test_sources_come_into_slots_and_go_on_one_connection(room: Room) -> None:
    """A slot shows nothing until it is told what, then from a key frame on; another source follows in the same slot."""
    wide = await room.publish(MovingPicture(width=WIDE[0], height=WIDE[1]), Tone(440))
    tall = await room.publish(MovingPicture(width=TALL[0], height=TALL[1]))
    voice = await room.publish(Tone(880), kind=SourceKind.MICROPHONE)
    viewer = await room.watch_room(audio=2, video=1)
    assert await room.control.show(viewer.peer_id, (wide, voice)) == (wide, voice)
    await wait_until(lambda: len(viewer.pictures[0]) > 30 and len(viewer.sound[0]) > 30 and len(viewer.sound[1]) > 30)
    assert vp8_key_size(viewer.pictures[0][0]) == WIDE
    assert await room.control.show(viewer.peer_id, (tall, voice)) == (tall, voice)
    await wait_until(lambda: vp8_key_size(viewer.pictures[0][-1]) == TALL or decoded_size(viewer.pictures[0]) == TALL)
    first = next(at for at, picture in enumerate(viewer.pictures[0]) if vp8_key_size(picture) == TALL)
    assert all(vp8_key_size(picture) in {None, TALL} for picture in viewer.pictures[0][first:])
    await wait_until(lambda: len(viewer.pictures[0]) > first + 30)
    assert (await room.stats(wide)).viewers == 0
    assert [(await room.stats(one)).viewers for one in (tall, voice)] == [1, 1]


async def test_slot_takes_whichever_codec_its_source_has(room: Room) -> None:
    """H.264 after VP8 in one slot: the packets say which it is."""
    vp8 = await room.publish(MovingPicture(width=WIDE[0], height=WIDE[1]), video=VideoCodec.VP8)
    h264 = await room.publish(MovingPicture(width=TALL[0], height=TALL[1]), video=VideoCodec.H264)
    viewer = await room.watch_room(audio=0, video=1)
    await room.control.show(viewer.peer_id, (vp8,))
    await wait_until(lambda: viewer.pictures[0])
    assert vp8_key_size(viewer.pictures[0][0]) == WIDE
    await room.control.show(viewer.peer_id, (h264,))
    await wait_until(lambda: any(is_h264(picture) for picture in viewer.pictures[0]))
    first = next(at for at, picture in enumerate(viewer.pictures[0]) if is_h264(picture))
    await wait_until(lambda: len(viewer.pictures[0]) > first + 10)
    assert decoded_size(viewer.pictures[0][first:]) == TALL


def is_h264(picture: bytes) -> bool:
    """Say whether a frame is H.264 in the form of a byte stream."""
    return picture.startswith(b"\x00\x00\x00\x01")


async def test_source_that_ends_leaves_its_slot_free_and_the_viewer_there(room: Room) -> None:
    """The others go on, and the slot takes another."""
    first = await room.publish(Tone(440), kind=SourceKind.MICROPHONE)
    other = await room.publish(Tone(660), kind=SourceKind.MICROPHONE)
    viewer = await room.watch_room(audio=2, video=0)
    assert await room.control.show(viewer.peer_id, (first, other)) == (first, other)
    await wait_until(lambda: viewer.sound[0] and viewer.sound[1])
    await room.control.unpublish(first)
    heard = len(viewer.sound[1])
    await wait_until(lambda: len(viewer.sound[1]) > heard + 30)
    assert await room.control.show(viewer.peer_id, (first, other)) == (None, other)
    late = await room.publish(Tone(880), kind=SourceKind.MICROPHONE)
    heard = len(viewer.sound[0])
    assert await room.control.show(viewer.peer_id, (late, other)) == (late, other)
    await wait_until(lambda: len(viewer.sound[0]) > heard + 30)


async def test_slot_shows_nothing_of_another_room_or_beyond_the_offer(room: Room) -> None:
    """Neither a source of elsewhere, nor one that never was, nor one for a slot the viewer has not."""
    voice = await room.publish(Tone(440), kind=SourceKind.MICROPHONE)
    stranger = RoomPeer(audio=1, video=0)
    room.viewers.append(stranger)
    answered = await room.control.watch_room(
        uuid4(), case_id=room.case_id, peer_id=stranger.peer_id, offer_sdp=await stranger.offer()
    )
    await stranger.accept(answered.answer_sdp)
    assert await room.control.show(stranger.peer_id, (voice,)) == (None,)
    viewer = await room.watch_room(audio=1, video=0)
    assert await room.control.show(viewer.peer_id, (SourceId(uuid4()), voice)) == (None, None)
    with pytest.raises(SourceUnknown):
        await room.control.show(uuid4(), (voice,))


async def test_viewer_that_ends_is_reported_and_known_no_more(room: Room) -> None:
    """Its sources have one viewer less."""
    voice = await room.publish(Tone(440), kind=SourceKind.MICROPHONE)
    viewer = await room.watch_room(audio=1, video=1)
    await room.control.show(viewer.peer_id, (voice,))
    await wait_until(lambda: viewer.sound[0])
    await room.control.unwatch(viewer.peer_id)

    async def told() -> list[str]:
        return [
            report.reason
            for report in await room.reports()
            if isinstance(report, ViewerClosed) and report.peer_id == viewer.peer_id
        ]

    assert await wait_until(told) == ["unwatched"]
    assert (await room.stats(voice)).viewers == 0
    with pytest.raises(SourceUnknown):
        await room.control.show(viewer.peer_id, ())


async def test_more_slots_than_there_may_be_are_refused(room: Room) -> None:
    """And nothing is left behind."""
    viewer = RoomPeer(audio=SLOTS_MOST + 1, video=0)
    room.viewers.append(viewer)
    with pytest.raises(OfferRefused):
        await room.control.watch_room(
            room.room_id, case_id=room.case_id, peer_id=viewer.peer_id, offer_sdp=await viewer.offer()
        )
    assert (await room.control.health()).viewers == 0
