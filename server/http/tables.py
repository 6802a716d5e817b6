"""What the HTTP wire keeps: which views are stated, and which bundles were asked for."""

from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint, String, Table, Uuid

from evidence.tables import UtcDateTime, metadata

access_view = Table(
    "access_view",
    metadata,
    Column("validation_id", Uuid, nullable=False),
    Column("participant_id", Uuid, nullable=False),
    Column("thing", String(100), nullable=False),
    Column("span", BigInteger, nullable=False),
    PrimaryKeyConstraint("validation_id", "participant_id", "thing", "span"),
)
bundle_request = Table(
    "bundle_request",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("validation_id", Uuid, nullable=False, index=True),
    Column("participant_id", Uuid, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
)
