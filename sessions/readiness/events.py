"""Facts about tests of the line."""

from evidence.ledger.events import Event
from sessions.ids import ParticipantId, ValidationSessionId
from sessions.readiness.rules import Way


class LineTested(Event):
    """A participant's page tried the ways to the media port. What it found is the page's claim; the time is ours."""

    TAG = "readiness.line_tested"

    validation_session_id: ValidationSessionId
    participant_id: ParticipantId
    tried: tuple[Way, ...]
    worked: tuple[Way, ...]
    path: Way | None
