"""Fold of the tests of the line."""

from evidence.ledger.events import Entry
from sessions.readiness import events
from sessions.state.folding import step, with_changes
from sessions.state.records import CaseLineTest, CaseState


def _tested(state: CaseState, event: events.LineTested, entry: Entry) -> CaseState:
    line = CaseLineTest(
        validation_session_id=event.validation_session_id, worked=event.worked, path=event.path, at=entry.at
    )
    return state.model_copy(update={"participants": with_changes(state.participants, event.participant_id, line=line)})


FOLDS = dict([step(events.LineTested, _tested)])
