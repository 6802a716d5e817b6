"""Fold of gaps."""

from evidence.ledger.events import Entry
from sessions.findings import events
from sessions.findings.rules import FindingState
from sessions.state.folding import step, with_changes
from sessions.state.records import CaseFinding, CaseState


def _opened(state: CaseState, event: events.FindingOpened, entry: Entry) -> CaseState:
    finding = CaseFinding(
        id=event.finding_id,
        criterion_id=event.criterion_id,
        kind=event.kind,
        state=FindingState.OPEN,
        note=event.note,
        due_on=event.due_on,
        version=event.version,
        opened_at=entry.at,
    )
    return state.model_copy(update={"findings": {**state.findings, finding.id: finding}})


def _due(state: CaseState, event: events.DueDateSet, _entry: Entry) -> CaseState:
    findings = with_changes(state.findings, event.finding_id, due_on=event.due_on, version=event.version)
    return state.model_copy(update={"findings": findings})


def _closed(state: CaseState, event: events.FindingClosed, entry: Entry) -> CaseState:
    findings = with_changes(
        state.findings, event.finding_id, state=FindingState.CLOSED, closed_at=entry.at, version=event.version
    )
    return state.model_copy(update={"findings": findings})


FOLDS = dict([step(events.FindingOpened, _opened), step(events.DueDateSet, _due), step(events.FindingClosed, _closed)])
