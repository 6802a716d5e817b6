"""H.264 in RTP: where pictures begin, and their bytes with start codes. Pure.

Sources: RFC 6184, 5.2 to 5.8 (single units, STAP-A, FU-A: packetization mode 1); ITU-T H.264, 7.4.1 and annex B.
"""

from collections.abc import Iterator

from server.media.transport.sps import picture_size

START = b"\x00\x00\x00\x01"
_KIND, _SINGLE_LAST = 0x1F, 23
_IDR, _SEI, _SPS, _PPS, _DELIMITER = 5, 6, 7, 8, 9
_STAP_A, _FU_A = 24, 28
_FU_START = 0x80
_FU_HEADERS = 2
PICTURE_MOST_BYTES = 8_000_000
"""More is no picture of anybody's camera, but somebody who never ends one."""
_LENGTH = 2
_BASELINE = 0x42


def starts_key_frame(payload: bytes) -> bool:
    """Say whether a key frame begins with this payload: its sequence parameters come first, alone or aggregated.

    An IDR picture without them is none: whoever joins there could not decode it.
    """
    if not payload:
        return False
    kind = payload[0] & _KIND
    return kind == _SPS or (kind == _STAP_A and any(unit[0] & _KIND == _SPS for unit in _aggregated(payload)))


def part_of_picture(payload: bytes) -> bytes:
    """Return the units in a payload, each with its start code; a fragment that goes on is returned as it is.

    Returns: empty when the payload is cut off, or of a kind that packetization mode 1 has not.
    """
    if not payload:
        return b""
    kind = payload[0] & _KIND
    if 1 <= kind <= _SINGLE_LAST:
        return START + payload
    if kind == _STAP_A:
        return b"".join(START + unit for unit in _aggregated(payload))
    if kind != _FU_A or len(payload) <= _FU_HEADERS:
        return b""
    if not payload[1] & _FU_START:
        return payload[_FU_HEADERS:]
    return START + bytes([payload[0] & ~_KIND | payload[1] & _KIND]) + payload[_FU_HEADERS:]


def goes_on(payload: bytes) -> bool:
    """Say whether a payload is a later fragment of a unit that began in another packet."""
    return len(payload) > 1 and payload[0] & _KIND == _FU_A and not payload[1] & _FU_START


def key_size(picture: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels when the picture is a key frame that decodes alone, else None.

    Args: picture: its units with start codes of four bytes.
    """
    if len(picture) <= len(START) or picture[len(START)] & _KIND not in {_SPS, _SEI, _DELIMITER}:
        return None
    units = {unit[0] & _KIND: unit for unit in picture.split(START) if unit}
    return picture_size(units[_SPS]) if units.keys() >= {_SPS, _PPS, _IDR} else None


def is_constrained_baseline(profile_level_id: str) -> bool:
    """Say whether an SDP's profile-level-id is of the one profile that every browser has (RFC 6184, 8.1, table 5)."""
    try:
        profile, limits, _level = bytes.fromhex(profile_level_id)
    except ValueError:
        return False
    bits = limits >> 4
    return (
        (profile == _BASELINE and bits & 0b0100 != 0)
        or (profile == 0x4D and bits & 0b1000 != 0)  # noqa: PLR2004  (the table's own numbers)
        or (profile == 0x58 and bits & 0b1100 == 0b1100)  # noqa: PLR2004
    )


def is_baseline(profile_level_id: str) -> bool:
    """Say whether an SDP's profile-level-id is of that profile, or of the wider one that nobody's encoder makes use of.

    FFmpeg writes 4200xx for every baseline, also for the constrained one of x264.
    """
    is_wide = len(profile_level_id) == 2 * 3 and profile_level_id.startswith(f"{_BASELINE:x}")
    return is_wide or is_constrained_baseline(profile_level_id)


class H264Pictures:
    """Pictures put together from the packets of one stream, which come in order and without holes."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._timestamp = 0
        self._bytes = 0
        self._marks = False
        """Whether the sender marks the ends of its pictures."""

    def breaks_off(self, payload: bytes, timestamp: int) -> bool:
        """Say whether this packet begins another picture before the last one had its end.

        Browsers throw away what still waits to be sent when they make a key frame, and count the packets on.
        """
        return bool(payload) and self._marks and bool(self._parts) and timestamp != self._timestamp

    def take(self, payload: bytes, timestamp: int, *, marker: bool) -> Iterator[tuple[bytes, int]]:
        """Yield what the packet completes, with its 32-bit timestamp.

        The marker ends a picture; another timestamp does where a sender sets none (RFC 6184, 5.1).
        """
        if self.breaks_off(payload, timestamp):
            self._parts.clear()
        elif self._parts and timestamp != self._timestamp:
            yield self._taken()
        part = part_of_picture(payload)
        if not part or (not self._parts and goes_on(payload)):
            return
        self._timestamp = timestamp
        self._parts.append(part)
        self._bytes = self._bytes + len(part) if len(self._parts) > 1 else len(part)
        if self._bytes > PICTURE_MOST_BYTES:
            self._parts.clear()
        elif marker:
            self._marks = True
            yield self._taken()

    def clear(self) -> None:
        """Forget a picture that was begun."""
        self._parts.clear()

    def _taken(self) -> tuple[bytes, int]:
        picture = b"".join(self._parts)
        self._parts.clear()
        return picture, self._timestamp


def _aggregated(payload: bytes) -> list[bytes]:
    """Return the units of a STAP-A, none when it is cut off inside one."""
    units = list[bytes]()
    at, size = 1, len(payload)
    while at < size:
        end = at + _LENGTH + int.from_bytes(payload[at : at + _LENGTH])
        if at + _LENGTH >= end or end > size:
            return []
        units.append(payload[at + _LENGTH : end])
        at = end
    return units
