"""Fold of answers, links and requests."""

from evidence.ledger.events import Entry
from sessions.checklist import events
from sessions.state.folding import actor_of, step, with_changes
from sessions.state.records import CaseAnswer, CaseRequest, CaseState


def _answered(state: CaseState, event: events.AnswerRecorded, entry: Entry) -> CaseState:
    by = actor_of(entry)
    answer = CaseAnswer(
        verdict=event.verdict,
        method=event.method,
        note=event.note,
        reason=event.reason,
        version=event.version,
        by=by.name,
        by_id=by.id,
        at=entry.at,
        seq=entry.seq,
        stop_id=event.stop_id,
        item_ids=event.item_ids,
    )
    return state.model_copy(update={"answers": {**state.answers, event.criterion_id: answer}})


def _linked(state: CaseState, event: events.ItemLinked, _entry: Entry) -> CaseState:
    item = state.items.get(event.item_id)
    if item is None or event.criterion_id in item.criterion_ids:
        return state
    criterion_ids = (*item.criterion_ids, event.criterion_id)
    return state.model_copy(update={"items": with_changes(state.items, item.id, criterion_ids=criterion_ids)})


def _asked(state: CaseState, event: events.RequestOpened, entry: Entry) -> CaseState:
    asked = CaseRequest(
        id=event.request_id,
        criterion_id=event.criterion_id,
        text=event.text,
        open=True,
        by=actor_of(entry).name,
        at=entry.at,
    )
    return state.model_copy(update={"requests": {**state.requests, asked.id: asked}})


def _settled(state: CaseState, event: events.RequestClosed, entry: Entry) -> CaseState:
    requests = with_changes(state.requests, event.request_id, open=False, closed_at=entry.at)
    return state.model_copy(update={"requests": requests})


FOLDS = dict(
    [
        step(events.AnswerRecorded, _answered),
        step(events.ItemLinked, _linked),
        step(events.RequestOpened, _asked),
        step(events.RequestClosed, _settled),
    ]
)
