"""Tables of the second look. Their entries are of the government class."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, Uuid

from evidence.tables import UtcDateTime, metadata

review_mark = Table(
    "review_mark",
    metadata,
    Column("validation_id", ForeignKey("validation.id"), primary_key=True),
    Column("criterion_id", String(10), primary_key=True),
    Column("answer_version", Integer, nullable=False),
    Column("mark", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("by_name", String(200), nullable=False),
    Column("marked_at", UtcDateTime, nullable=False),
)
review_signature = Table(
    "review_signature",
    metadata,
    Column("validation_id", ForeignKey("validation.id"), primary_key=True),
    Column("participant_id", Uuid, nullable=False),
    Column("by_name", String(200), nullable=False),
    Column("statement", Text, nullable=False),
    Column("signed_at", UtcDateTime, nullable=False),
)
