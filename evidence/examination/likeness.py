"""The 256-bit hash of a picture in 16 bands of 16 bits, so that a database finds what is near by equality alone.

Two hashes that differ in at most 15 bits agree in at least one of 16 bands (one bit a band is the most that 15 can
spoil), so looking for equal bands misses none of them.
"""

from collections.abc import Sequence
from typing import Final

BANDS: Final = 16
SIDE: Final = 16


def bands_of(digest: str) -> tuple[int, ...]:
    """Return the bands of a hash of 64 hexadecimal digits, each 0 to 65535.

    A band takes one bit of each row and of each column: a sky or a wall fills a part of every band, and no band whole,
    or every picture with a sky would be a candidate for every other.
    """
    bits = int(digest, 16)
    bands = [0] * BANDS
    for row in range(SIDE):
        line = bits >> SIDE * (SIDE - 1 - row) & 0xFFFF
        for column in range(SIDE):
            band = (column - row) % BANDS
            bands[band] = bands[band] << 1 | line >> SIDE - 1 - column & 1
    return tuple(bands)


def distance(one: Sequence[int], other: Sequence[int]) -> int:
    """Return in how many of 256 bits two hashes differ, from their bands."""
    return sum((mine ^ theirs).bit_count() for mine, theirs in zip(one, other, strict=True))
