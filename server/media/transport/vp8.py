"""VP8 in RTP: where frames begin, and their bytes. Pure. Source: RFC 7741, 4.2 and 4.3."""

from collections.abc import Iterator

PICTURE_MOST_BYTES = 8_000_000
"""More is no picture of anybody's camera, but somebody who never ends one."""
_EXTENDED, _START, _PARTITION = 0x80, 0x10, 0x07
_PICTURE, _TL0, _TID, _KEYIDX, _LONG = 0x80, 0x40, 0x20, 0x10, 0x80


def descriptor_bytes(payload: bytes) -> int:
    """Return the length of the payload descriptor, 0 when the payload is cut off inside it."""
    size = len(payload)
    if size < 1:
        return 0
    at = 1
    if payload[0] & _EXTENDED:
        if size < 2:  # noqa: PLR2004  (the extension bits are the second byte)
            return 0
        bits, at = payload[1], 2
        if bits & _PICTURE:
            if size <= at:
                return 0
            at += 2 if payload[at] & _LONG else 1
        at += bool(bits & _TL0) + bool(bits & (_TID | _KEYIDX))
    return at if at < size else 0


def starts_frame(payload: bytes) -> bool:
    """Say whether a frame begins with this payload."""
    return bool(payload) and payload[0] & (_START | _PARTITION) == _START


def starts_key_frame(payload: bytes) -> bool:
    """Say whether a key frame begins with this payload."""
    if not starts_frame(payload):
        return False
    at = descriptor_bytes(payload)
    return at > 0 and not payload[at] & 1


class Vp8Pictures:
    """Pictures put together from the packets of one stream, which come in order and without holes."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._timestamp = self._bytes = 0

    def breaks_off(self, payload: bytes, timestamp: int) -> bool:
        """Say whether this packet begins another picture before the last one had its end."""
        return bool(payload) and bool(self._parts) and (starts_frame(payload) or timestamp != self._timestamp)

    def take(self, payload: bytes, timestamp: int, *, marker: bool) -> Iterator[tuple[bytes, int]]:
        """Yield what the packet completes, with its 32-bit timestamp."""
        if self.breaks_off(payload, timestamp):
            self._parts.clear()
        if not self._parts and not starts_frame(payload):
            return
        start = descriptor_bytes(payload)
        if not start:
            return
        self._timestamp = timestamp
        self._parts.append(payload[start:])
        self._bytes = self._bytes + len(payload) if len(self._parts) > 1 else len(payload)
        if self._bytes > PICTURE_MOST_BYTES:
            self._parts.clear()
        elif marker:
            picture = b"".join(self._parts)
            self._parts.clear()
            yield picture, timestamp

    def clear(self) -> None:
        """Forget a picture that was begun."""
        self._parts.clear()
