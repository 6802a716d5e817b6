"""Tables of items: what is in the locker now. How it came there is in the ledger."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, String, Table, UniqueConstraint, Uuid

from evidence.tables import UtcDateTime, metadata

evidence_item = Table(
    "evidence_item",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("digest", String(64), nullable=False, index=True),
    Column("bytes", BigInteger, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("filename", String(200), nullable=False),
    Column("object_key", String(200), nullable=False),
    Column("context", JSON, nullable=False),
    Column("claims", JSON, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("reason", String(60)),
    Column("admitted_at", UtcDateTime, nullable=False),
    Column("filed_at", UtcDateTime),
)
evidence_derivative = Table(
    "evidence_derivative",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("parent_id", Uuid, ForeignKey("evidence_item.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("object_key", String(200), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    UniqueConstraint("parent_id", "kind"),
)
