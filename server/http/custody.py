"""How items are kept: hold, lift, release and dispose of one; and what the store's lock is worth."""

from enum import StrEnum

from pydantic import Field

from evidence import locker
from evidence.custody.store import StoredProof, get_proof
from evidence.ids import ItemId
from evidence.ledger.transaction import Transaction
from evidence.records import Instant, Record, Text
from server.http.items import EvidenceItem, ItemPath, find_item, view_item
from server.http.routing import Call, Operation, Who
from server.jobs.custody import ask_keeping, place_of, seals_now
from server.jobs.queue import enqueue
from sessions.roster.access import Access, require
from sessions.roster.rules import Permission


class Why(Record):
    """The reason that the entry states."""

    reason: Text = Field(min_length=1)


class Lock(StrEnum):
    """What the store's lock is worth.

    PROVED: a canary under it could not be deleted, not long ago. POLICY: the folder of this installation, which its
    owner can delete. BROKEN: the store takes locks and does not keep them. ABSENT: it has none, or we may not set it.
    UNPROVED: it was not tried, or too long ago.
    """

    PROVED = "proved"
    POLICY = "policy"
    BROKEN = "broken"
    ABSENT = "absent"
    UNPROVED = "unproved"


class StoreStanding(Record):
    """Whether items can be sealed, and by what."""

    seals: bool
    lock: Lock
    proved_at: Instant | None
    """When the store was last tried."""


async def hold_item(call: Call, *, path: ItemPath, body: Why) -> EvidenceItem:
    """Put an item under a legal hold: it can be neither released nor disposed of."""
    async with call.services.database.write() as tx:
        access = await _require(call, path, tx, Permission.HOLD)
        await locker.hold_item(tx, ItemId(path.item_id), access.actor, reason=body.reason)
        await ask_keeping(tx, ItemId(path.item_id))
        return await view_item(tx, path, access)


async def lift_hold(call: Call, *, path: ItemPath, body: Why) -> EvidenceItem:
    """Lift the legal hold of an item."""
    async with call.services.database.write() as tx:
        access = await _require(call, path, tx, Permission.HOLD)
        await locker.lift_hold(tx, ItemId(path.item_id), access.actor, reason=body.reason)
        await ask_keeping(tx, ItemId(path.item_id))
        return await view_item(tx, path, access)


async def release_item(call: Call, *, path: ItemPath, body: Why) -> EvidenceItem:
    """Let an item go that is not needed any more; its bytes stay until it is disposed of."""
    async with call.services.database.write() as tx:
        access = await _require(call, path, tx, Permission.DISPOSE)
        await locker.release_item(tx, ItemId(path.item_id), access.actor, reason=body.reason)
        return await view_item(tx, path, access)


async def dispose_item(call: Call, *, path: ItemPath, body: Why) -> EvidenceItem:
    """Order that the bytes of a released item be destroyed; nobody reads them from now on."""
    async with call.services.database.write() as tx:
        access = await _require(call, path, tx, Permission.DISPOSE)
        policy = call.services.settings.retention
        await locker.order_disposal(tx, ItemId(path.item_id), access.actor, reason=body.reason, policy=policy)
        await enqueue(tx, "dispose_item", {"item_id": str(path.item_id)})
        return await view_item(tx, path, access)


async def get_store(call: Call) -> StoreStanding:
    """Tell what the store's lock is worth, as the worker last found it."""
    settings = call.services.settings
    async with call.services.database.read() as tx:
        stored = await get_proof(tx, place_of(settings))
        seals = seals_now(stored, tx.now)
    lock = Lock.POLICY if settings.objects == "local" else _lock(stored, seals=seals)
    return StoreStanding(seals=seals, lock=lock, proved_at=None if stored is None else stored.proved_at)


def _lock(stored: StoredProof | None, *, seals: bool) -> Lock:
    if seals:
        return Lock.PROVED
    if stored is None or stored.proof.locks:
        return Lock.UNPROVED
    return Lock.BROKEN if stored.proof.lies else Lock.ABSENT


async def _require(call: Call, path: ItemPath, tx: Transaction, permission: Permission) -> Access:
    _, access = await find_item(call, path, tx)
    require(access, permission)
    return access


_ITEM = "/api/items/{item_id}"
OPERATIONS = (
    Operation("POST", f"{_ITEM}/hold", hold_item, "Put an item under a legal hold", who=Who.GOVERNMENT),
    Operation("POST", f"{_ITEM}/lift", lift_hold, "Lift a legal hold", who=Who.GOVERNMENT),
    Operation("POST", f"{_ITEM}/release", release_item, "Release an item", who=Who.GOVERNMENT),
    Operation("POST", f"{_ITEM}/disposal", dispose_item, "Order an item's disposal", who=Who.GOVERNMENT, status=202),
    Operation("GET", "/api/store", get_store, "What the store's lock is worth"),
)
