"""Reading what was encrypted with a key of its own, as long as that key is there."""

from collections.abc import Mapping

from sqlalchemy import select

from evidence.custody.errors import ItemDisposed
from evidence.custody.tables import evidence_key
from evidence.ids import CaseId, ObjectKey
from evidence.intake.reception import Intake
from evidence.items.rules import Item
from evidence.items.store import list_derivatives, list_derivatives_of
from evidence.items.tables import evidence_item
from evidence.ledger.transaction import Transaction
from evidence.objects.encryption import WrappedKey, unwrap_key

Keys = Mapping[ObjectKey, bytes]
"""Keys of encrypted objects by object; objects without one are not encrypted."""


async def keys_of_item(tx: Transaction, intake: Intake, item: Item) -> Keys:
    """Return the keys of an original and of what was made from it.

    Raises: ItemDisposed when its own key is destroyed; WrappingKeyWrong.
    """
    if not item.context.retention_class.own_key:
        return {}
    row = (await tx.execute(select(evidence_key.c.wrapped).where(evidence_key.c.item_id == item.id))).one_or_none()
    if row is None:
        raise ItemDisposed(item_id=str(item.id))
    key = _unwrapped(intake, row[0], item.object_key)
    made = [one.object_key for one in await list_derivatives_of(tx, item.id)]
    return {ObjectKey(name): key for name in (item.object_key, *made)}


async def keys_of_case(tx: Transaction, intake: Intake, case_id: CaseId) -> Keys:
    """Return the keys of all encrypted objects of a case whose keys are there. Raises: WrappingKeyWrong."""
    query = select(evidence_item.c.id, evidence_item.c.object_key, evidence_key.c.wrapped).join(
        evidence_key, evidence_key.c.item_id == evidence_item.c.id
    )
    rows = (await tx.execute(query.where(evidence_item.c.case_id == case_id))).mappings().all()
    of_items = {row["id"]: _unwrapped(intake, row["wrapped"], str(row["object_key"])) for row in rows}
    keys = {ObjectKey(str(row["object_key"])): of_items[row["id"]] for row in rows}
    for made in await list_derivatives(tx, case_id):
        if made.parent_id in of_items:
            keys[ObjectKey(made.object_key)] = of_items[made.parent_id]
    return keys


def _unwrapped(intake: Intake, wrapped: object, object_key: str) -> bytes:
    if not isinstance(wrapped, bytes):
        raise TypeError("a wrapped key is bytes")
    return unwrap_key(intake.wrapping, WrappedKey(wrapped), of=ObjectKey(object_key))
