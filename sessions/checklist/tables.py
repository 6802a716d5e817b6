"""Tables of answers (append-only), links from evidence to criteria, and requests to the member."""

from typing import Final

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, Text, Uuid

from evidence.append_only import append_only
from evidence.tables import UtcDateTime, metadata

answer = Table(
    "answer",
    metadata,
    Column("validation_id", ForeignKey("validation.id"), primary_key=True),
    Column("criterion_id", String(10), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("verdict", String(40), nullable=False),
    Column("method", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("reason", Text),
    Column("stop_id", ForeignKey("tour_stop.id")),
    Column("item_ids", JSON, nullable=False),
    Column("participant_id", Uuid, nullable=False),
    Column("account_id", Uuid),
    Column("by_name", String(200), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
)
item_link = Table(
    "item_link",
    metadata,
    Column("item_id", Uuid, primary_key=True),
    Column("criterion_id", String(10), primary_key=True),
    Column("validation_id", ForeignKey("validation.id"), nullable=False, index=True),
    Column("linked_at", UtcDateTime, nullable=False),
)
request = Table(
    "request",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("validation_id", ForeignKey("validation.id"), nullable=False, index=True),
    Column("criterion_id", String(10)),
    Column("text", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
)

ANSWER_APPEND_ONLY: Final = append_only(answer)
"""Statements by dialect that make the answers append-only; the migration runs the same ones."""
