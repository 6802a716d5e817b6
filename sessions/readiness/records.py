"""Tests of the line as values."""

from evidence.records import Instant, Record
from sessions.ids import ParticipantId, ValidationSessionId
from sessions.readiness.rules import Way


class LineTest(Record):
    """The last test of a participant for a session; `path` is the way that media will take, None when no way worked."""

    validation_session_id: ValidationSessionId
    participant_id: ParticipantId
    worked: tuple[Way, ...]
    path: Way | None
    tested_at: Instant
