"""Table of resumable uploads. How many bytes arrived is not in it: the staging file is the only truth of that."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, String, Table, Uuid

from evidence.tables import UtcDateTime, metadata

upload = Table(
    "upload",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("participant_id", Uuid, nullable=False, index=True),
    Column("arrival", JSON, nullable=False),
    Column("bytes_total", BigInteger, nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("item_id", Uuid, ForeignKey("evidence_item.id")),
    Column("refusal", String(60)),
    Column("told", String(8000), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)
