"""Fold of the roster."""

from evidence.ledger.events import Entry
from sessions.roster import events
from sessions.state.folding import step
from sessions.state.records import CaseParticipant, CaseState


def _added(state: CaseState, event: events.ParticipantAdded, _entry: Entry) -> CaseState:
    participant = CaseParticipant(
        id=event.participant_id, name=event.name, role=event.role, side=event.side, language=event.language
    )
    return state.model_copy(update={"participants": {**state.participants, participant.id: participant}})


FOLDS = dict([step(events.ParticipantAdded, _added)])
