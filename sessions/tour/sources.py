"""Sources: who may send and watch, and how a source opens, breaks, heals and closes."""

from uuid import UUID

from evidence.ids import SourceId, case_log
from evidence.ledger.events import Actor
from evidence.ledger.transaction import Transaction
from sessions.errors import NotAdmitted, SourceNotFound
from sessions.ids import ValidationSessionId
from sessions.roster.access import Access, record, require
from sessions.roster.rules import Permission
from sessions.schedule import store as schedule
from sessions.schedule.actions import open_case
from sessions.tour import events, rules, store
from sessions.tour.records import Source
from sessions.tour.rules import SourceKind, Standing

MEDIA = Actor(kind="system", id="media", name="Media process")
"""Who states what a line did by itself."""


async def check_source(tx: Transaction, access: Access, validation_session_id: UUID, kind: SourceKind) -> bool:
    """Say whether a source that this participant may open now would be recorded.

    Raises: NotAllowed; WrongPhase; ConsentMissing; NotAdmitted; ValidationNotFound.
    """
    require(access, rules.permission_to_send(kind))
    session = await schedule.get_session(tx, access.validation_id, validation_session_id)
    attendance = await store.find_attendance(tx, session.id, access.participant_id)
    consent = None if attendance is None else attendance.consent_recording
    rules.check_sending(session.state, Standing.INVITED if attendance is None else attendance.standing, consent)
    return rules.is_recorded(session_recording=session.recording, consent_recording=consent is True)


async def open_source(
    tx: Transaction, access: Access, validation_session_id: UUID, source_id: SourceId, kind: SourceKind
) -> bool:
    """State that a participant sends.

    Returns: whether it is recorded.
    Raises: as `check_source`; VersionConflict when the id is taken.
    """
    await open_case(tx, access)
    # Held, so that the end of the session or a removal in the same moment comes before or after, never between.
    session = await schedule.lock_session(tx, access.validation_id, validation_session_id)
    recorded = await check_source(tx, access, session.id, kind)
    source = Source(
        id=source_id,
        validation_id=access.validation_id,
        validation_session_id=session.id,
        participant_id=access.participant_id,
        kind=kind,
        recorded=recorded,
        opened_at=tx.now,
        closed_at=None,
    )
    await store.insert_source(tx, source)
    opened = events.SourceOpened(
        validation_session_id=session.id,
        source_id=source_id,
        participant_id=access.participant_id,
        kind=kind,
        recorded=recorded,
    )
    record(tx, access, opened)
    return recorded


async def check_viewer(tx: Transaction, access: Access, source: Source) -> None:
    """Refuse to show a source to who is not in the room.

    Raises: SourceNotFound when it is of another validation or closed; NotAllowed; WrongPhase; ConsentMissing;
        NotAdmitted.
    """
    if source.validation_id != access.validation_id or source.closed_at is not None:
        raise SourceNotFound
    require(access, Permission.ENTER_ROOM)
    session = await schedule.get_session(tx, access.validation_id, source.validation_session_id)
    attendance = await store.find_attendance(tx, session.id, access.participant_id)
    if attendance is None:
        raise NotAdmitted(standing=Standing.INVITED.value)
    rules.check_sending(session.state, attendance.standing, attendance.consent_recording)


async def own_source(tx: Transaction, access: Access, source_id: SourceId) -> Source:
    """Return one's own source, open or closed. Raises: SourceNotFound, also for a source of somebody else."""
    source = await store.get_source(tx, source_id)
    if source.validation_id != access.validation_id or source.participant_id != access.participant_id:
        raise SourceNotFound
    return source


async def own_camera(tx: Transaction, access: Access, source_id: SourceId) -> Source:
    """Return one's own open camera.

    Raises: NotAllowed; SourceNotFound, also for a source that is closed, somebody else's, or no camera.
    """
    require(access, Permission.PUBLISH_CAMERA)
    source = await own_source(tx, access, source_id)
    if source.closed_at is not None or source.kind is not SourceKind.CAMERA:
        raise SourceNotFound
    return source


async def set_photo_mode(tx: Transaction, access: Access, source_id: SourceId, *, on: bool) -> None:
    """State that one's own camera sends photos in place of its pictures from now on, or pictures again.

    Raises: as `own_camera`.
    """
    source = await own_camera(tx, access, source_id)
    event = events.PhotoModeStarted if on else events.PhotoModeStopped
    record(tx, access, event(validation_session_id=source.validation_session_id, source_id=source.id))


async def photo_viewers(tx: Transaction, access: Access, source_id: SourceId) -> tuple[Source, tuple[UUID, ...]]:
    """Return one's own camera, and who may see a photo of it now: all others in the room who gave their consent.

    Raises: as `own_camera` and `check_source`.
    """
    source = await own_camera(tx, access, source_id)
    await check_source(tx, access, source.validation_session_id, source.kind)
    others = await store.list_admitted(tx, source.validation_session_id)
    return source, tuple(one for one in others if one != access.participant_id)


async def close_own_source(tx: Transaction, access: Access, source_id: SourceId, *, reason: str) -> bool:
    """Close one's own source.

    Returns: whether it was open.
    Raises: SourceNotFound, also for a source of somebody else.
    """
    return await _close(tx, await own_source(tx, access, source_id), access.actor, reason)


async def close_source(tx: Transaction, source_id: SourceId, *, reason: str) -> bool:
    """Close a source because its line ended.

    Returns: whether it was open; the report of an end that was known already changes nothing.
    Raises: SourceNotFound.
    """
    return await _close(tx, await store.get_source(tx, source_id), MEDIA, reason)


async def close_sources(
    tx: Transaction,
    access: Access,
    validation_session_id: ValidationSessionId,
    *,
    participant_id: UUID | None = None,
    reason: str,
) -> None:
    """Close every open source of a session, or of one participant in it."""
    for source in await store.list_open_sources(tx, validation_session_id, participant_id=participant_id):
        await _close(tx, source, access.actor, reason)


async def _close(tx: Transaction, source: Source, actor: Actor, reason: str) -> bool:
    was_open = await store.set_source_closed(tx, source.id)
    if was_open:
        closed = events.SourceClosed(
            validation_session_id=source.validation_session_id, source_id=source.id, reason=reason
        )
        tx.record(case_log(source.validation_id), closed, actor)
    return was_open


async def interrupt_source(tx: Transaction, source_id: SourceId, *, reason: str) -> None:
    """State that the line of a source broke; passed over when the source is closed. Raises SourceNotFound."""
    source = await store.get_source(tx, source_id)
    if source.closed_at is None:
        broken = events.SourceInterrupted(
            validation_session_id=source.validation_session_id, source_id=source.id, reason=reason
        )
        tx.record(case_log(source.validation_id), broken, MEDIA)


async def resume_source(tx: Transaction, source_id: SourceId) -> None:
    """State that the line of a source is back; passed over when the source is closed. Raises SourceNotFound."""
    source = await store.get_source(tx, source_id)
    if source.closed_at is None:
        back = events.SourceResumed(validation_session_id=source.validation_session_id, source_id=source.id)
        tx.record(case_log(source.validation_id), back, MEDIA)
