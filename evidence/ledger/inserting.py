"""An insert that reports a lost race instead of breaking the transaction, on both databases."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from evidence.ledger.transaction import Transaction


async def insert_once(tx: Transaction, table: Table, row: dict[str, object]) -> bool:
    """Insert the row unless a unique key of it is taken.

    Returns: whether it was inserted. On PostgreSQL a failed insert would end the whole transaction, so it is avoided,
    not caught; the answer comes after a concurrent writer of the same key has committed.
    """
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    done = await tx.execute(dialect.insert(table).values(row).on_conflict_do_nothing())
    return done.rowcount == 1
