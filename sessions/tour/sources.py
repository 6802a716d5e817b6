"""Sources: who may send and watch, and how a source opens and closes."""

from uuid import UUID

from evidence.ids import SourceId, case_log
from evidence.ledger.events import Actor
from evidence.ledger.transaction import Transaction
from sessions.errors import NotAdmitted, SourceNotFound, TokenInUse
from sessions.ids import ValidationSessionId
from sessions.roster.access import Access, record, require
from sessions.roster.rules import Permission
from sessions.schedule import store as schedule
from sessions.schedule.actions import open_case
from sessions.tour import events, rules, store
from sessions.tour.interruptions import MEDIA, end_interruptions
from sessions.tour.records import Attendance, Feed, Source
from sessions.tour.rules import SourceKind, Standing


def own_feed(kind: SourceKind) -> Feed:
    """Return what a person's own page publishes."""
    return Feed(kind=kind, source_type=rules.type_of(kind))


async def check_source(tx: Transaction, access: Access, validation_session_id: UUID, feed: Feed) -> bool:
    """Say whether a source that this participant may open now would be recorded.

    Raises: NotAllowed; WrongPhase; ConsentMissing; NotAdmitted; ValidationNotFound; TokenInUse when the token of the
        feed sends already.
    """
    require(access, rules.permission_to_send(feed.kind))
    session = await schedule.get_session(tx, access.validation_id, validation_session_id)
    attendance = await store.find_attendance(tx, session.id, access.participant_id)
    consent = None if attendance is None else attendance.consent_recording
    rules.check_sending(session.state, Standing.INVITED if attendance is None else attendance.standing, consent)
    if feed.token_id is not None and await store.list_open_sources(tx, session.id, token_id=feed.token_id):
        raise TokenInUse
    return rules.is_recorded(session_recording=session.recording, consent_recording=consent is True)


async def codecs_of_source(
    tx: Transaction, access: Access, validation_session_id: UUID
) -> tuple[rules.VideoCodec, ...]:
    """Return the codecs that the pictures of this participant's next source may have, the best first."""
    inside = await store.list_inside(tx, validation_session_id)
    mine = [one.video_encodes for one in inside if one.participant_id == access.participant_id]
    others = [one.video_decodes for one in inside if one.participant_id != access.participant_id]
    return rules.video_codecs(mine[0] if mine else None, others)


async def close_for_newcomer(
    tx: Transaction, access: Access, attendance: Attendance, *, before: Attendance | None = None
) -> None:
    """Close what somebody who comes in might not be shown; its sender opens it anew in a codec that all have.

    Pages do so by themselves. A connection is never renegotiated, so the codec changes with a new one.

    Args:
        tx: the transaction.
        access: of whose act it is.
        attendance: of who comes in, with what their browser shows.
        before: the same as it was, of who was measured again; who is inside already changes nothing by saying it twice.
    """
    inside = await store.list_inside(tx, attendance.validation_session_id)
    others = [one.video_decodes for one in inside if one.participant_id != attendance.participant_id]
    was_inside = before is not None and before.standing is Standing.ADMITTED
    had_changed = before is not None and was_inside and rules.changes_codec(before.video_decodes, others)
    if had_changed or not rules.changes_codec(attendance.video_decodes, others):
        return
    for source in await store.list_open_sources(tx, attendance.validation_session_id):
        if source.kind is not SourceKind.MICROPHONE and source.participant_id != attendance.participant_id:
            await _close(tx, source, access.actor, "codec_changed")


async def open_source(
    tx: Transaction, access: Access, validation_session_id: UUID, source_id: SourceId, feed: Feed
) -> bool:
    """State that a participant sends.

    Returns: whether it is recorded.
    Raises: as `check_source`; VersionConflict when the id is taken.
    """
    await open_case(tx, access)
    # Held, so that the end of the session or a removal in the same moment comes before or after, never between.
    session = await schedule.lock_session(tx, access.validation_id, validation_session_id)
    recorded = await check_source(tx, access, session.id, feed)
    source = Source(
        id=source_id,
        validation_id=access.validation_id,
        validation_session_id=session.id,
        participant_id=access.participant_id,
        recorded=recorded,
        opened_at=tx.now,
        closed_at=None,
        **dict(feed),
    )
    await store.insert_source(tx, source)
    opened = events.SourceOpened(
        validation_session_id=session.id,
        source_id=source_id,
        participant_id=access.participant_id,
        recorded=recorded,
        **dict(feed),
    )
    record(tx, access, opened)
    return recorded


async def check_viewer(tx: Transaction, access: Access, source: Source) -> None:
    """Refuse to show a source to who is not in the room.

    Raises: SourceNotFound when it is of another validation or closed; as `check_seated`.
    """
    if source.validation_id != access.validation_id or source.closed_at is not None:
        raise SourceNotFound
    await check_seated(tx, access, source.validation_session_id)


async def check_seated(tx: Transaction, access: Access, validation_session_id: UUID) -> None:
    """Refuse who is not in the room.

    Raises: NotAllowed; WrongPhase; ConsentMissing; NotAdmitted; ValidationNotFound.
    """
    require(access, Permission.ENTER_ROOM)
    session = await schedule.get_session(tx, access.validation_id, validation_session_id)
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
    await check_source(tx, access, source.validation_session_id, own_feed(source.kind))
    inside = await store.list_inside(tx, source.validation_session_id)
    others = [one.participant_id for one in inside if one.consent_recording is not None]
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
    token_id: UUID | None = None,
    reason: str,
) -> None:
    """Close every open source of a session, or of one participant or media token in it.

    What was interrupted never ended; of a token it is stated when its maker's sources are closed.
    """
    if token_id is None:
        await end_interruptions(tx, access.actor, validation_session_id, participant_id=participant_id)
    for source in await store.list_open_sources(
        tx, validation_session_id, participant_id=participant_id, token_id=token_id
    ):
        await _close(tx, source, access.actor, reason)


async def _close(tx: Transaction, source: Source, actor: Actor, reason: str) -> bool:
    was_open = await store.set_source_closed(tx, source.id)
    if was_open:
        closed = events.SourceClosed(
            validation_session_id=source.validation_session_id, source_id=source.id, reason=reason
        )
        tx.record(case_log(source.validation_id), closed, actor)
    return was_open
