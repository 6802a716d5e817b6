"""How a typed event becomes one step of the fold."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from evidence.ledger.events import Actor, Entry, Event
from evidence.records import Record
from sessions.state.records import CaseState

Fold = Callable[[CaseState, Entry], CaseState]
E = TypeVar("E", bound=Event)
K = TypeVar("K")
V = TypeVar("V", bound=Record)

_NOBODY = Actor(kind="system", id="unknown", name="unknown")


def step(event_class: type[E], change: Callable[[CaseState, E, Entry], CaseState]) -> tuple[str, Fold]:
    """Return the tag of the event and the fold that reads it before calling `change`."""

    def folded(state: CaseState, entry: Entry) -> CaseState:
        return change(state, event_class.from_data(entry.data or {}), entry)

    return event_class.TAG, folded


def actor_of(entry: Entry) -> Actor:
    """Return who made the entry; a body is read whole or not at all, so it is there wherever the fold reads data."""
    return entry.actor or _NOBODY


def with_changes(things: Mapping[K, V], key: K | None, **changes: object) -> dict[K, V]:
    """Return the things with one of them changed; unchanged when there is none of that key."""
    known = None if key is None else things.get(key)
    if key is None or known is None:
        return dict(things)
    return {**things, key: known.model_copy(update=changes)}
