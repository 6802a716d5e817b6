"""Interruptions: what page and media process say of one becomes one entry, written when it is known.

Whoever touches one holds the row of its session first (`lock_session`, `lock_sessions`), so that what is read of it is
what is stated, and nobody waits in a circle.
"""

from datetime import datetime
from uuid import UUID

from evidence.ids import SourceId, case_log, uuid7
from evidence.ledger.events import Actor
from evidence.ledger.transaction import Transaction
from sessions.errors import InterruptionOpen, SourceNotFound
from sessions.ids import InterruptionId
from sessions.roster.access import Access, require
from sessions.roster.rules import Permission
from sessions.schedule import store as schedule
from sessions.schedule.actions import open_case
from sessions.schedule.rules import SessionState
from sessions.tour import events, store
from sessions.tour import interruption_rules as rules
from sessions.tour import interruption_store as rows
from sessions.tour.interruption_rules import Interruption, InterruptionCause, Stretch
from sessions.tour.records import Source

MEDIA = Actor(kind="system", id="media", name="Media process")
"""Who states what a line did by itself."""


async def report_interruption(
    tx: Transaction,
    access: Access,
    source_id: SourceId,
    *,
    claim_id: InterruptionId,
    cause: InterruptionCause,
    claimed: Stretch,
) -> None:
    """Take a page's word that its own source is interrupted, or was.

    Said without an end it is state, with one it is over; said again it changes nothing. A page that was away says so
    when it comes back, also after the session; then only of what is over.

    Raises: NotAllowed; WrongPhase when the case is closed; SourceNotFound, also for a source of somebody else;
        InterruptionOpen when it goes on, and another of this cause too: its end will be taken all the same.
    """
    require(access, Permission.SPEAK)
    await open_case(tx, access)
    source = await store.get_source(tx, source_id)
    if source.validation_id != access.validation_id or source.participant_id != access.participant_id:
        raise SourceNotFound
    stretch = rules.fitted(claimed, opened_at=source.opened_at, now=tx.now)
    session = await schedule.lock_session(tx, access.validation_id, source.validation_session_id)
    row = await rows.lock_claimed(tx, source_id, claim_id)
    if row is None:
        if stretch.end is None and session.state is not SessionState.LIVE:
            return
        await _check_alone(tx, source_id, claim_id, cause, stretch)
        row = await _claim(tx, source, claim_id, cause, stretch)
    elif row.stated_at is None and row.page_until is None:
        await _check_alone(tx, source_id, claim_id, cause, stretch)
        row = row.model_copy(update={"cause": cause, "page_until": stretch.end, "touched_at": tx.now})
        await rows.set_interruption(tx, row.id, cause=cause.value, page_until=stretch.end)
    if row is not None and rules.is_due(row, tx.now):
        await _state_unless_known(tx, row, stretch, access.actor)


async def _check_alone(
    tx: Transaction, source_id: SourceId, claim_id: InterruptionId, cause: InterruptionCause, stretch: Stretch
) -> None:
    """Refuse a second claim that goes on: everybody in the room is told all of them, so there is an end to them."""
    if stretch.end is None and await rows.has_other_claim_open(tx, source_id, cause, claim_id=claim_id):
        raise InterruptionOpen(cause=cause.value)


async def _state_unless_known(tx: Transaction, row: Interruption, claimed: Stretch, actor: Actor) -> None:
    """State a claim that is over, unless it came so late that the media process's own word of it is stated."""
    others = await rows.list_of_source(tx, row.source_id) if rules.is_loss(row.cause) else ()
    if any(one.stated_at is not None and rules.is_covered(one, claimed, tx.now) for one in others):
        await rows.claim_statement(tx, row.id)
    else:
        await _state(tx, row, actor)


async def _claim(
    tx: Transaction, source: Source, claim_id: InterruptionId, cause: InterruptionCause, stretch: Stretch
) -> Interruption | None:
    """Join the claim to what the media process saw, or begin with it; None when another page took the id."""
    for row in await rows.list_of_source(tx, source.id) if rules.is_loss(cause) else ():
        if row.stated_at is None and row.claim_id is None and rules.is_same(row, stretch):
            changes = {"claim_id": claim_id, "cause": cause, "page_from": stretch.start, "page_until": stretch.end}
            await rows.set_interruption(tx, row.id, **changes)
            return row.model_copy(update=changes | {"touched_at": tx.now})
    fresh = _fresh(tx, source, InterruptionId(uuid7()), cause).model_copy(
        update={"claim_id": claim_id, "page_from": stretch.start, "page_until": stretch.end}
    )
    return fresh if await rows.insert_interruption(tx, fresh) else None


def _fresh(tx: Transaction, source: Source, row_id: InterruptionId, cause: InterruptionCause) -> Interruption:
    return Interruption(
        id=row_id,
        claim_id=None,
        validation_id=source.validation_id,
        validation_session_id=source.validation_session_id,
        source_id=source.id,
        participant_id=source.participant_id,
        cause=cause,
        page_from=None,
        page_until=None,
        media_from=None,
        media_until=None,
        resumed=False,
        touched_at=tx.now,
        stated_at=None,
    )


async def interrupt_source(tx: Transaction, source_id: SourceId, since: datetime, report_id: UUID) -> None:
    """Take the media process's word that nothing arrives; passed over when the source is closed.

    Args: report_id: the same for the same fact, however often it is read.
    Raises: SourceNotFound.
    """
    source = await store.get_source(tx, source_id)
    if source.closed_at is not None:
        return
    known = await rows.list_of_source(tx, source_id)
    if any(row.media_from == since for row in known):
        return  # the same fact, written again after a crash
    for row in known:
        if row.stated_at is None and row.media_from is None and rules.is_same(row, Stretch(since, None)):
            await rows.set_interruption(tx, row.id, media_from=since)
            return
    fresh = _fresh(tx, source, InterruptionId(report_id), InterruptionCause.NETWORK)
    await rows.insert_interruption(tx, fresh.model_copy(update={"media_from": since}))


async def resume_source(tx: Transaction, source_id: SourceId, at: datetime) -> None:
    """Take the media process's word that frames arrive again since `at`."""
    for row in await rows.list_of_source(tx, source_id):
        if row.stated_at is None and row.media_from is not None and row.media_until is None:
            await rows.set_interruption(tx, row.id, media_until=at)


async def follow_source(tx: Transaction, source_id: SourceId, at: datetime) -> None:
    """End what was interrupted before a source of the same kind and participant, or equipment, began to send at `at`.

    A page that cannot heal its connection opens another, so what one source began the next one ends.

    Raises: SourceNotFound.
    """
    source = await store.get_source(tx, source_id)
    before = await rows.list_before(tx, source.validation_session_id, source.participant_id, source.kind, later=source)
    for row in before:
        if not row.resumed:
            await rows.set_interruption(tx, row.id, resumed=True, media_until=row.media_until or at)


async def settle_interruptions(tx: Transaction) -> None:
    """State everything that is due."""
    due = {row.validation_session_id for row in await rows.list_unstated(tx) if rules.is_due(row, tx.now)}
    if not due:
        return
    await schedule.lock_sessions(tx, due)
    # Read anew: until the sessions were held, somebody may have said more, or stated it.
    for row in await rows.list_unstated(tx):
        if row.validation_session_id in due and rules.is_due(row, tx.now):
            await _state(tx, row, MEDIA)


async def end_interruptions(
    tx: Transaction, actor: Actor, validation_session_id: UUID, *, participant_id: UUID | None
) -> None:
    """State what is left when the sources of a session, or of one participant in it, are closed for good."""
    found = await rows.list_unstated(tx, validation_session_id=validation_session_id, participant_id=participant_id)
    for row in found:
        # Nothing can follow, so what is still silent is part of what is stated here.
        await _state(tx, row.model_copy(update={"resumed": True}), actor)


async def _state(tx: Transaction, row: Interruption, actor: Actor) -> None:
    if not await rows.claim_statement(tx, row.id):
        return
    (start, end), reported_by = rules.outcome(row)
    stated = events.InterruptionStated(
        validation_session_id=row.validation_session_id,
        interruption_id=row.id,
        source_id=row.source_id,
        cause=row.cause,
        started_at=start,
        ended_at=end,
        reported_by=reported_by,
        silent_from=row.media_from,
        silent_until=row.media_until,
    )
    tx.record(case_log(row.validation_id), stated, actor)
    left = rules.silence_left(row)
    if left is not None:
        source = await store.get_source(tx, row.source_id)
        fresh = _fresh(tx, source, InterruptionId(uuid7()), InterruptionCause.NETWORK)
        await rows.insert_interruption(tx, fresh.model_copy(update={"media_from": left}))
