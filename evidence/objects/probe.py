"""What a store really does, found by trying it: a header that was accepted is not a header that was honoured."""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from evidence.ids import Digest, ObjectKey
from evidence.objects.errors import DigestMismatch
from evidence.objects.keys import probe_key
from evidence.objects.port import CustodyStore, ObjectStore, Put
from evidence.records import Record


class LockProof(StrEnum):
    """What the store did when told to delete a version that is locked.

    BROKEN: it took the lock and deleted all the same. NOT_OFFERED: it knows no locks. NOT_PERMITTED: our key may not
    set one.
    """

    ENFORCED = "enforced"
    BROKEN = "broken"
    NOT_OFFERED = "not_offered"
    NOT_PERMITTED = "not_permitted"


class Durability(StrEnum):
    """Whether an acknowledged put outlives a power cut.

    SYNCED: it is on the disk first. IN_MEMORY: the folder lies in memory. NOT_ASKED: the store has no question for it.
    """

    SYNCED = "synced"
    IN_MEMORY = "in_memory"
    NOT_ASKED = "not_asked"


class StoreProof(Record):
    """What was proved of the store; everything not true here must be called policy, not a lock."""

    product: str
    """What the store calls itself."""
    conditional_put: bool
    checksum: bool
    ranges: bool
    retention: LockProof
    hold: LockProof
    durability: Durability

    @property
    def locks(self) -> bool:
        """Whether the store keeps what it is told to keep; without it nothing may be called sealed."""
        return self.retention is self.hold is LockProof.ENFORCED

    @property
    def lies(self) -> bool:
        """Whether it takes a lock without keeping it, which is worse than having none."""
        return LockProof.BROKEN in {self.retention, self.hold}


class ProvableStore(ObjectStore, Protocol):
    """A store that lets the probe past our own checks, so that the store's own ones show."""

    async def put_unchecked(self, key: ObjectKey, body: bytes, *, declared: Digest) -> Put:
        """Put as `put_file` does, with a digest that may be wrong. Raises: DigestMismatch when the store looked."""
        ...


class ProvableCustody(CustodyStore, Protocol):
    """A custodian that can show what its store's lock is worth."""

    async def prove_retention(self, key: ObjectKey, body: bytes, *, until: datetime) -> LockProof:
        """Put a canary under retention until the given time and try to delete that version."""
        ...

    async def prove_hold(self, key: ObjectKey, body: bytes) -> LockProof:
        """Put a canary under a legal hold, try to delete that version, lift the hold and delete it."""
        ...

    async def product(self) -> str:
        """Return what the store calls itself."""
        ...

    async def durability(self) -> Durability:
        """Say whether an acknowledged put is on the disk, where that can be asked."""
        ...


async def probe_store(store: ProvableStore, custody: ProvableCustody, *, now: datetime) -> StoreProof:
    """Try the store and return what it enforces.

    Leaves small canary objects under `probes/`, one of them locked for a minute.

    Args:
        store: with the key that everybody puts and reads with.
        custody: with the custodian's key.
        now: for the date of the lock.

    Raises: StoreUnavailable, StoreForbids, ObjectMissing when not even plain puts and reads work.
    """
    body = b"canary of the store probe\n"
    digest = Digest(hashlib.sha256(body).hexdigest())
    key = probe_key("conditional", digest)
    puts = [await store.put_unchecked(key, body, declared=digest) for _ in range(2)]
    piece = b"".join([chunk async for chunk in store.open_range(key, 3, 9)])
    return StoreProof(
        product=await custody.product(),
        conditional_put=puts[1] is Put.ALREADY_THERE,
        checksum=await _refuses_wrong_checksum(store, body),
        ranges=piece == body[3:9],
        retention=await custody.prove_retention(probe_key("lock", digest), body, until=now + timedelta(seconds=60)),
        hold=await custody.prove_hold(probe_key("hold", digest), body),
        durability=await custody.durability(),
    )


async def _refuses_wrong_checksum(store: ProvableStore, body: bytes) -> bool:
    wrong = Digest(hashlib.sha256(body + b"other").hexdigest())
    try:
        await store.put_unchecked(probe_key("checksum", wrong), body, declared=wrong)
    except DigestMismatch:
        return True
    return False
