"""RTP packets as bytes: what a header says, and headers anew. Pure. Sources: RFC 3550, 5.1; RFC 8285; RFC 4588."""

from struct import Struct

WRAP = 1 << 16
HEADER = Struct("!BBHII")
ONE_BYTE = 0xBEDE
_LENGTHS = Struct("!HH")
_VERSION = 0x80
_PADDING, _EXTENSION, _CSRC, _MARKER = 0x20, 0x10, 0x0F, 0x80
_ENDS = (0, 15)
"""Ids that end the list: padding with a length, which is none, and the one that is reserved."""
_RTCP_FIRST, _RTCP_LAST = 192, 223


class MalformedPacket(ValueError):
    """Bytes that are not the packet they were taken for."""


class RtpPacket:
    """One packet as it came. `payload` is without padding, so an empty one was padding alone."""

    __slots__ = ("extensions", "marker", "payload", "payload_type", "seq", "ssrc", "timestamp")

    def __init__(
        self,
        payload_type: int,
        seq: int,
        timestamp: int,
        ssrc: int,
        payload: bytes,
        *,
        marker: bool = False,
        extensions: bytes = b"",
    ) -> None:
        """Take a 7-bit payload type, 16-bit seq, 32-bit timestamp and ssrc, and one-byte extensions (RFC 8285, 4.2)."""
        self.payload_type = payload_type
        self.seq = seq
        self.timestamp = timestamp
        self.ssrc = ssrc
        self.payload = payload
        self.marker = marker
        self.extensions = extensions

    def extension(self, number: int) -> bytes | None:
        """Return the value of a one-byte header extension. Args: number: 1 to 14, as negotiated."""
        found, at = self.extensions, 0
        end = len(found)
        while at < end:
            head = found[at]
            if head == 0:
                at += 1
                continue
            if head >> 4 in _ENDS:
                return None
            length = (head & 0x0F) + 1
            if head >> 4 == number:
                value = found[at + 1 : at + 1 + length]
                return value if len(value) == length else None
            at += 1 + length
        return None


def read_rtp(data: bytes) -> RtpPacket:
    """Return the packet in a decrypted datagram. Raises: MalformedPacket."""
    size = len(data)
    if size < HEADER.size:
        raise MalformedPacket("shorter than a header")
    first, second, seq, timestamp, ssrc = HEADER.unpack_from(data)
    if first & 0xC0 != _VERSION:
        raise MalformedPacket("another version")
    start, extensions = HEADER.size + 4 * (first & _CSRC), b""
    if first & _EXTENSION:
        if start + 4 > size:
            raise MalformedPacket("extension header cut off")
        profile, words = _LENGTHS.unpack_from(data, start)
        if profile == ONE_BYTE:
            extensions = data[start + 4 : start + 4 + 4 * words]
        start += 4 + 4 * words
    if first & _PADDING:
        size -= data[-1]
        if not data[-1]:
            raise MalformedPacket("padding of no length")
    if start > size:
        raise MalformedPacket("longer header or padding than packet")
    return RtpPacket(
        second & 0x7F,
        seq,
        timestamp,
        ssrc,
        data[start:size],
        marker=second >= _MARKER,
        extensions=extensions,
    )


def write_rtp(payload_type: int, seq: int, timestamp: int, ssrc: int, payload: bytes, *, marker: bool) -> bytes:
    """Return a packet without extensions or padding. Args: all within their widths on the wire."""
    return HEADER.pack(_VERSION, payload_type | _MARKER if marker else payload_type, seq, timestamp, ssrc) + payload


def is_rtcp(data: bytes) -> bool:
    """Say whether an SRTP or SRTCP datagram of two bytes or more is RTCP (RFC 5761, 4)."""
    return _RTCP_FIRST <= data[1] <= _RTCP_LAST


class Unwrapper:
    """Turns 16-bit seqs into numbers that grow for ever; right within half a wrap of the highest seen."""

    __slots__ = ("highest",)

    def __init__(self) -> None:
        self.highest: int | None = None

    def __call__(self, seq: int) -> int:
        """Return the unwrapped seq."""
        if self.highest is None:
            # Room below: packets from before the first one may still come.
            self.highest = seq + WRAP
            return self.highest
        ahead = (seq - self.highest) % WRAP
        if ahead < WRAP // 2:
            self.highest += ahead
            return self.highest
        return self.highest + ahead - WRAP
