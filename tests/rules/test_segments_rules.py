"""The digest chain of a recording."""

import hashlib
from uuid import UUID

from evidence.ids import Digest, SourceId
from evidence.segments.rules import chain_next, chain_start

SOURCE = SourceId(UUID("01900000-0000-7000-8000-0000000000aa"))


def test_chain_is_what_the_custody_page_says() -> None:
    """Worked by hand: start = SHA-256(id); next = SHA-256(chain || index as 8 bytes || digest)."""
    start = hashlib.sha256(bytes.fromhex("019000000000700080000000000000aa")).digest()
    one = hashlib.sha256(b"segment").digest()
    expected = hashlib.sha256(start + b"\x00\x00\x00\x00\x00\x00\x00\x05" + one).hexdigest()
    assert chain_start(SOURCE) == start.hex()
    assert chain_next(chain_start(SOURCE), index=5, digest=Digest(one.hex())) == expected


def test_chain_differs_when_two_segments_change_places() -> None:
    a, b = (Digest(hashlib.sha256(name).hexdigest()) for name in (b"a", b"b"))
    start = chain_start(SOURCE)
    forth = chain_next(chain_next(start, index=0, digest=a), index=1, digest=b)
    back = chain_next(chain_next(start, index=0, digest=b), index=1, digest=a)
    jump = chain_next(chain_next(start, index=0, digest=a), index=2, digest=b)
    assert len({forth, back, jump}) == 3
