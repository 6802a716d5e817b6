"""Tables of what was found out about originals. Rows are results: they can be made again from the bytes."""

from typing import Final

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, Uuid

from evidence.examination.likeness import BANDS
from evidence.tables import UtcDateTime, metadata

BAND_NAMES: Final = tuple(f"b{number:02}" for number in range(BANDS))

item_scan = Table(
    "item_scan",
    metadata,
    Column("item_id", Uuid, ForeignKey("evidence_item.id"), primary_key=True),
    Column("verdict", String(20), nullable=False, index=True),
    Column("reason", String(20)),
    Column("signature", String(200)),
    Column("engine", String(60)),
    Column("database", String(60)),
    Column("database_at", String(60)),
    Column("scanned_at", UtcDateTime, nullable=False),
)
item_check = Table(
    "item_check",
    metadata,
    Column("item_id", Uuid, ForeignKey("evidence_item.id"), primary_key=True),
    Column("name", String(20), primary_key=True),
    Column("outcome", String(20), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("checked_at", UtcDateTime, nullable=False),
)
picture_hash = Table(
    "picture_hash",
    metadata,
    Column("item_id", Uuid, ForeignKey("evidence_item.id"), primary_key=True),
    Column("case_id", Uuid, nullable=False),
    *(Column(name, Integer, nullable=False, index=True) for name in BAND_NAMES),
)
