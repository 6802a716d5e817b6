"""Tables of the keeping of items: what holds now. How it came so is in the ledger."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, LargeBinary, String, Table, Text, Uuid

from evidence.tables import UtcDateTime, metadata

evidence_custody = Table(
    "evidence_custody",
    metadata,
    Column("item_id", Uuid, ForeignKey("evidence_item.id"), primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("retain_until", UtcDateTime),
    Column("held", Boolean, nullable=False),
    Column("sealed_at", UtcDateTime),
    Column("released_at", UtcDateTime),
    Column("ordered_at", UtcDateTime),
    Column("disposed_at", UtcDateTime),
    Column("ordered_by", JSON(none_as_null=True)),
    Column("reason", Text),
)
evidence_key = Table(
    "evidence_key",
    metadata,
    Column("item_id", Uuid, ForeignKey("evidence_item.id"), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)
evidence_erasure = Table(
    "evidence_erasure",
    metadata,
    Column("object_key", String(200), primary_key=True),
    Column("item_id", Uuid, ForeignKey("evidence_item.id"), nullable=False, index=True),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("erased_at", UtcDateTime),
)
store_proof = Table(
    "store_proof",
    metadata,
    Column("store", String(300), primary_key=True),
    Column("proof", JSON, nullable=False),
    Column("proved_at", UtcDateTime, nullable=False),
)
