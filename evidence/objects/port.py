"""What the locker needs of an object store, and what its custodian needs, who alone locks and erases."""

from collections.abc import AsyncIterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from evidence.ids import Digest, ObjectKey
from evidence.records import Count, Instant, Record, Sha256Hex

CHUNK_BYTES = 1024 * 1024
"""Size of the pieces that stored bytes are read in."""


class Put(StrEnum):
    """What a put found."""

    CREATED = "created"
    ALREADY_THERE = "already_there"


class ObjectHead(Record):
    """What the store says of an object without reading it; only reading it back proves the digest."""

    bytes: Count
    digest: Sha256Hex


class ObjectStore(Protocol):
    """Write-once storage under content keys. Every call ends within its store's time-outs."""

    async def put_file(self, key: ObjectKey, path: Path, *, digest: Digest, media_type: str) -> Put:
        """Store the file's bytes unless the key has some already; durable when this returns.

        Args:
            key: made by `evidence.objects.keys`.
            path: file to read; it is left alone.
            digest: SHA-256 the bytes must have.
            media_type: kept with the object where the store can.

        Returns: ALREADY_THERE when an object of the same length was there. Of many racing puts one gets CREATED;
            two processes that go on with the same upload in parts may both.

        Raises: DigestMismatch, and then nothing is stored; ObjectConflict; StoreUnavailable.
        """
        ...

    def open_range(self, key: ObjectKey, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Iterate over the bytes from `start` up to, not including, `end` (None: to the last).

        Raises: ObjectMissing, StoreUnavailable, on the first step or a later one.
        """
        ...

    async def head(self, key: ObjectKey) -> ObjectHead:
        """Return length and declared digest. Raises: ObjectMissing, StoreUnavailable."""
        ...

    def list_keys(self, prefix: str) -> AsyncIterator[ObjectKey]:
        """Iterate over all keys that begin with `prefix`, a folder ending in a slash, each once."""
        ...

    async def clear_unfinished(self, before: datetime) -> int:
        """Remove what puts that never ended left behind before a moment; returns how many there were.

        An upload in parts is gone on with until then. Raises: StoreUnavailable.
        """
        ...


class Keeping(Record):
    """What the store keeps an object by, read back from it."""

    versions: tuple[str, ...]
    """Versions of the object, the newest first; a store without versions has one."""
    retain_until: Instant | None
    """No version goes before it; the earliest date of any version, None when one has none."""
    held: bool
    """Whether every version is under a legal hold."""


class CustodyStore(Protocol):
    """The lock of a store, in the hands of the worker's custodian key. Each call holds for every version of the key."""

    async def keeping(self, key: ObjectKey) -> Keeping:
        """Read back what an object is kept by. Raises: ObjectMissing, StoreForbids, StoreUnavailable."""
        ...

    async def retain(self, key: ObjectKey, until: datetime) -> None:
        """Keep an object until a moment at least; a later date that it has stays.

        Raises: ObjectMissing, StoreForbids, StoreUnavailable.
        """
        ...

    async def set_hold(self, key: ObjectKey, *, on: bool) -> None:
        """Put an object under a legal hold, or lift it. Raises: ObjectMissing, StoreForbids, StoreUnavailable."""
        ...

    async def erase(self, key: ObjectKey) -> int:
        """Erase every version of an object for good; returns how many there were, 0 when it had gone already.

        Raises: ObjectLocked, and then what is locked is still there; StoreForbids, StoreUnavailable.
        """
        ...
