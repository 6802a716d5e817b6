"""The outbox. A row says what is to be told to whom; the letter with its link is written only when it is sent."""

from sqlalchemy import Column, ForeignKey, String, Table, Text, Uuid

from evidence.tables import UtcDateTime, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("invitation_id", ForeignKey("invitation.id"), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
)
