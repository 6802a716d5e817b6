"""Rows of views that are stated. Nothing here commits."""

from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite

from evidence.ledger.transaction import Transaction
from server.access_log.tables import access_view


async def insert_view(tx: Transaction, *, validation_id: UUID, participant_id: UUID, thing: str, span: int) -> bool:
    """Note a view of a thing in a span of time; returns False when it is noted already."""
    row = {"validation_id": validation_id, "participant_id": participant_id, "thing": thing, "span": span}
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    result = await tx.execute(dialect.insert(access_view).values(row).on_conflict_do_nothing())
    return result.rowcount > 0
