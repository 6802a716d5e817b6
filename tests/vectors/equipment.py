"""What the ledger says of a fixed camera with a media token, from its token's making to its withdrawal."""

from datetime import UTC, datetime
from uuid import UUID

from evidence.ids import SourceId
from evidence.ledger.events import Event
from sessions.ids import ParticipantId, TokenId, ValidationSessionId
from sessions.tour import events as tour
from sessions.tour.rules import SourceKind, SourceType


def equipment(
    session_id: ValidationSessionId, source_id: SourceId, owner: ParticipantId, token_id: UUID
) -> tuple[Event, ...]:
    """Return its events in order."""
    token = {"validation_session_id": session_id, "token_id": TokenId(token_id), "name": "Dock camera 3"}
    fixed = {"source_type": SourceType.FIXED_CAMERA}
    sent = {"source_id": source_id, "participant_id": owner, "kind": SourceKind.CAMERA, "recorded": True}
    return (
        tour.TokenMade(**token, **fixed, expires_at=datetime(2026, 11, 24, 20, 0, tzinfo=UTC)),
        tour.TokenUsed(**token),
        tour.SourceOpened(**token, **fixed, **sent),
        tour.SourceClosed(validation_session_id=session_id, source_id=source_id, reason="token_revoked"),
        tour.TokenRevoked(**token),
    )
