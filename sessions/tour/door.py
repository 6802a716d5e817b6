"""The door of a live session: consent, lobby, admission, leaving and being put out."""

from collections.abc import Sequence
from uuid import UUID

from evidence.ledger.transaction import Transaction
from sessions.errors import NotAllowed
from sessions.ids import ParticipantId
from sessions.roster import store as roster
from sessions.roster.access import Access, record, require
from sessions.roster.records import Language
from sessions.roster.rules import Permission, admits_itself
from sessions.schedule import store as schedule
from sessions.schedule.actions import open_case
from sessions.schedule.records import ValidationSession
from sessions.tour import events, rules, store
from sessions.tour.records import Attendance
from sessions.tour.rules import Standing, VideoCodec
from sessions.tour.sources import close_for_newcomer, close_sources


async def _at_the_door(
    tx: Transaction, access: Access, validation_session_id: UUID
) -> tuple[ValidationSession, Attendance]:
    require(access, Permission.ENTER_ROOM)
    if not access.listed:
        # A supervisor looks in from outside; to sit in the room they are put on the roster like everybody else.
        raise NotAllowed(permission=Permission.ENTER_ROOM.value, role=access.role.value)
    await open_case(tx, access)
    session = await schedule.lock_session(tx, access.validation_id, validation_session_id)
    rules.check_session_ahead_or_live(session.state)
    return session, await store.lock_attendance(tx, session.id, access.participant_id)


async def give_consent(
    tx: Transaction, access: Access, validation_session_id: UUID, *, recording: bool, language: Language, text_id: str
) -> None:
    """Agree to take part in a session, and to be recorded or not.

    Who changes their mind about the recording closes their own open sources: what is recorded is fixed when a source
    opens.

    Raises: NotAllowed; WrongPhase; ValidationNotFound.
    """
    session, attendance = await _at_the_door(tx, access, validation_session_id)
    if attendance.consent_recording not in {None, recording}:
        await close_sources(tx, access, session.id, participant_id=access.participant_id, reason="consent_changed")
    await store.set_attendance(
        tx,
        attendance,
        consent_at=tx.now,
        consent_recording=recording,
        consent_language=language,
        consent_text_id=text_id,
    )
    consent = events.ConsentGiven(
        validation_session_id=session.id,
        participant_id=access.participant_id,
        recording=recording,
        language=language,
        text_id=text_id,
    )
    record(tx, access, consent)


async def enter_lobby(
    tx: Transaction,
    access: Access,
    validation_session_id: UUID,
    *,
    camera: bool,
    microphone: bool,
    user_agent_label: str,
    decodes: Sequence[VideoCodec] | None = None,
    encodes: Sequence[VideoCodec] | None = None,
) -> None:
    """Come to the door; who was admitted before, or holds the door, goes straight in.

    Args: decodes, encodes: codecs of pictures that the browser was measured to show and to send; None for not measured.

    Raises: NotAllowed; WrongPhase; ConsentMissing; ParticipantRemoved; ValidationNotFound.
    """
    session, attendance = await _at_the_door(tx, access, validation_session_id)
    rules.check_consent(attendance.consent_recording)
    standing = rules.standing_after_lobby(
        attendance.standing,
        was_admitted=attendance.admitted_at is not None,
        holds_door=admits_itself(access.role),
    )
    entered = events.LobbyEntered(
        validation_session_id=session.id,
        participant_id=access.participant_id,
        camera=camera,
        microphone=microphone,
        user_agent_label=user_agent_label,
    )
    record(tx, access, entered)
    measured = attendance.model_copy(update={"video_decodes": decodes, "video_encodes": encodes})
    codecs = {"video_decodes": decodes, "video_encodes": encodes}
    if standing is Standing.LOBBY:
        await store.set_attendance(tx, attendance, standing=standing.value, **codecs)
        return
    await close_for_newcomer(tx, access, measured, before=attendance)
    admitted_at = attendance.admitted_at or tx.now
    await store.set_attendance(tx, attendance, standing=standing.value, admitted_at=admitted_at, **codecs)
    admitted = events.ParticipantAdmitted(validation_session_id=session.id, participant_id=access.participant_id)
    record(tx, access, admitted)


async def admit_participant(tx: Transaction, access: Access, validation_session_id: UUID, participant_id: UUID) -> None:
    """Let a participant in who waits, left, or was removed.

    Raises: NotAllowed; WrongPhase; ConsentMissing; ParticipantNotFound; ValidationNotFound.
    """
    require(access, Permission.ADMIT)
    await open_case(tx, access)
    session = await schedule.lock_session(tx, access.validation_id, validation_session_id)
    rules.check_session_ahead_or_live(session.state)
    participant = await roster.get_participant(tx, access.validation_id, participant_id)
    attendance = await store.lock_attendance(tx, session.id, participant.id)
    rules.check_consent(attendance.consent_recording)
    rules.check_admission(attendance.standing)
    await close_for_newcomer(tx, access, attendance)
    await store.set_attendance(tx, attendance, standing=Standing.ADMITTED.value, admitted_at=tx.now)
    record(
        tx,
        access,
        events.ParticipantAdmitted(validation_session_id=session.id, participant_id=participant.id),
    )


async def remove_participant(
    tx: Transaction, access: Access, validation_session_id: UUID, participant_id: UUID, *, reason: str
) -> None:
    """Put a participant out of the session: their sources are closed, and only a new admission lets them back in.

    Raises: NotAllowed, also when it is oneself; WrongPhase; ParticipantNotFound; ValidationNotFound.
    """
    _check_may_put_out(access, participant_id)
    await open_case(tx, access)
    session = await schedule.lock_session(tx, access.validation_id, validation_session_id)
    rules.check_session_ahead_or_live(session.state)
    participant = await roster.get_participant(tx, access.validation_id, participant_id)
    await _put_out(tx, access, session, participant.id, reason=reason)


async def put_out(tx: Transaction, access: Access, validation_session_id: UUID, participant_id: UUID) -> None:
    """Put out a participant whose invitation was withdrawn, if they wait or are in; a right is taken in every phase.

    Raises: NotAllowed, also when it is oneself; ValidationNotFound.
    """
    attendance = await store.find_attendance(tx, validation_session_id, participant_id)
    if attendance is not None and attendance.standing in {Standing.LOBBY, Standing.ADMITTED}:
        _check_may_put_out(access, attendance.participant_id)
        session = await schedule.lock_session(tx, access.validation_id, validation_session_id)
        await _put_out(tx, access, session, attendance.participant_id, reason="Invitation withdrawn.")


def _check_may_put_out(access: Access, participant_id: UUID) -> None:
    require(access, Permission.ADMIT)
    if participant_id == access.participant_id:
        raise NotAllowed(permission=Permission.ADMIT.value, role=access.role.value)


async def _put_out(
    tx: Transaction, access: Access, session: ValidationSession, participant_id: ParticipantId, *, reason: str
) -> None:
    attendance = await store.lock_attendance(tx, session.id, participant_id)
    await close_sources(tx, access, session.id, participant_id=participant_id, reason="removed")
    await store.set_attendance(tx, attendance, standing=Standing.REMOVED.value, admitted_at=None, joined_at=None)
    removed = events.ParticipantRemoved(validation_session_id=session.id, participant_id=participant_id, reason=reason)
    record(tx, access, removed)


async def join_room(tx: Transaction, access: Access, validation_session_id: UUID) -> None:
    """State that an admitted participant is in the room; one who is there already is not stated again.

    Raises: NotAllowed; NotAdmitted; WrongPhase; ValidationNotFound.
    """
    session, attendance = await _at_the_door(tx, access, validation_session_id)
    rules.check_admitted(attendance.standing)
    if attendance.joined_at is not None:
        return
    await store.set_attendance(tx, attendance, joined_at=tx.now)
    record(tx, access, events.ParticipantJoined(validation_session_id=session.id, participant_id=access.participant_id))


async def leave_room(tx: Transaction, access: Access, validation_session_id: UUID, *, by_choice: bool = False) -> None:
    """State that a participant is out of the room; one who is not in it, is not stated.

    Args: by_choice: they went, so their sources are closed; else the line to their page broke, and their admission
        and their media, which have lines of their own, stay.
    Raises: NotAllowed; WrongPhase; ValidationNotFound.
    """
    session, attendance = await _at_the_door(tx, access, validation_session_id)
    waits_or_is_in = attendance.standing in {Standing.LOBBY, Standing.ADMITTED}
    if not (waits_or_is_in if by_choice else attendance.joined_at is not None):
        return
    if by_choice:
        await close_sources(tx, access, session.id, participant_id=access.participant_id, reason="left")
        await store.set_attendance(tx, attendance, standing=Standing.LEFT.value, joined_at=None)
    else:
        await store.set_attendance(tx, attendance, joined_at=None)
    left = events.ParticipantLeft(
        validation_session_id=session.id, participant_id=access.participant_id, by_choice=by_choice
    )
    record(tx, access, left)
