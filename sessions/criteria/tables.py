"""Table of the official wording an office has loaded for itself; none is shipped."""

from sqlalchemy import Column, String, Table, Text

from evidence.tables import metadata

official_text = Table(
    "official_text",
    metadata,
    Column("edition_id", String(40), primary_key=True),
    Column("criterion_id", String(10), primary_key=True),
    Column("text", Text, nullable=False),
)
