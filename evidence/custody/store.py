"""Rows of the keeping of items. Nothing here commits."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, or_, select, update

from evidence.custody.errors import BytesErased
from evidence.custody.rules import GONE, Custody, stage_of
from evidence.custody.tables import evidence_custody, evidence_erasure, evidence_key, store_proof
from evidence.ids import CaseId, ItemId, ObjectKey
from evidence.items.errors import ItemNotFound
from evidence.items.rules import Item, ItemState
from evidence.items.tables import evidence_derivative, evidence_item
from evidence.ledger.inserting import insert_once
from evidence.ledger.transaction import Transaction
from evidence.objects.encryption import WrappedKey
from evidence.objects.probe import StoreProof
from evidence.records import Instant, Record
from evidence.segments.tables import lane, segment

CLOCKS_DIFFER = timedelta(minutes=2)
"""By how much the clocks of two processes may differ; bytes stored so shortly after an erasure are stored again."""


class Erasure(Record):
    """Bytes that go, or are gone. `erased_at` is None while a lock still keeps them."""

    object_key: str
    item_id: ItemId
    begun_at: Instant
    erased_at: Instant | None


class StoredProof(Record):
    """The last proof of a store."""

    store: str
    proof: StoreProof
    proved_at: Instant


async def lock_item(tx: Transaction, item_id: ItemId) -> Item:
    """Return the item and keep others from changing its keeping until this transaction ends. Raises: ItemNotFound."""
    rows = await tx.execute(select(evidence_item).where(evidence_item.c.id == item_id).with_for_update())
    row = rows.mappings().one_or_none()
    if row is None:
        raise ItemNotFound(item_id=str(item_id))
    return Item.model_validate(dict(row))


async def get_custody(tx: Transaction, item: Item) -> Custody:
    """Return the item's keeping, which begins with nothing."""
    rows = await tx.execute(select(evidence_custody).where(evidence_custody.c.item_id == item.id))
    row = rows.mappings().one_or_none()
    return Custody(item_id=item.id, case_id=item.case_id) if row is None else Custody.model_validate(dict(row))


async def is_gone(tx: Transaction, item: Item) -> bool:
    """Say whether an item's bytes are gone, or ordered away: nobody reads them, and nothing is made of them."""
    return stage_of(item.state, await get_custody(tx, item)) in GONE


async def list_custody(tx: Transaction, case_id: CaseId) -> dict[ItemId, Custody]:
    """Return what is known of the keeping of the case's items; those with nothing are left out."""
    rows = await tx.execute(select(evidence_custody).where(evidence_custody.c.case_id == case_id))
    found = [Custody.model_validate(dict(row)) for row in rows.mappings()]
    return {one.item_id: one for one in found}


async def save_custody(tx: Transaction, custody: Custody) -> None:
    """Write the item's keeping. Hold the item by `lock_item` before."""
    row = custody.model_dump(exclude={"ordered_by"})
    row["ordered_by"] = None if custody.ordered_by is None else custody.ordered_by.model_dump(mode="json")
    if not await insert_once(tx, evidence_custody, row):
        await tx.execute(update(evidence_custody).where(evidence_custody.c.item_id == custody.item_id).values(row))


async def insert_key(tx: Transaction, item_id: ItemId, wrapped: WrappedKey) -> None:
    """Keep the wrapped key that an item's bytes alone are encrypted with."""
    await tx.execute(insert(evidence_key).values(item_id=item_id, wrapped=wrapped))


async def destroy_key(tx: Transaction, item_id: ItemId) -> bool:
    """Destroy an item's own key; returns whether there was one."""
    return (await tx.execute(delete(evidence_key).where(evidence_key.c.item_id == item_id))).rowcount == 1


async def list_keyed(tx: Transaction, case_id: CaseId) -> frozenset[ItemId]:
    """Return the items of the case that have a key of their own."""
    query = select(evidence_key.c.item_id).join(evidence_item, evidence_item.c.id == evidence_key.c.item_id)
    rows = await tx.execute(query.where(evidence_item.c.case_id == case_id))
    return frozenset(ItemId(row["item_id"]) for row in rows.mappings())


async def list_kept(tx: Transaction, *, after: ItemId | None, limit: int) -> tuple[tuple[Item, Custody], ...]:
    """List filed and quarantined items that are not going, in the order of their ids, with their keeping."""
    query = select(evidence_item).where(
        evidence_item.c.state.in_([ItemState.FILED, ItemState.QUARANTINED]),
        ~exists().where(evidence_custody.c.item_id == evidence_item.c.id, evidence_custody.c.ordered_at.is_not(None)),
    )
    if after is not None:
        query = query.where(evidence_item.c.id > after)
    rows = await tx.execute(query.order_by(evidence_item.c.id).limit(limit))
    found = [Item.model_validate(dict(row)) for row in rows.mappings()]
    return tuple([(item, await get_custody(tx, item)) for item in found])


async def list_sharers(tx: Transaction, key: ObjectKey) -> tuple[tuple[Item, Custody], ...]:
    """List the items whose original, or something made from it, has these bytes; those that are going are left out."""
    of_derivatives = select(evidence_derivative.c.parent_id).where(evidence_derivative.c.object_key == key)
    query = select(evidence_item).where(
        or_(evidence_item.c.object_key == key, evidence_item.c.id.in_(of_derivatives)), stays(evidence_item.c.id)
    )
    found = [Item.model_validate(dict(row)) for row in (await tx.execute(query)).mappings()]
    return tuple([(item, await get_custody(tx, item)) for item in found])


def stays(item_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Return the condition that an item is not ordered away."""
    going = and_(evidence_custody.c.item_id == item_id, evidence_custody.c.ordered_at.is_not(None))
    return ~exists().where(going)


async def is_recorded(tx: Transaction, key: ObjectKey) -> bool:
    """Say whether a recording has these bytes."""
    for table in (segment, lane):
        named = select(table.c.object_key).where(table.c.object_key == key).limit(1)
        if (await tx.execute(named)).first() is not None:
            return True
    return False


async def lock_bytes(tx: Transaction, key: ObjectKey) -> None:
    """Keep others from naming or erasing these bytes until this transaction ends; SQLite has one writer anyway."""
    if tx.connection.dialect.name == "postgresql":
        await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


async def require_kept(tx: Transaction, key: ObjectKey, *, stored_at: datetime) -> None:
    """Refuse to name bytes that are being erased, or were erased after they had been stored.

    Args:
        tx: the transaction that names them.
        key: of the bytes.
        stored_at: when the store was asked to take them.

    Raises: BytesErased.
    """
    await lock_bytes(tx, key)
    erasure = await find_erasure(tx, key)
    if erasure is None or (erasure.erased_at is not None and erasure.erased_at + CLOCKS_DIFFER < stored_at):
        return
    raise BytesErased(key=key)


async def find_erasure(tx: Transaction, key: ObjectKey) -> Erasure | None:
    """Return what is known of an erasure of these bytes."""
    rows = await tx.execute(select(evidence_erasure).where(evidence_erasure.c.object_key == key))
    row = rows.mappings().one_or_none()
    return None if row is None else Erasure.model_validate(dict(row))


async def list_erasures(tx: Transaction) -> tuple[Erasure, ...]:
    """List the erasures that were begun."""
    query = select(evidence_erasure).order_by(evidence_erasure.c.object_key)
    return tuple(Erasure.model_validate(dict(row)) for row in (await tx.execute(query)).mappings())


async def begin_erasure(tx: Transaction, key: ObjectKey, item_id: ItemId) -> None:
    """State that bytes are going. Hold them by `lock_bytes` before."""
    row: dict[str, object] = {"object_key": key, "item_id": item_id, "begun_at": tx.now, "erased_at": None}
    if not await insert_once(tx, evidence_erasure, row):
        await tx.execute(update(evidence_erasure).where(evidence_erasure.c.object_key == key).values(row))


async def set_erased(tx: Transaction, key: ObjectKey) -> None:
    """State that bytes are gone."""
    await tx.execute(update(evidence_erasure).where(evidence_erasure.c.object_key == key).values(erased_at=tx.now))


async def get_proof(tx: Transaction, store: str) -> StoredProof | None:
    """Return the last proof of a store, None when it was never probed."""
    row = (await tx.execute(select(store_proof).where(store_proof.c.store == store))).mappings().one_or_none()
    return None if row is None else StoredProof.model_validate(dict(row))


async def save_proof(tx: Transaction, store: str, proof: StoreProof) -> None:
    """Write the newest proof of a store."""
    row: dict[str, object] = {"store": store, "proof": proof.model_dump(mode="json"), "proved_at": tx.now}
    changed = await tx.execute(update(store_proof).where(store_proof.c.store == store).values(row))
    if changed.rowcount == 0:
        await tx.execute(insert(store_proof).values(row))
