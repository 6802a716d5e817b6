"""The one pure fold: state + entry → state. The page has the same one, and both pass the same vectors."""

from collections.abc import Iterable

from evidence.ledger.events import Entry
from sessions.state import checklist, findings, locker, readiness, review, roster, schedule, tour
from sessions.state.folding import Fold
from sessions.state.records import CaseState

__all__ = ["CaseState", "apply", "fold", "initial"]

_FOLDS: dict[str, Fold] = {
    **schedule.FOLDS,
    **roster.FOLDS,
    **tour.FOLDS,
    **readiness.FOLDS,
    **checklist.FOLDS,
    **findings.FOLDS,
    **review.FOLDS,
    **locker.FOLDS,
}


def initial() -> CaseState:
    """Return the state before the first entry."""
    return CaseState()


def apply(state: CaseState, entry: Entry) -> CaseState:
    """Return the state after the entry.

    An entry of an unknown tag, or without a body, moves `seq` and nothing else; what an entry says of a thing whose
    own first entry is without a body is passed over, because the reader does not know the thing.
    """
    folded = _FOLDS.get(entry.tag or "")
    after = state if folded is None or entry.data is None else folded(state, entry)
    return after.model_copy(update={"seq": entry.seq})


def fold(entries: Iterable[Entry], state: CaseState | None = None) -> CaseState:
    """Return the state after all the entries, in their order, beginning from `state` or from nothing."""
    after = initial() if state is None else state
    for entry in entries:
        after = apply(after, entry)
    return after
