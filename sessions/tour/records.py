"""What the live walk's tables hold, as values."""

from datetime import datetime

from evidence.ids import SourceId
from evidence.records import Instant, Name, Record
from sessions.ids import CriterionId, ParticipantId, StillId, StopId, TokenId, ValidationId, ValidationSessionId
from sessions.tour.rules import SourceKind, SourceType, Standing, StillState, VideoCodec


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


class Feed(Record):
    """What a publication is: its kind and type, and of a media token the name it was given."""

    kind: SourceKind
    source_type: SourceType
    name: Name | None = None
    token_id: TokenId | None = None


class Source(Feed):
    """One publication."""

    id: SourceId
    validation_id: ValidationId
    validation_session_id: ValidationSessionId
    participant_id: ParticipantId
    recorded: bool
    opened_at: Instant
    closed_at: Instant | None


class MediaToken(Record):
    """What lets one encoder or player into one session on behalf of who made it; the secret itself is not kept."""

    id: TokenId
    validation_id: ValidationId
    validation_session_id: ValidationSessionId
    participant_id: ParticipantId
    name: Name
    source_type: SourceType | None
    """What it sends; None for a token that watches."""
    digest: str
    hours: int
    made_at: Instant
    expires_at: Instant
    first_used_at: Instant | None = None
    last_used_at: Instant | None = None
    revoked_at: Instant | None = None

    def lives(self, now: datetime) -> bool:
        """Say whether it still opens anything."""
        return self.revoked_at is None and now < self.expires_at


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
