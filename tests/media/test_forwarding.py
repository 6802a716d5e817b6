"""Sources reach their viewers undecoded, a late viewer gets a key frame, and what must stop stops at once."""

from functools import partial
from uuid import uuid4

import pytest

from evidence.ids import SourceId
from server.media.errors import MediaUnavailable, OfferRefused, SourceUnknown
from server.media.frames import VideoCodec, vp8_key_size
from server.media.reports import PeerClosed, PeerConnected, SourceEnded
from server.media.transport.h264 import key_size
from server.media.wire import SourceKind
from tests.media.peers import MovingPicture, PublishingPeer, Tone, WatchingPeer
from tests.media.room import Room
from tests.waiting import wait_until


async def test_viewer_gets_picture_and_sound_when_watching(room: Room) -> None:
    """Frames advance on both tracks, begin with a key frame, and decode to the size that was sent."""
    source_id = await room.publish(MovingPicture(), Tone(440))
    viewer = await room.watch(source_id, "audio", "video")
    await wait_until(lambda: len(viewer.received["video"]) >= 30 and len(viewer.received["audio"]) >= 50)
    assert vp8_key_size(viewer.received["video"][0]) == (320, 240)
    assert viewer.decoded_size() == (320, 240)


async def test_viewer_gets_the_codec_of_the_source_or_a_reason(room: Room) -> None:
    """H.264 goes out as it came in; an offer without it is refused, and nothing of the viewer is left."""
    source_id = await room.publish(MovingPicture(), Tone(440), video=VideoCodec.H264)
    viewer = await room.watch(source_id, "audio", "video")
    await wait_until(lambda: len(viewer.received["video"]) >= 30)
    assert key_size(viewer.received["video"][0]) == (320, 240)
    assert viewer.decoded_size() == (320, 240)
    with pytest.raises(OfferRefused) as refusal:
        await room.watch(source_id, "video", video=VideoCodec.VP8)
    assert refusal.value.fields == {"reason": "no_common_codec"}
    assert (await room.control.health()).viewers == 1


@pytest.mark.parametrize("codec", list(VideoCodec))
async def test_frames_pass_byte_for_byte_when_two_watch(room: Room, codec: VideoCodec) -> None:
    """What the publisher's encoder made is what both viewers get: nothing is decoded or encoded on the way."""
    source_id = await room.publish(MovingPicture(), Tone(440), video=codec)
    first = await room.watch(source_id, "video", "audio")
    await wait_until(lambda: first.received["video"])
    second = await room.watch(source_id, "video", "audio")
    await wait_until(lambda: len(second.received["video"]) >= 30 and len(second.received["audio"]) >= 30)
    for kind in ("video", "audio"):
        late = second.received[kind][:30]
        await wait_until(partial(first.received[kind].__contains__, late[-1]))
        begin = first.received[kind].index(late[0])
        assert first.received[kind][begin : begin + 30] == late
    health = await room.control.health()
    assert (health.viewers, health.stills_decoded) == (2, 0)


async def test_late_viewer_starts_at_a_key_frame_made_for_it(room: Room) -> None:
    """An encoder left alone sends no second key frame; joining asks for one."""
    source_id = await room.publish(MovingPicture())
    await wait_until(lambda: room.stats(source_id))
    first = await room.watch(source_id, "video")
    await wait_until(lambda: len(first.received["video"]) >= 60)
    keys = sum(1 for payload in first.received["video"] if vp8_key_size(payload))
    late = await room.watch(source_id, "video")
    await wait_until(lambda: late.received["video"], within_s=3)
    assert vp8_key_size(late.received["video"][0])
    await wait_until(lambda: sum(1 for payload in first.received["video"] if vp8_key_size(payload)) > keys)


async def test_viewers_picture_loss_reaches_the_publisher_and_is_limited(room: Room) -> None:
    """A stuck viewer gets a key frame; twenty requests in a burst are two upstream, half a second apart."""
    source_id = await room.publish(MovingPicture())
    viewer = await room.watch(source_id, "video")
    await wait_until(lambda: len(viewer.received["video"]) >= 30)
    before = await room.stats(source_id)
    for _ in range(20):
        await viewer.ask_key_frame()

    async def answered() -> bool:
        return (await room.stats(source_id)).key_frames > before.key_frames

    await wait_until(answered)
    after = await room.stats(source_id)
    assert 1 <= after.key_frame_requests - before.key_frame_requests <= 2


async def test_source_stops_at_once_when_unpublished(room: Room) -> None:
    """Both ends are cut, it is reported once, and neither the source nor a viewer can come back under its id."""
    source_id = await room.publish(MovingPicture(), Tone(440))
    viewer = await room.watch(source_id, "video", "audio")
    await wait_until(lambda: len(viewer.received["video"]) >= 10)
    await room.control.unpublish(source_id, reason="removed")
    await room.control.unpublish(source_id, reason="removed")
    await wait_until(lambda: room.publishers[0].pc.connectionState == "closed")
    await viewer.ended.wait()
    ended = await room.reported(SourceEnded, source_id)
    assert [(report.reason, report.segments) for report in ended] == [("removed", 0)]
    closed = await wait_until(lambda: room.reported(PeerClosed, source_id))
    assert [report.reason for report in closed] == ["source_ended"]
    assert not (await room.control.health()).sources
    with pytest.raises(SourceUnknown):
        await room.watch(source_id, "video")
    with pytest.raises(SourceUnknown):
        await room.call(source_id, await room.publisher(MovingPicture()).offer())


async def test_source_ends_when_its_publisher_hangs_up(room: Room) -> None:
    """A closed connection ends the source without anybody's call."""
    source_id = await room.publish(Tone(440), kind=SourceKind.MICROPHONE)
    await room.publishers[0].pc.close()
    assert (await room.ended(source_id)).reason == "closed_by_peer"


async def test_viewer_is_reported_and_ends_when_unwatched(room: Room) -> None:
    """Watching is a fact with a beginning and an end; the source goes on."""
    source_id = await room.publish(Tone(440), kind=SourceKind.MICROPHONE)
    peer = WatchingPeer("audio")
    room.viewers.append(peer)
    peer_id, offer = uuid4(), await peer.offer()
    answer = await room.control.watch(source_id, peer_id=peer_id, offer_sdp=offer)
    assert await room.control.watch(source_id, peer_id=peer_id, offer_sdp=offer) == answer
    await peer.accept(answer.answer_sdp)
    connected = await wait_until(lambda: room.reported(PeerConnected, source_id))
    await room.control.unwatch(peer_id)
    await room.control.unwatch(peer_id)
    closed = await wait_until(lambda: room.reported(PeerClosed, source_id))
    assert [report.peer_id for report in connected] == [peer_id]
    assert [report.peer_id for report in closed] == [peer_id]
    assert (await room.stats(source_id)).viewers == 0


async def test_publish_gives_the_same_answer_when_repeated(room: Room) -> None:
    """A lost reply costs nothing; the same id with another offer is refused."""
    source_id = SourceId(uuid4())
    offer = await room.publisher(Tone(440)).offer()
    answer = await room.call(source_id, offer)
    assert await room.call(source_id, offer) == answer
    with pytest.raises(OfferRefused) as refusal:
        await room.call(source_id, offer + "a=x\r\n")
    assert refusal.value.fields == {"reason": "id_taken"}


async def test_microphone_is_watched_by_one_who_asks_for_pictures_too(room: Room) -> None:
    """A player that offers both kinds hears a source that has one."""
    source_id = await room.publish(Tone(440), kind=SourceKind.MICROPHONE)
    viewer = await room.watch(source_id, "audio", "video")
    await wait_until(lambda: len(viewer.received["audio"]) >= 20)
    assert viewer.received["video"] == []


async def altered_offer(*changes: tuple[str, str]) -> str:
    """Return a good offer of one picture track with pieces replaced."""
    peer = PublishingPeer(MovingPicture())
    offer = await peer.offer()
    await peer.pc.close()
    for old, new in changes:
        assert old in offer
        offer = offer.replace(old, new)
    return offer


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ([("m=video", "m=vid eo")], "unreadable"),
        ([("a=setup:actpass\r\n", "")], "unreadable"),
        ([("a=ice-ufrag", "a=ice-no")], "unreadable"),
        ([("m=video", "m=application")], "no_media"),
        ([("VP8/90000", "AV1/90000"), ("H264/90000", "VP9/90000")], "no_common_codec"),
        ([("a=sendonly", "a=recvonly")], "wrong_direction"),
    ],
)
async def test_publish_is_refused_when_the_offer_is_bad(
    room: Room, changes: list[tuple[str, str]], reason: str
) -> None:
    """Each refusal names its reason, and nothing stays behind."""
    with pytest.raises(OfferRefused) as refusal:
        await room.call(SourceId(uuid4()), await altered_offer(*changes), record=True)
    assert refusal.value.fields == {"reason": reason}
    assert not (await room.control.health()).sources
    assert await room.reports() == []


@pytest.mark.parametrize("text", ["", "hello", "v=0\r\n", "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n", "\x00" * 5000])
async def test_publish_is_refused_when_the_offer_is_no_sdp(room: Room, text: str) -> None:
    """Garbage is a refusal, never a fault of the process."""
    with pytest.raises(OfferRefused):
        await room.call(SourceId(uuid4()), text)


async def test_calls_fail_with_unavailable_when_no_process_listens(room: Room) -> None:
    """The API can tell 'try later' from 'no'."""
    room.settings.socket_path.unlink()
    await room.control.close()
    with pytest.raises(MediaUnavailable):
        await room.control.health()
