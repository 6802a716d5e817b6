"""What an entry says: its class, its actor, and the event that became a fact."""

from enum import StrEnum
from typing import ClassVar, Literal, Self

from pydantic import Field

from evidence.ids import LogId
from evidence.records import Count, Instant, Json, Name, Record, Sha256Hex


class LogKind(StrEnum):
    """The three kinds of log; the code is the same for all."""

    CASE = "case"
    ACCESS = "access"
    DEPLOYMENT = "deployment"


class EntryClass(StrEnum):
    """What everybody may know of an entry, and so part of its header. It fixes the audience."""

    COMMON = "common"
    GOVERNMENT = "government"
    BODY_DESTROYED = "body_destroyed"


class Actor(Record):
    """Who did it: a participant of the case, an account outside it, or a part of the system."""

    kind: Literal["participant", "account", "system"]
    id: str = Field(min_length=1, max_length=100)
    name: Name
    role: str = Field(max_length=40, default="")


class Event(Record):
    """A past fact. A subclass is named in the past tense and sets `TAG`, `slice.fact`, and its class."""

    TAG: ClassVar[str]
    ENTRY_CLASS: ClassVar[EntryClass] = EntryClass.COMMON

    def to_data(self) -> dict[str, Json]:
        """Return the event's fields as JSON values."""
        return self.model_dump(mode="json")

    @classmethod
    def from_data(cls, data: dict[str, Json]) -> Self:
        """Read the fields back; raises pydantic.ValidationError when they are of another shape."""
        return cls.model_validate(data)


class EntryDraft(Record):
    """An entry to be: everything but its place in the log."""

    entry_class: EntryClass
    tag: str = Field(pattern=r"^[a-z_]+\.[a-z_]+$")
    actor: Actor
    data: dict[str, Json]


def draft(event: Event, actor: Actor) -> EntryDraft:
    """Return the entry that states `event` as done by `actor`."""
    return EntryDraft(entry_class=event.ENTRY_CLASS, tag=event.TAG, actor=actor, data=event.to_data())


class Entry(Record):
    """One line of a log as a reader gets it.

    Outside its audience, or once the body is destroyed, `tag`, `actor` and `data` are None: the header is left.
    """

    log_id: LogId
    seq: Count
    entry_class: EntryClass
    at: Instant
    commitment: Sha256Hex
    tag: str | None = None
    actor: Actor | None = None
    data: dict[str, Json] | None = None
