"""Fold of the case and its sessions."""

from evidence.ledger.events import Entry
from sessions.schedule import events
from sessions.schedule.rules import Phase, SessionState
from sessions.state.folding import step, with_changes
from sessions.state.records import CaseSession, CaseState, CaseValidation


def _opened(state: CaseState, event: events.ValidationOpened, entry: Entry) -> CaseState:
    validation = CaseValidation(
        id=event.validation_id,
        phase=Phase.OPEN,
        opened_at=entry.at,
        **{name: value for name, value in event if name != "validation_id"},
    )
    return state.model_copy(update={"validation": validation})


def _closed(state: CaseState, _event: events.ValidationClosed, entry: Entry) -> CaseState:
    if state.validation is None:
        return state
    closed = state.validation.model_copy(update={"phase": Phase.CLOSED, "closed_at": entry.at})
    return state.model_copy(update={"validation": closed})


def _scheduled(state: CaseState, event: events.SessionScheduled, _entry: Entry) -> CaseState:
    planned = CaseSession(
        id=event.validation_session_id,
        state=SessionState.PLANNED,
        **{name: value for name, value in event if name != "validation_session_id"},
    )
    return state.model_copy(update={"sessions": {**state.sessions, planned.id: planned}})


def _rescheduled(state: CaseState, event: events.SessionRescheduled, _entry: Entry) -> CaseState:
    sessions = with_changes(
        state.sessions,
        event.validation_session_id,
        starts_at=event.starts_at,
        duration_min=event.duration_min,
        reason=event.reason,
    )
    return state.model_copy(update={"sessions": sessions})


def _cancelled(state: CaseState, event: events.SessionCancelled, _entry: Entry) -> CaseState:
    sessions = with_changes(
        state.sessions, event.validation_session_id, state=SessionState.CANCELLED, reason=event.reason
    )
    return state.model_copy(update={"sessions": sessions})


def _no_show(state: CaseState, event: events.SessionNoShow, _entry: Entry) -> CaseState:
    sessions = with_changes(
        state.sessions, event.validation_session_id, state=SessionState.NO_SHOW, reason=event.reason
    )
    return state.model_copy(update={"sessions": sessions})


FOLDS = dict(
    [
        step(events.ValidationOpened, _opened),
        step(events.ValidationClosed, _closed),
        step(events.SessionScheduled, _scheduled),
        step(events.SessionRescheduled, _rescheduled),
        step(events.SessionCancelled, _cancelled),
        step(events.SessionNoShow, _no_show),
    ]
)
