"""Table of findings: the gap's last known state; how it got there is in the ledger."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text, Uuid

from evidence.tables import UtcDateTime, metadata

finding = Table(
    "finding",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("validation_id", ForeignKey("validation.id"), nullable=False, index=True),
    Column("criterion_id", String(10), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("due_on", Date),
    Column("version", Integer, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
)
Index(
    "uq_finding_one_open",
    finding.c.validation_id,
    finding.c.criterion_id,
    unique=True,
    sqlite_where=finding.c.state == "open",
    postgresql_where=finding.c.state == "open",
)
