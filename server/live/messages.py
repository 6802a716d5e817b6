"""The records that travel over Socket.IO; docs/protocol.md explains each."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from evidence.ids import SourceId
from evidence.ledger.events import Entry
from evidence.records import Count, Instant, Json, Record
from sessions.ids import InterruptionId
from sessions.tour.interruption_rules import InterruptionCause


class Subscribe(Record):
    """Client to server: send me the case from here on. `after` is the last seq I have, -1 for none.

    With a `validation_session_id` the participant is in the room of that meeting, and joining is an entry.
    """

    validation_id: UUID
    after: int = Field(ge=-1, le=2**53 - 1, default=-1)
    validation_session_id: UUID | None = None


class CommandEnvelope(Record):
    """Client to server: do this. `command` is one of the command records."""

    validation_id: UUID
    command: dict[str, Json]


class Ack(Record):
    """Answer to a command or a subscription: the log reached this seq, and what was asked is in it."""

    seq: Count


class Refused(Record):
    """Answer to what was refused; `problem` is the object an HTTP call would have got."""

    problem: dict[str, Json]


class Entries(Record):
    """Server to client: entries in seq order. A client that sees a gap subscribes again from its last seq."""

    validation_id: UUID
    entries: tuple[Entry, ...]


class Hint(Record):
    """Both ways, lossy and never stored: who looks at what, how loud, how good the line is."""

    validation_id: UUID
    kind: Literal["presence", "level", "line"]
    participant_id: UUID | None = None
    criterion_id: str | None = Field(max_length=20, default=None)
    value: float | None = Field(ge=-1e6, le=1e6, default=None)
    state: Literal["good", "weak", "lost"] | None = None


class ServerTime(Record):
    """Answer to `clock`: the server's time when it was asked, so that a page can say when something was."""

    at: Instant


class OpenInterruption(Record):
    """A source is not what it should be, since when and why; `network` when nothing arrives and no page says why."""

    interruption_id: InterruptionId
    source_id: SourceId
    cause: InterruptionCause
    since: Instant


class Paused(Record):
    """Server to client: all that is interrupted now in a case, whenever that changes and after a subscription."""

    validation_id: UUID
    interruptions: tuple[OpenInterruption, ...]


class Photo(Record):
    """Both ways, lossy and never stored: what a camera shows now, on a line that carries no moving picture.

    `data` is WebP or JPEG; `travel_ms` is how long the photo before this one took to arrive.
    """

    validation_id: UUID
    source_id: UUID
    travel_ms: int = Field(ge=0, le=600_000, default=0)
    data: bytes = Field(min_length=16, max_length=100_000)


class PhotoPassedOn(Record):
    """Answer to a photo: for how many people it was passed on, whether or not their pages are there."""

    viewers: Count


class Revoked(Record):
    """Server to client: this browser may not see the case any longer."""

    validation_id: UUID | None
    reason: Literal["removed", "signed_out", "not_permitted"]


MESSAGES: tuple[type[Record], ...] = (
    Subscribe,
    CommandEnvelope,
    Ack,
    Refused,
    Entries,
    Hint,
    ServerTime,
    Paused,
    Photo,
    PhotoPassedOn,
    Revoked,
)
