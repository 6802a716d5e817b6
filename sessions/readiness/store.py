"""Rows of tests of the line. Nothing here commits."""

from uuid import UUID

from sqlalchemy import select, update

from evidence.ledger.inserting import insert_once
from evidence.ledger.transaction import Transaction
from sessions.readiness.records import LineTest
from sessions.readiness.tables import line_test


async def find_line_test(tx: Transaction, validation_session_id: UUID, participant_id: UUID) -> LineTest | None:
    """Return the last test of a participant for a session; None before the first."""
    query = select(line_test).where(
        line_test.c.validation_session_id == validation_session_id, line_test.c.participant_id == participant_id
    )
    row = (await tx.execute(query)).mappings().one_or_none()
    return None if row is None else LineTest.model_validate(dict(row))


async def keep_line_test(tx: Transaction, test: LineTest) -> None:
    """Keep a test in the place of the one before; the caller holds the session's row."""
    row = test.model_dump(mode="python") | {"worked": [way.value for way in test.worked]}
    if not await insert_once(tx, line_test, row):
        here = line_test.c.validation_session_id == test.validation_session_id
        mine = line_test.c.participant_id == test.participant_id
        await tx.execute(update(line_test).where(here, mine).values(row))
