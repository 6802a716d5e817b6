"""Fold of the live walk."""

from evidence.ledger.events import Entry
from sessions.ids import ParticipantId, ValidationSessionId
from sessions.schedule.rules import SessionState
from sessions.state.folding import actor_of, step, with_changes
from sessions.state.records import (
    CaseConsent,
    CaseInterruption,
    CaseMark,
    CaseParticipant,
    CasePrivacy,
    CaseSource,
    CaseState,
    CaseStill,
    CaseStop,
)
from sessions.tour import events
from sessions.tour.rules import Standing, StillState, type_of


def _started(state: CaseState, event: events.SessionStarted, entry: Entry) -> CaseState:
    sessions = with_changes(state.sessions, event.validation_session_id, state=SessionState.LIVE, started_at=entry.at)
    return state.model_copy(update={"sessions": sessions})


def _ended(state: CaseState, event: events.SessionEnded, entry: Entry) -> CaseState:
    ended = event.validation_session_id
    waiting_or_in = {Standing.LOBBY, Standing.ADMITTED}
    participants = {
        key: one.model_copy(update={"standing": Standing.LEFT, "present": False})
        if one.validation_session_id == ended and one.standing in waiting_or_in
        else one
        for key, one in state.participants.items()
    }
    sources = {
        key: one.model_copy(update={"open": False, "photo_mode": False}) if one.validation_session_id == ended else one
        for key, one in state.sources.items()
    }
    sessions = with_changes(state.sessions, ended, state=SessionState.ENDED, ended_at=entry.at, privacy=None)
    return state.model_copy(update={"sessions": sessions, "participants": participants, "sources": sources})


def _with_participant(
    state: CaseState, key: ParticipantId, session_id: ValidationSessionId, **changes: object
) -> CaseState:
    known = state.participants.get(key)
    if known is None:
        return state
    if known.validation_session_id != session_id:
        # Standing and consent are given for one session and do not follow a person into the next.
        known = CaseParticipant(
            id=known.id,
            name=known.name,
            role=known.role,
            side=known.side,
            language=known.language,
            validation_session_id=session_id,
        )
    return state.model_copy(update={"participants": {**state.participants, key: known.model_copy(update=changes)}})


def _consented(state: CaseState, event: events.ConsentGiven, entry: Entry) -> CaseState:
    consent = CaseConsent(recording=event.recording, language=event.language, at=entry.at)
    return _with_participant(state, event.participant_id, event.validation_session_id, consent=consent)


def _in_lobby(state: CaseState, event: events.LobbyEntered, _entry: Entry) -> CaseState:
    return _with_participant(
        state,
        event.participant_id,
        event.validation_session_id,
        standing=Standing.LOBBY,
        camera=event.camera,
        microphone=event.microphone,
    )


def _admitted(state: CaseState, event: events.ParticipantAdmitted, _entry: Entry) -> CaseState:
    return _with_participant(state, event.participant_id, event.validation_session_id, standing=Standing.ADMITTED)


def _removed(state: CaseState, event: events.ParticipantRemoved, _entry: Entry) -> CaseState:
    return _with_participant(
        state, event.participant_id, event.validation_session_id, standing=Standing.REMOVED, present=False
    )


def _joined(state: CaseState, event: events.ParticipantJoined, _entry: Entry) -> CaseState:
    return _with_participant(state, event.participant_id, event.validation_session_id, present=True)


def _left(state: CaseState, event: events.ParticipantLeft, _entry: Entry) -> CaseState:
    if event.by_choice:
        return _with_participant(
            state, event.participant_id, event.validation_session_id, standing=Standing.LEFT, present=False
        )
    return _with_participant(state, event.participant_id, event.validation_session_id, present=False)


def _private(state: CaseState, event: events.PrivacyStarted, entry: Entry) -> CaseState:
    privacy = CasePrivacy(since=entry.at, by=actor_of(entry).name, reason=event.reason)
    sessions = with_changes(state.sessions, event.validation_session_id, privacy=privacy)
    return state.model_copy(update={"sessions": sessions})


def _public(state: CaseState, event: events.PrivacyStopped, _entry: Entry) -> CaseState:
    sessions = with_changes(state.sessions, event.validation_session_id, privacy=None)
    return state.model_copy(update={"sessions": sessions})


def _stop_added(state: CaseState, event: events.StopAdded, _entry: Entry) -> CaseState:
    stop = CaseStop(
        id=event.stop_id, name=event.name, order=event.order, validation_session_id=event.validation_session_id
    )
    return state.model_copy(update={"stops": {**state.stops, stop.id: stop}})


def _stop_opened(state: CaseState, event: events.StopOpened, _entry: Entry) -> CaseState:
    sessions = with_changes(state.sessions, event.validation_session_id, open_stop_id=event.stop_id)
    return state.model_copy(update={"sessions": sessions})


def _marked(state: CaseState, event: events.MarkSet, entry: Entry) -> CaseState:
    mark = CaseMark(seq=entry.seq, at=entry.at, by=actor_of(entry).name, **dict(event))
    return state.model_copy(update={"marks": (*state.marks, mark)})


def _still_requested(state: CaseState, event: events.StillRequested, entry: Entry) -> CaseState:
    still = CaseStill(
        id=event.still_id,
        validation_session_id=event.validation_session_id,
        criterion_id=event.criterion_id,
        stop_id=event.stop_id,
        state=StillState.REQUESTED,
        by=actor_of(entry).name,
        at=entry.at,
    )
    return state.model_copy(update={"stills": {**state.stills, still.id: still}})


def _still_declined(state: CaseState, event: events.StillDeclined, _entry: Entry) -> CaseState:
    stills = with_changes(state.stills, event.still_id, state=StillState.DECLINED, reason=event.reason)
    return state.model_copy(update={"stills": stills})


def _source_opened(state: CaseState, event: events.SourceOpened, entry: Entry) -> CaseState:
    source = CaseSource(
        id=event.source_id,
        participant_id=event.participant_id,
        kind=event.kind,
        source_type=event.source_type or type_of(event.kind),
        name=event.name,
        validation_session_id=event.validation_session_id,
        open=True,
        recorded=event.recorded,
        opened_at=entry.at,
    )
    return state.model_copy(update={"sources": {**state.sources, source.id: source}})


def _source_closed(state: CaseState, event: events.SourceClosed, _entry: Entry) -> CaseState:
    closed = with_changes(state.sources, event.source_id, open=False, photo_mode=False)
    return state.model_copy(update={"sources": closed})


def _interrupted(state: CaseState, event: events.InterruptionStated, entry: Entry) -> CaseState:
    told = event.model_dump()
    interruption = CaseInterruption(id=told.pop("interruption_id"), seq=entry.seq, **told)
    return state.model_copy(update={"interruptions": (*state.interruptions, interruption)})


def _photo_mode(state: CaseState, event: events.PhotoModeStarted, _entry: Entry) -> CaseState:
    return state.model_copy(update={"sources": with_changes(state.sources, event.source_id, photo_mode=True)})


def _video_again(state: CaseState, event: events.PhotoModeStopped, _entry: Entry) -> CaseState:
    return state.model_copy(update={"sources": with_changes(state.sources, event.source_id, photo_mode=False)})


FOLDS = dict(
    [
        step(events.SessionStarted, _started),
        step(events.SessionEnded, _ended),
        step(events.ConsentGiven, _consented),
        step(events.LobbyEntered, _in_lobby),
        step(events.ParticipantAdmitted, _admitted),
        step(events.ParticipantRemoved, _removed),
        step(events.ParticipantJoined, _joined),
        step(events.ParticipantLeft, _left),
        step(events.PrivacyStarted, _private),
        step(events.PrivacyStopped, _public),
        step(events.StopAdded, _stop_added),
        step(events.StopOpened, _stop_opened),
        step(events.MarkSet, _marked),
        step(events.StillRequested, _still_requested),
        step(events.StillDeclined, _still_declined),
        step(events.SourceOpened, _source_opened),
        step(events.SourceClosed, _source_closed),
        step(events.InterruptionStated, _interrupted),
        step(events.PhotoModeStarted, _photo_mode),
        step(events.PhotoModeStopped, _video_again),
    ]
)
