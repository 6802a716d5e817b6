"""Bundles that were asked for."""

from sqlalchemy import BigInteger, Column, String, Table, Uuid

from evidence.tables import UtcDateTime, metadata

bundle = Table(
    "bundle",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("validation_id", Uuid, nullable=False, index=True),
    Column("participant_id", Uuid, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("state", String(20), nullable=False),
    Column("total_bytes", BigInteger, nullable=False),
    Column("done_bytes", BigInteger, nullable=False),
    Column("size", BigInteger),
    Column("object_key", String(200)),
    Column("digest", String(64)),
    Column("bytes", BigInteger),
)
