"""Receipts of commands, so that one sent twice is done once."""

from sqlalchemy import Column, PrimaryKeyConstraint, Table, Uuid

from evidence.tables import UtcDateTime, metadata

command_receipt = Table(
    "command_receipt",
    metadata,
    Column("participant_id", Uuid, nullable=False),
    Column("command_id", Uuid, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("participant_id", "command_id"),
)
