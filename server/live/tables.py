"""What the live part keeps: receipts of commands, viewers, whose login opened what, and how far reports were read."""

from sqlalchemy import BigInteger, Column, ForeignKey, PrimaryKeyConstraint, String, Table, Uuid

from evidence.tables import UtcDateTime, metadata

command_receipt = Table(
    "command_receipt",
    metadata,
    Column("participant_id", Uuid, nullable=False),
    Column("command_id", Uuid, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("participant_id", "command_id"),
)
viewer = Table(
    "viewer",
    metadata,
    Column("peer_id", Uuid, primary_key=True),
    Column("source_id", Uuid),
    Column("participant_id", Uuid, nullable=False),
    Column("validation_session_id", Uuid, nullable=False, index=True),
    Column("token_id", Uuid),
    Column("opened_at", UtcDateTime, nullable=False),
)
media_login = Table(
    "media_login",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("login_id", ForeignKey("login.id"), nullable=False),
)
media_cursor = Table(
    "media_cursor",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("offset_bytes", BigInteger, nullable=False),
)
