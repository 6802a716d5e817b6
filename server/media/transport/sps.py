"""The picture's size in an H.264 sequence parameter set. Pure. Source: ITU-T H.264, 7.3.2.1.1 and 7.4.2.1.1."""

_HEAD_BYTES = 4
"""Unit header, profile, constraints and level."""
_WITH_CHROMA = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
"""Profiles whose set tells the chroma format."""
_LONGEST_CODE = 31
_BLOCK = 16
_SET_MOST_BYTES = 256
"""All that is read of a set; an encoder's has some 30 bytes."""
_SIDE_MOST = 16_384
"""Pixels; more is not a picture that anybody sends."""
_CYCLE_MOST = 255
_CHROMA_420, _CHROMA_444 = 1, 3


class _CutOff(ValueError):
    """The set ends before its size, or has values out of range."""


class _Bits:
    """Reads bits from the highest of the first byte on."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data)
        self._left = 8 * len(data)

    def take(self, count: int) -> int:
        """Return so many bits as a number. Raises: _CutOff."""
        if count > self._left:
            raise _CutOff
        self._left -= count
        return (self._value >> self._left) & ((1 << count) - 1)

    def code(self) -> int:
        """Return an unsigned Exp-Golomb code (9.1). Raises: _CutOff."""
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > _LONGEST_CODE:
                raise _CutOff
        return (1 << zeros) - 1 + self.take(zeros)


def picture_size(unit: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels as shown, cropping applied; None for a set that cannot be read.

    Args: unit: a NAL unit of type 7 without its start code. Sets with scaling matrices are not read.
    """
    try:
        width, height = _read(unit[:_SET_MOST_BYTES].replace(b"\x00\x00\x03", b"\x00\x00"))
    except _CutOff:
        return None
    return (width, height) if 0 < width <= _SIDE_MOST and 0 < height <= _SIDE_MOST else None


def _read(unit: bytes) -> tuple[int, int]:
    if len(unit) <= _HEAD_BYTES:
        raise _CutOff
    bits = _Bits(unit[_HEAD_BYTES:])
    bits.code()  # the set's id
    chroma = _chroma(bits) if unit[1] in _WITH_CHROMA else _CHROMA_420
    bits.code()  # length of frame numbers
    _skip_order(bits)
    bits.code()  # reference frames
    bits.take(1)
    across, down = bits.code() + 1, bits.code() + 1
    frames_only = bits.take(1)
    bits.take(1 if frames_only else 2)
    left, right, top, bottom = [bits.code() for _ in range(4)] if bits.take(1) else [0] * 4
    step_x = 2 if chroma in {1, 2} else 1
    step_y = (2 if chroma == _CHROMA_420 else 1) * (2 - frames_only)
    return (
        _BLOCK * across - step_x * (left + right),
        _BLOCK * down * (2 - frames_only) - step_y * (top + bottom),
    )


def _chroma(bits: _Bits) -> int:
    chroma = bits.code()
    if chroma == _CHROMA_444:
        bits.take(1)
    bits.code()
    bits.code()  # bit depths
    bits.take(1)
    if chroma > _CHROMA_444 or bits.take(1):
        raise _CutOff
    return chroma


def _skip_order(bits: _Bits) -> None:
    """Pass by what tells the order of output, of which there are three types."""
    order = bits.code()
    if order == 0:
        bits.code()
    elif order == 1:
        bits.take(1)
        bits.code()
        bits.code()
        count = bits.code()
        if count > _CYCLE_MOST:
            raise _CutOff
        for _ in range(count):
            bits.code()
