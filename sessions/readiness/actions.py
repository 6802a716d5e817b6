"""What is done about the line before a session."""

from collections.abc import Collection
from uuid import UUID

from evidence.ledger.transaction import Transaction
from sessions.errors import NotAllowed
from sessions.readiness import events, rules, store
from sessions.readiness.records import LineTest
from sessions.readiness.rules import Way
from sessions.roster.access import Access, record, require
from sessions.roster.rules import Permission
from sessions.schedule import store as schedule
from sessions.schedule.actions import open_case
from sessions.tour.rules import check_session_ahead_or_live


async def state_line_test(
    tx: Transaction, access: Access, validation_session_id: UUID, *, tried: Collection[Way], worked: Collection[Way]
) -> LineTest:
    """Keep what a participant's page found, and state it unless the last test said the same a moment ago.

    Raises: NotAllowed for who has no seat in the room; WrongPhase when the session is over; ValidationNotFound.
    """
    require(access, Permission.ENTER_ROOM)
    if not access.listed:
        raise NotAllowed(permission=Permission.ENTER_ROOM.value, role=access.role.value)
    await open_case(tx, access)
    session = await schedule.lock_session(tx, access.validation_id, validation_session_id)
    check_session_ahead_or_live(session.state)
    test = LineTest(
        validation_session_id=session.id,
        participant_id=access.participant_id,
        worked=rules.in_order(worked),
        path=rules.best_of(worked),
        tested_at=tx.now,
    )
    last = await store.find_line_test(tx, session.id, access.participant_id)
    if last is not None and not rules.is_news(test.worked, last.worked, tx.now - last.tested_at):
        return last
    await store.keep_line_test(tx, test)
    tested = events.LineTested(
        validation_session_id=session.id,
        participant_id=access.participant_id,
        tried=rules.in_order(tried),
        worked=test.worked,
        path=test.path,
    )
    record(tx, access, tested)
    return test
