"""Rows of the second look. Nothing here commits."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select, update

from evidence.ledger.inserting import insert_once
from evidence.ledger.transaction import Transaction
from sessions.ids import CriterionId
from sessions.review import tables
from sessions.review.rules import Mark


async def put_mark(
    tx: Transaction,
    *,
    validation_id: UUID,
    criterion_id: CriterionId,
    answer_version: int,
    mark: Mark,
    note: str,
    by_name: str,
) -> None:
    """Set the mark on an answer; it takes the place of an earlier one."""
    table = tables.review_mark
    said: dict[str, object] = {
        "answer_version": answer_version,
        "mark": mark.value,
        "note": note,
        "by_name": by_name,
        "marked_at": tx.now,
    }
    if not await insert_once(tx, table, {"validation_id": validation_id, "criterion_id": criterion_id, **said}):
        here = (table.c.validation_id == validation_id) & (table.c.criterion_id == criterion_id)
        await tx.execute(update(table).where(here).values(**said))


async def list_marked(tx: Transaction, validation_id: UUID) -> Mapping[CriterionId, int]:
    """Return the version marked last on each criterion."""
    table = tables.review_mark
    query = select(table.c.criterion_id, table.c.answer_version).where(table.c.validation_id == validation_id)
    return {row["criterion_id"]: row["answer_version"] for row in (await tx.execute(query)).mappings()}


async def insert_signature(
    tx: Transaction, *, validation_id: UUID, participant_id: UUID, by_name: str, statement: str
) -> bool:
    """Insert the signature; returns False when there is one."""
    row: dict[str, object] = {
        "validation_id": validation_id,
        "participant_id": participant_id,
        "by_name": by_name,
        "statement": statement,
        "signed_at": tx.now,
    }
    return await insert_once(tx, tables.review_signature, row)


async def is_signed(tx: Transaction, validation_id: UUID) -> bool:
    """Say whether the review is signed."""
    table = tables.review_signature
    query = select(table.c.validation_id).where(table.c.validation_id == validation_id)
    return (await tx.execute(query)).first() is not None
