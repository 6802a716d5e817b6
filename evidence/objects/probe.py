"""What a store really does, found by trying it: a header that was accepted is not a header that was honoured."""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from evidence.ids import Digest, ObjectKey
from evidence.objects.errors import DigestMismatch
from evidence.objects.keys import probe_key
from evidence.objects.port import ObjectStore, Put
from evidence.records import Record


class LockProof(StrEnum):
    """What the store did when told to delete a version that is under retention."""

    ENFORCED = "enforced"
    BROKEN = "broken"
    NOT_OFFERED = "not_offered"
    NOT_PERMITTED = "not_permitted"


class StoreProof(Record):
    """What was proved of the store; everything not true here must be called policy, not a lock."""

    conditional_put: bool
    checksum: bool
    ranges: bool
    lock: LockProof


class ProvableStore(ObjectStore, Protocol):
    """A store that lets the probe past our own checks, so that the store's own ones show."""

    async def put_unchecked(self, key: ObjectKey, body: bytes, *, declared: Digest) -> Put:
        """Put as `put_file` does, with a digest that may be wrong. Raises: DigestMismatch when the store looked."""
        ...

    async def prove_lock(self, key: ObjectKey, body: bytes, *, until: datetime) -> LockProof:
        """Put a canary under retention until the given time and try to delete that version."""
        ...


async def probe_store(store: ProvableStore, *, now: datetime) -> StoreProof:
    """Try the store and return what it enforces.

    Leaves one small canary object under `probes/`, and one version of it a run where the store keeps versions.

    Raises: StoreUnavailable, ObjectMissing when not even plain puts and reads work.
    """
    body = b"canary of the store probe\n"
    digest = Digest(hashlib.sha256(body).hexdigest())
    key = probe_key("conditional", digest)
    puts = [await store.put_unchecked(key, body, declared=digest) for _ in range(2)]
    piece = b"".join([chunk async for chunk in store.open_range(key, 3, 9)])
    return StoreProof(
        conditional_put=puts[1] is Put.ALREADY_THERE,
        checksum=await _refuses_wrong_checksum(store, body),
        ranges=piece == body[3:9],
        lock=await store.prove_lock(probe_key("lock", digest), body, until=now + timedelta(seconds=60)),
    )


async def _refuses_wrong_checksum(store: ProvableStore, body: bytes) -> bool:
    wrong = Digest(hashlib.sha256(body + b"other").hexdigest())
    try:
        await store.put_unchecked(probe_key("checksum", wrong), body, declared=wrong)
    except DigestMismatch:
        return True
    return False
