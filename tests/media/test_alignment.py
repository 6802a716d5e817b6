"""Sound and pictures of one source take paths of different length, and lie beside each other in the recording."""

from pathlib import Path

import av
import pytest
from aiortc.rtp import RtcpSenderInfo, RtcpSrPacket

from server.media.frames import EncodedFrame, TrackKind, VideoCodec
from server.media.publisher import Publisher
from server.media.pump import UpListener
from server.media.transport.rtp import RtpPacket
from tests.media.offers import chromium
from tests.media.packets import DELTA_HEAD, KEY_HEAD
from tests.media.recorders import recording
from tests.media.wire_peer import running_wire

AUDIO, VIDEO = TrackKind.AUDIO, TrackKind.VIDEO
NTP_S = 3_900_000_000
SSRC = {AUDIO: 3_735_928_559, VIDEO: 11}
FIRST = {AUDIO: 4_294_900_000, VIDEO: 4_294_000_000}
"""RTP timestamps at the sender's zero; both wrap while it sends."""
RATE = {AUDIO: 48, VIDEO: 90}
SILENCE = b"\xf8\xff\xfe"


def rtp(kind: TrackKind, at_ms: int) -> int:
    """Return the timestamp of a moment of the sender's."""
    return (FIRST[kind] + RATE[kind] * at_ms) % (1 << 32)


def stamp(at_ms: int) -> bytes:
    """Return what tells in a payload when it was made."""
    return at_ms.to_bytes(4)


def packets(seconds: int, delay_ms: dict[TrackKind, int]) -> list[tuple[float, RtpPacket]]:
    """Return sound every 20 ms and pictures every 40 ms, a key frame each second, in the order and time they arrive."""
    sent = list[tuple[float, RtpPacket]]()
    for number in range(50 * seconds):
        packet = RtpPacket(111, number, rtp(AUDIO, 20 * number), SSRC[AUDIO], SILENCE + stamp(20 * number))
        sent.append((20 * number + delay_ms[AUDIO], packet))
    for number in range(25 * seconds):
        payload = b"\x10" + (DELTA_HEAD if number % 25 else KEY_HEAD) + stamp(40 * number)
        packet = RtpPacket(96, number, rtp(VIDEO, 40 * number), SSRC[VIDEO], payload, marker=True)
        sent.append((40 * number + delay_ms[VIDEO], packet))
    return sorted(sent, key=lambda item: item[0])


def report(kind: TrackKind, at_ms: int) -> bytes:
    """Return a sender report of a moment."""
    ntp = round((NTP_S + at_ms / 1000) * (1 << 32))
    info = RtcpSenderInfo(ntp_timestamp=ntp, rtp_timestamp=rtp(kind, at_ms), packet_count=0, octet_count=0)
    return bytes(RtcpSrPacket(ssrc=SSRC[kind], sender_info=info))


def times_ms(path: Path) -> dict[str, dict[int, float]]:
    """Return the times of the frames of each track of a file, by when they were made."""
    times: dict[str, dict[int, float]] = {"audio": {}, "video": {}}
    with av.open(str(path)) as container:
        for packet in container.demux():
            if packet.pts is not None and packet.time_base is not None:
                made_ms = int.from_bytes(bytes(packet)[-4:])
                times[packet.stream.type][made_ms] = float(packet.pts * packet.time_base * 1000)
    return times


@pytest.mark.parametrize(("sound_ms", "picture_ms"), [(20, 320), (320, 20)])
async def test_skew_of_the_network_is_not_in_the_recording(tmp_path: Path, sound_ms: int, picture_ms: int) -> None:
    """A picture and the sound of its moment have one time, from the first frame on and in every segment."""
    async with running_wire() as wire:
        frames = list[EncodedFrame]()
        publisher = Publisher(wire.port, UpListener(frames.append, lambda _: None, lambda: None, lambda _: None))
        await publisher.answer(chromium("sendonly"), tuple(VideoCodec))
        async with recording(tmp_path, publisher.sent) as made:
            told_ms = {AUDIO: 2_500, VIDEO: 700}
            for arrived_ms, packet in packets(14, {AUDIO: sound_ms, VIDEO: picture_ms}):
                publisher.take_rtp(packet, 1 + arrived_ms / 1000)
                for kind, at_ms in told_ms.items():
                    if arrived_ms > at_ms:
                        publisher.take_rtcp(report(kind, at_ms))
                        told_ms[kind] += 5_000 if kind is AUDIO else 1_000
            made.frames = frames
        await publisher.close()
    assert len(made.segments) == 3
    for segment in made.segments:
        times = times_ms(made.file(segment))
        both = times["audio"].keys() & times["video"].keys()
        assert len(both) >= 50
        assert max(abs(times["audio"][made_ms] - times["video"][made_ms]) for made_ms in both) <= 1.5
        assert min(times["video"]) - min(times["audio"]) <= 20
