"""Views that are stated, so that each is stated once."""

from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint, String, Table, Uuid

from evidence.tables import metadata

access_view = Table(
    "access_view",
    metadata,
    Column("validation_id", Uuid, nullable=False),
    Column("participant_id", Uuid, nullable=False),
    Column("thing", String(100), nullable=False),
    Column("span", BigInteger, nullable=False),
    PrimaryKeyConstraint("validation_id", "participant_id", "thing", "span"),
)
