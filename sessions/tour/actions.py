"""The live walk: start and end, privacy, route, marks and stills; the door and the sources are beside it."""

from uuid import UUID

from evidence.ids import case_log
from evidence.ledger.transaction import Transaction
from sessions.errors import WrongPhase
from sessions.ids import CriterionId, StillId, StopId, ValidationSessionId
from sessions.roster.access import Access, record, require
from sessions.roster.rules import Permission
from sessions.schedule import store as schedule
from sessions.schedule.actions import open_case
from sessions.schedule.records import ValidationSession
from sessions.schedule.rules import SessionState, Step, after
from sessions.tour import events, rules, store
from sessions.tour.door import admit_participant, enter_lobby, give_consent, join_room, leave_room, remove_participant
from sessions.tour.interruptions import report_interruption
from sessions.tour.records import Still
from sessions.tour.rules import Standing, StillState
from sessions.tour.sources import (
    check_source,
    check_viewer,
    close_own_source,
    close_source,
    close_sources,
    open_source,
    set_photo_mode,
)

__all__ = [
    "add_stop",
    "admit_participant",
    "check_source",
    "check_viewer",
    "close_own_source",
    "close_source",
    "decline_still",
    "end_session",
    "enter_lobby",
    "give_consent",
    "join_room",
    "leave_room",
    "open_source",
    "open_stop",
    "remove_participant",
    "report_interruption",
    "request_still",
    "set_mark",
    "set_photo_mode",
    "start_privacy",
    "start_session",
    "stop_privacy",
    "take_still",
]


async def start_session(tx: Transaction, access: Access, validation_session_id: UUID) -> None:
    """Go live; one session of a validation at a time.

    Raises: NotAllowed; WrongPhase; ValidationNotFound.
    """
    require(access, Permission.RUN_SESSION)
    # The lock on the case keeps a second session from going live in the same moment.
    await schedule.lock_validation(tx, access.validation_id)
    await open_case(tx, access)
    session = await schedule.lock_session(tx, access.validation_id, validation_session_id)
    live = after(session.state, Step.START)
    if await schedule.has_live_session(tx, access.validation_id):
        raise WrongPhase(expected=SessionState.ENDED.value, actual=SessionState.LIVE.value)
    await schedule.set_session(tx, session, state=live.value, started_at=tx.now)
    record(tx, access, events.SessionStarted(validation_session_id=session.id))


async def end_session(tx: Transaction, access: Access, validation_session_id: UUID) -> None:
    """End a live session: every source is closed, and everybody has left.

    Raises: NotAllowed; WrongPhase; ValidationNotFound.
    """
    require(access, Permission.RUN_SESSION)
    session = await schedule.lock_session(tx, access.validation_id, validation_session_id)
    ended = after(session.state, Step.END)
    await close_sources(tx, access, session.id, reason="session_ended")
    room = await store.get_room(tx, session.id)
    if room.private_since is not None:
        await _make_public(tx, access, session.id)
    await store.empty_room(tx, session.id)
    await schedule.set_session(tx, session, state=ended.value, ended_at=tx.now)
    record(tx, access, events.SessionEnded(validation_session_id=session.id))


async def _live(
    tx: Transaction, access: Access, permission: Permission, validation_session_id: UUID
) -> ValidationSession:
    require(access, permission)
    await open_case(tx, access)
    session = await schedule.get_session(tx, access.validation_id, validation_session_id)
    rules.check_session_lives(session.state)
    return session


async def _seat(tx: Transaction, access: Access, session: ValidationSession) -> None:
    attendance = await store.find_attendance(tx, session.id, access.participant_id)
    rules.check_admitted(Standing.INVITED if attendance is None else attendance.standing)


async def check_may_hide(tx: Transaction, access: Access, validation_session_id: UUID) -> None:
    """Refuse who may not start 'show, do not store' now; raises as `start_privacy` but for PrivacyUnchanged."""
    session = await _live(tx, access, Permission.SET_PRIVACY, validation_session_id)
    attendance = await store.find_attendance(tx, session.id, access.participant_id)
    rules.check_admitted(Standing.INVITED if attendance is None else attendance.standing)


async def start_privacy(tx: Transaction, access: Access, validation_session_id: UUID, *, reason: str) -> None:
    """Show, do not store, for the whole room.

    Raises: NotAllowed; WrongPhase; NotAdmitted; PrivacyUnchanged; ValidationNotFound.
    """
    session = await _live(tx, access, Permission.SET_PRIVACY, validation_session_id)
    await _seat(tx, access, session)
    room = await store.get_room(tx, session.id)
    rules.check_privacy(is_on=room.private_since is not None, wanted=True)
    await store.set_room(tx, session.id, private_since=tx.now, private_by=access.name, private_reason=reason)
    record(tx, access, events.PrivacyStarted(validation_session_id=session.id, reason=reason))


async def stop_privacy(tx: Transaction, access: Access, validation_session_id: UUID) -> None:
    """Store again.

    Raises: NotAllowed; WrongPhase; NotAdmitted; PrivacyUnchanged; ValidationNotFound.
    """
    session = await _live(tx, access, Permission.SET_PRIVACY, validation_session_id)
    await _seat(tx, access, session)
    room = await store.get_room(tx, session.id)
    rules.check_privacy(is_on=room.private_since is not None, wanted=False)
    await _make_public(tx, access, session.id)


async def _make_public(tx: Transaction, access: Access, validation_session_id: ValidationSessionId) -> None:
    await store.set_room(tx, validation_session_id, private_since=None, private_by=None, private_reason=None)
    record(tx, access, events.PrivacyStopped(validation_session_id=validation_session_id))


async def add_stop(tx: Transaction, access: Access, validation_session_id: UUID, *, stop_id: StopId, name: str) -> None:
    """Add a stop at the end of the route, before the walk or on it.

    Raises: NotAllowed; WrongPhase; VersionConflict; ValidationNotFound.
    """
    require(access, Permission.GUIDE_TOUR)
    await open_case(tx, access)
    session = await schedule.get_session(tx, access.validation_id, validation_session_id)
    rules.check_session_ahead_or_live(session.state)
    order = await store.insert_stop(
        tx, stop_id=stop_id, validation_id=access.validation_id, validation_session_id=session.id, name=name
    )
    added = events.StopAdded(validation_session_id=session.id, stop_id=stop_id, name=name, order=order)
    record(tx, access, added)


async def open_stop(tx: Transaction, access: Access, validation_session_id: UUID, stop_id: StopId) -> None:
    """Be at a stop of the route; raises NotAllowed, WrongPhase, StopNotFound and ValidationNotFound."""
    session = await _live(tx, access, Permission.GUIDE_TOUR, validation_session_id)
    await store.check_stop(tx, access.validation_id, stop_id)
    await store.get_room(tx, session.id)
    await store.set_room(tx, session.id, open_stop_id=stop_id)
    record(tx, access, events.StopOpened(validation_session_id=session.id, stop_id=stop_id))


async def set_mark(
    tx: Transaction, access: Access, validation_session_id: UUID, *, label: str, criterion_id: CriterionId | None
) -> None:
    """Mark this moment at the stop that is open; raises NotAllowed, WrongPhase, NotAdmitted and ValidationNotFound."""
    session = await _live(tx, access, Permission.MARK, validation_session_id)
    await _seat(tx, access, session)
    room = await store.get_room(tx, session.id)
    mark = events.MarkSet(
        validation_session_id=session.id, label=label, criterion_id=criterion_id, stop_id=room.open_stop_id
    )
    record(tx, access, mark)


async def request_still(
    tx: Transaction,
    access: Access,
    validation_session_id: UUID,
    *,
    still_id: StillId,
    criterion_id: CriterionId | None,
    stop_id: StopId | None,
) -> None:
    """Ask for a picture of what the camera shows.

    Raises: NotAllowed; WrongPhase; PrivacyOn; StopNotFound; VersionConflict; ValidationNotFound.
    """
    session = await _live(tx, access, Permission.GUIDE_TOUR, validation_session_id)
    rules.check_storing((await store.get_room(tx, session.id)).private_since, tx.now)
    if stop_id is not None:
        await store.check_stop(tx, access.validation_id, stop_id)
    still = Still(
        id=still_id,
        validation_id=access.validation_id,
        validation_session_id=session.id,
        criterion_id=criterion_id,
        stop_id=stop_id,
        state=StillState.REQUESTED,
        requested_at=tx.now,
    )
    await store.insert_still(tx, still)
    requested = events.StillRequested(
        validation_session_id=session.id, still_id=still_id, criterion_id=criterion_id, stop_id=stop_id
    )
    record(tx, access, requested)


async def decline_still(tx: Transaction, access: Access, still_id: StillId, *, reason: str) -> None:
    """Say that the picture was not taken; raises NotAllowed, WrongPhase, StillNotFound and StillAnswered."""
    require(access, Permission.DECLINE_STILL)
    await open_case(tx, access)
    still = await store.lock_still(tx, access.validation_id, still_id)
    rules.check_still(still.state)
    await store.set_still(tx, still_id, state=StillState.DECLINED.value)
    declined = events.StillDeclined(validation_session_id=still.validation_session_id, still_id=still_id, reason=reason)
    tx.record(case_log(access.validation_id), declined, access.actor)


async def take_still(tx: Transaction, access: Access, still_id: StillId) -> None:
    """Note that the picture asked for is in the locker; the item's own entry says so in the ledger.

    A picture that comes after a refusal is kept all the same: the state says taken, and both entries stay.

    Raises: StillNotFound; StillAnswered when there is one already.
    """
    still = await store.lock_still(tx, access.validation_id, still_id)
    if still.state is StillState.TAKEN:
        rules.check_still(still.state)
    await store.set_still(tx, still_id, state=StillState.TAKEN.value)
