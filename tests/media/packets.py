"""Packets of streams as a browser sends them, for the pure parts."""

from server.media.frames import TrackKind
from server.media.transport.rtp import WRAP, RtpPacket
from server.media.transport.sdp import Codec
from server.media.transport.upstream import UpPacket, UpStream

SSRC = 0x5EED5EED
KEY_HEAD = bytes.fromhex("10 02 00 9d 01 2a 40 01 f0 00")
"""A key frame of 320 x 240 begins so (RFC 6386, 9.1)."""
DELTA_HEAD = bytes.fromhex("11 02 00")
OPUS = Codec("opus", 111, None, 48_000, 2, "", frozenset())
VP8 = Codec("VP8", 96, 97, 90_000, None, "", frozenset())
VP8_ALONE = VP8._replace(rtx_type=None)


def sound(seq: int, timestamp: int = 0, payload: bytes = b"sound") -> RtpPacket:
    """Return 20 ms of sound."""
    return RtpPacket(111, seq % WRAP, timestamp % (1 << 32), SSRC, payload, marker=False)


def picture(seq: int, timestamp: int = 0, payload: bytes = b"\x00more", *, marker: bool = False) -> RtpPacket:
    """Return a packet of a picture; without a payload given, one from its middle."""
    return RtpPacket(96, seq % WRAP, timestamp % (1 << 32), SSRC, payload, marker=marker)


def frames(first: int, *parts: int, key: bool = False, ticks: int = 3000) -> list[RtpPacket]:
    """Return pictures of so many packets each, the first one a key frame or none."""
    packets = list[RtpPacket]()
    for number, count in enumerate(parts):
        for part in range(count):
            head = (KEY_HEAD if key and not number else DELTA_HEAD) if not part else b""
            payload = (b"\x10" if not part else b"\x00") + head + bytes([number, part & 0xFF])
            packets.append(picture(first + len(packets), ticks * number, payload, marker=part == count - 1))
    return packets


def taken(stream: UpStream, packet: RtpPacket, arrived_s: float = 1.0, *, again: bool = False) -> UpPacket:
    """Return what a stream passes on of a packet that is new to it."""
    passed = stream.take(packet, arrived_s, again=again)
    assert passed is not None
    return passed


def passed_on(kind: TrackKind, *packets: RtpPacket) -> list[UpPacket]:
    """Return the packets as one stream passes them on."""
    stream = UpStream(kind, SSRC)
    return [taken(stream, packet) for packet in packets]
