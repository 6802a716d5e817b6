"""Tables of the live walk: attendance, sources, their interruptions, stops, stills. Marks live in the ledger alone."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, Uuid

from evidence.tables import UtcDateTime, metadata

attendance = Table(
    "attendance",
    metadata,
    Column("validation_session_id", ForeignKey("validation_session.id"), primary_key=True),
    Column("participant_id", ForeignKey("participant.id"), primary_key=True),
    Column("standing", String(20), nullable=False),
    Column("consent_at", UtcDateTime),
    Column("consent_recording", Boolean),
    Column("consent_language", String(2)),
    Column("consent_text_id", String(100)),
    Column("admitted_at", UtcDateTime),
    Column("joined_at", UtcDateTime),
    Column("video_decodes", JSON(none_as_null=True)),
    Column("video_encodes", JSON(none_as_null=True)),
)
media_token = Table(
    "media_token",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("validation_id", ForeignKey("validation.id"), nullable=False),
    Column("validation_session_id", ForeignKey("validation_session.id"), nullable=False, index=True),
    Column("participant_id", ForeignKey("participant.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("source_type", String(20)),
    Column("digest", String(64), nullable=False, unique=True),
    Column("hours", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("first_used_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)
source = Table(
    "source",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("validation_id", ForeignKey("validation.id"), nullable=False),
    Column("validation_session_id", ForeignKey("validation_session.id"), nullable=False, index=True),
    Column("participant_id", ForeignKey("participant.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("source_type", String(20), nullable=False),
    Column("name", String(200)),
    Column("token_id", ForeignKey("media_token.id"), index=True),
    Column("recorded", Boolean, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
)
interruption = Table(
    "interruption",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("claim_id", Uuid),
    Column("validation_id", ForeignKey("validation.id"), nullable=False),
    Column("validation_session_id", ForeignKey("validation_session.id"), nullable=False),
    Column("source_id", ForeignKey("source.id"), nullable=False),
    Column("participant_id", ForeignKey("participant.id"), nullable=False),
    Column("cause", String(20), nullable=False),
    Column("page_from", UtcDateTime),
    Column("page_until", UtcDateTime),
    Column("media_from", UtcDateTime),
    Column("media_until", UtcDateTime),
    Column("resumed", Boolean, nullable=False),
    Column("touched_at", UtcDateTime, nullable=False),
    Column("stated_at", UtcDateTime),
)
Index("uq_interruption_source_id_claim_id", interruption.c.source_id, interruption.c.claim_id, unique=True)
Index("ix_interruption_stated_at", interruption.c.stated_at)
tour_stop = Table(
    "tour_stop",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("validation_id", ForeignKey("validation.id"), nullable=False, index=True),
    Column("validation_session_id", ForeignKey("validation_session.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("position", Integer, nullable=False),
)
Index("uq_tour_stop_validation_id_position", tour_stop.c.validation_id, tour_stop.c.position, unique=True)
room = Table(
    "room",
    metadata,
    Column("validation_session_id", ForeignKey("validation_session.id"), primary_key=True),
    Column("open_stop_id", ForeignKey("tour_stop.id")),
    Column("private_since", UtcDateTime),
    Column("private_by", String(200)),
    Column("private_reason", Text),
)
still = Table(
    "still",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("validation_id", ForeignKey("validation.id"), nullable=False, index=True),
    Column("validation_session_id", ForeignKey("validation_session.id"), nullable=False),
    Column("criterion_id", String(10)),
    Column("stop_id", ForeignKey("tour_stop.id")),
    Column("state", String(20), nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
)
