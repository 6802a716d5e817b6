"""Rows of items. Nothing here commits."""

from sqlalchemy import insert, select, update

from evidence.ids import CaseId, ItemId
from evidence.items.errors import ItemNotFound
from evidence.items.rules import Derivative, DerivativeKind, Item, ItemState
from evidence.items.tables import evidence_derivative, evidence_item
from evidence.ledger.transaction import Transaction

_AS_JSON = {"context", "claims", "facts"}


async def insert_item(tx: Transaction, item: Item) -> None:
    """Insert a new item."""
    columns = item.model_dump(exclude=_AS_JSON) | item.model_dump(mode="json", include=_AS_JSON)
    await tx.execute(insert(evidence_item).values(columns))


async def get_item(tx: Transaction, item_id: ItemId) -> Item:
    """Return the item. Raises: ItemNotFound."""
    rows = await tx.execute(select(evidence_item).where(evidence_item.c.id == item_id))
    row = rows.mappings().one_or_none()
    if row is None:
        raise ItemNotFound(item_id=str(item_id))
    return Item.model_validate(dict(row))


async def list_items(tx: Transaction, case_id: CaseId) -> tuple[Item, ...]:
    """List all items of the case in the order they arrived, quarantined ones too."""
    rows = await tx.execute(
        select(evidence_item)
        .where(evidence_item.c.case_id == case_id)
        .order_by(evidence_item.c.admitted_at, evidence_item.c.id)
    )
    return tuple(Item.model_validate(dict(row)) for row in rows.mappings())


async def set_item_filed(tx: Transaction, item_id: ItemId) -> bool:
    """Turn an admitted item into a filed one; returns whether it was admitted until now."""
    done = await tx.execute(
        update(evidence_item)
        .where(evidence_item.c.id == item_id, evidence_item.c.state == ItemState.ADMITTED)
        .values(state=ItemState.FILED, filed_at=tx.now)
    )
    return done.rowcount == 1


async def set_item_isolated(tx: Transaction, item_id: ItemId, reason: str) -> bool:
    """Turn an item that was admitted into a quarantined one where its bytes are; returns whether it was not before."""
    done = await tx.execute(
        update(evidence_item)
        .where(evidence_item.c.id == item_id, evidence_item.c.state != ItemState.QUARANTINED)
        .values(state=ItemState.QUARANTINED, reason=reason)
    )
    return done.rowcount == 1


async def insert_derivative(tx: Transaction, derivative: Derivative) -> None:
    """Insert a new derivative; an original has one of each kind."""
    await tx.execute(insert(evidence_derivative).values(derivative.model_dump()))


async def get_derivative(tx: Transaction, parent_id: ItemId, kind: DerivativeKind) -> Derivative | None:
    """Return the derivative of this kind, None while it is not made."""
    rows = await tx.execute(
        select(evidence_derivative).where(
            evidence_derivative.c.parent_id == parent_id, evidence_derivative.c.kind == kind
        )
    )
    row = rows.mappings().one_or_none()
    return None if row is None else Derivative.model_validate(dict(row))


async def list_derivatives_of(tx: Transaction, parent_id: ItemId) -> tuple[Derivative, ...]:
    """List what was made from an original, in the order it was made."""
    rows = await tx.execute(
        select(evidence_derivative)
        .where(evidence_derivative.c.parent_id == parent_id)
        .order_by(evidence_derivative.c.made_at, evidence_derivative.c.id)
    )
    return tuple(Derivative.model_validate(dict(row)) for row in rows.mappings())


async def list_derivatives(tx: Transaction, case_id: CaseId) -> tuple[Derivative, ...]:
    """List all derivatives of the case in the order they were made."""
    rows = await tx.execute(
        select(evidence_derivative)
        .where(evidence_derivative.c.case_id == case_id)
        .order_by(evidence_derivative.c.made_at, evidence_derivative.c.id)
    )
    return tuple(Derivative.model_validate(dict(row)) for row in rows.mappings())
