"""Tables of validations, their sessions and invitations."""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Integer, String, Table, Text, Uuid

from evidence.tables import UtcDateTime, metadata

validation_number = Table(
    "validation_number",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)
validation = Table(
    "validation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("member_id", ForeignKey("member.id"), nullable=False, index=True),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("entity_types", JSON, nullable=False),
    Column("method", String(20), nullable=False),
    Column("edition_id", String(40), nullable=False),
    Column("criteria_as_of", Date, nullable=False),
    Column("phase", String(20), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
)
validation_session = Table(
    "validation_session",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("validation_id", ForeignKey("validation.id"), nullable=False, index=True),
    Column("site_id", ForeignKey("site.id"), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False, index=True),
    Column("duration_min", Integer, nullable=False),
    Column("recording", Boolean, nullable=False),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
)
invitation = Table(
    "invitation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("validation_id", ForeignKey("validation.id"), nullable=False, index=True),
    Column("validation_session_id", ForeignKey("validation_session.id"), nullable=False, index=True),
    Column("participant_id", ForeignKey("participant.id"), nullable=False, index=True),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("opened_at", UtcDateTime),
    Column("browser_key", Text),
)
