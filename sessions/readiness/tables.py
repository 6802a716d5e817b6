"""The table of tests of the line: the last one of each participant and session."""

from sqlalchemy import JSON, Column, ForeignKey, String, Table

from evidence.tables import UtcDateTime, metadata

line_test = Table(
    "line_test",
    metadata,
    Column("validation_session_id", ForeignKey("validation_session.id"), primary_key=True),
    Column("participant_id", ForeignKey("participant.id"), primary_key=True),
    Column("worked", JSON, nullable=False),
    Column("path", String(20)),
    Column("tested_at", UtcDateTime, nullable=False),
)
