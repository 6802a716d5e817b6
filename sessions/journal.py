"""Typed events on one side, entries of a ledger on the other."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from evidence.ledger.events import Entry, Event
from sessions.checklist import events as checklist
from sessions.criteria import events as criteria
from sessions.findings import events as findings
from sessions.readiness import events as readiness
from sessions.review import events as review
from sessions.roster import events as roster
from sessions.roster.access import record
from sessions.schedule import events as schedule
from sessions.tour import events as tour

__all__ = ["EVENTS", "read_event", "record"]


def _events_of(*slices: object) -> dict[str, type[Event]]:
    found = (thing for events in slices for thing in vars(events).values())
    types = (thing for thing in found if isinstance(thing, type) and issubclass(thing, Event))
    return {event.TAG: event for event in types if "TAG" in vars(event)}


EVENTS: Final[Mapping[str, type[Event]]] = MappingProxyType(
    _events_of(schedule, roster, tour, readiness, checklist, findings, review, criteria)
)
"""Every event of the domain by its tag."""


def read_event(entry: Entry) -> Event | None:
    """Return what the entry states.

    Returns: None when the reader has only the header, and for the tags of the locker.
    Raises: pydantic.ValidationError when the entry's fields are of another shape than its event's.
    """
    if entry.tag is None or entry.data is None:
        return None
    event = EVENTS.get(entry.tag)
    return None if event is None else event.from_data(entry.data)
