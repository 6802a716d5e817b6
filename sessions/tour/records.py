"""What the live walk's tables hold, as values."""

from evidence.ids import SourceId
from evidence.records import Instant, Record
from sessions.ids import CriterionId, ParticipantId, StillId, StopId, ValidationId, ValidationSessionId
from sessions.tour.rules import SourceKind, Standing, StillState, VideoCodec


class Attendance(Record):
    """A participant's standing and consent in one session; `joined_at` is set while in the room."""

    validation_session_id: ValidationSessionId
    participant_id: ParticipantId
    standing: Standing
    consent_at: Instant | None = None
    consent_recording: bool | None = None
    consent_language: str | None = None
    consent_text_id: str | None = None
    admitted_at: Instant | None = None
    joined_at: Instant | None = None
    video_decodes: tuple[VideoCodec, ...] | None = None
    """What the browser was measured to show, None when it was not measured; `video_encodes` is what it can send."""
    video_encodes: tuple[VideoCodec, ...] | None = None


class Source(Record):
    """One publication."""

    id: SourceId
    validation_id: ValidationId
    validation_session_id: ValidationSessionId
    participant_id: ParticipantId
    kind: SourceKind
    recorded: bool
    opened_at: Instant
    closed_at: Instant | None


class Room(Record):
    """What holds for a whole live session."""

    validation_session_id: ValidationSessionId
    open_stop_id: StopId | None = None
    private_since: Instant | None = None
    private_by: str | None = None
    private_reason: str | None = None


class Still(Record):
    """A picture that was asked for."""

    id: StillId
    validation_id: ValidationId
    validation_session_id: ValidationSessionId
    criterion_id: CriterionId | None
    stop_id: StopId | None
    state: StillState
    requested_at: Instant
