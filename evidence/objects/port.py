"""What the locker needs of an object store. Nothing here deletes: disposal is a later, separate door."""

from collections.abc import AsyncIterator
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from evidence.ids import Digest, ObjectKey
from evidence.records import Count, Record, Sha256Hex

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

        Returns: ALREADY_THERE when an object of the same length was there; of many racing puts one gets CREATED.
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
