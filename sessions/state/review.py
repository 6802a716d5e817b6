"""Fold of the second look; a member's state has none of it, because a member gets these entries without a body."""

from evidence.ledger.events import Entry
from sessions.review import events
from sessions.state.folding import actor_of, step
from sessions.state.records import CaseReview, CaseSignature, CaseState


def _marked(state: CaseState, event: events.AnswerMarked, entry: Entry) -> CaseState:
    review = CaseReview(
        mark=event.mark,
        note=event.note,
        answer_version=event.answer_version,
        by=actor_of(entry).name,
        at=entry.at,
    )
    return state.model_copy(update={"reviews": {**state.reviews, event.criterion_id: review}})


def _signed(state: CaseState, event: events.ReviewSigned, entry: Entry) -> CaseState:
    signature = CaseSignature(by=actor_of(entry).name, at=entry.at, statement=event.statement)
    return state.model_copy(update={"review_signed": signature})


FOLDS = dict([step(events.AnswerMarked, _marked), step(events.ReviewSigned, _signed)])
