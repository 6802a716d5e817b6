"""Rows of views that are stated. Nothing here commits."""

from uuid import UUID

from evidence.ledger.inserting import insert_once
from evidence.ledger.transaction import Transaction
from server.access_log.tables import access_view


async def insert_view(tx: Transaction, *, validation_id: UUID, participant_id: UUID, thing: str, span: int) -> bool:
    """Note a view of a thing in a span of time; returns False when it is noted already."""
    row = {"validation_id": validation_id, "participant_id": participant_id, "thing": thing, "span": span}
    return await insert_once(tx, access_view, row)
