"""Tables of recordings: what is in the locker now. How it came there is in the ledger."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, String, Table, UniqueConstraint, Uuid

from evidence.tables import UtcDateTime, metadata

source_recording = Table(
    "source_recording",
    metadata,
    Column("source_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("validation_session_id", Uuid, nullable=False, index=True),
    Column("participant_id", Uuid, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("source_type", String(20), nullable=False),
    Column("name", String(200)),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("expected_segments", BigInteger),
    Column("settled_segments", BigInteger, nullable=False),
    Column("chain", String(64), nullable=False),
    Column("closed_at", UtcDateTime),
)
segment = Table(
    "segment",
    metadata,
    Column("segment_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("source_id", Uuid, ForeignKey("source_recording.source_id"), nullable=False),
    Column("index", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("start_ms", BigInteger, nullable=False),
    Column("end_ms", BigInteger, nullable=False),
    Column("media_type", String(40), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("object_key", String(200), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("chain", String(64)),
    Column("closed_at", UtcDateTime, nullable=False),
    Column("filed_at", UtcDateTime),
    UniqueConstraint("source_id", "index"),
)
segment_gap = Table(
    "segment_gap",
    metadata,
    Column("gap_id", Uuid, primary_key=True),
    Column("source_id", Uuid, ForeignKey("source_recording.source_id"), nullable=False, index=True),
    Column("start_ms", BigInteger, nullable=False),
    Column("end_ms", BigInteger, nullable=False),
    Column("track", String(10), nullable=False),
    Column("reason", String(40), nullable=False),
)
lane = Table(
    "lane",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("validation_session_id", Uuid, nullable=False, index=True),
    Column("participant_id", Uuid, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("source_type", String(20), nullable=False),
    Column("name", String(200)),
    Column("digest", String(64), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("media_type", String(40), nullable=False),
    Column("object_key", String(200), nullable=False),
    Column("duration_ms", BigInteger, nullable=False),
    Column("source_ids", JSON, nullable=False),
    Column("gaps", JSON, nullable=False),
    Column("built_at", UtcDateTime, nullable=False),
)
