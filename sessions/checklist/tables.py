"""Tables of answers (append-only), links from evidence to criteria, and requests to the member."""

from typing import Final

from sqlalchemy import DDL, JSON, Column, ForeignKey, Integer, String, Table, Text, Uuid, event

from evidence.tables import UtcDateTime, metadata

answer = Table(
    "answer",
    metadata,
    Column("validation_id", ForeignKey("validation.id"), primary_key=True),
    Column("criterion_id", String(10), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("verdict", String(40), nullable=False),
    Column("method", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("reason", Text),
    Column("stop_id", ForeignKey("tour_stop.id")),
    Column("item_ids", JSON, nullable=False),
    Column("participant_id", Uuid, nullable=False),
    Column("account_id", Uuid),
    Column("by_name", String(200), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
)
item_link = Table(
    "item_link",
    metadata,
    Column("item_id", Uuid, primary_key=True),
    Column("criterion_id", String(10), primary_key=True),
    Column("validation_id", ForeignKey("validation.id"), nullable=False, index=True),
    Column("linked_at", UtcDateTime, nullable=False),
)
request = Table(
    "request",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("validation_id", ForeignKey("validation.id"), nullable=False, index=True),
    Column("criterion_id", String(10)),
    Column("text", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
)

_REFUSE: Final = "BEGIN SELECT RAISE(ABORT, 'answers are append-only'); END"
_PG_FUNCTION: Final = """CREATE FUNCTION answer_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'answers are append-only'; END $$"""
_PG_ROWS: Final = """CREATE TRIGGER answer_append_only BEFORE UPDATE OR DELETE ON answer
FOR EACH ROW EXECUTE FUNCTION answer_refuse_change()"""
_PG_TRUNCATE: Final = """CREATE TRIGGER answer_no_truncate BEFORE TRUNCATE ON answer
FOR EACH STATEMENT EXECUTE FUNCTION answer_refuse_change()"""

ANSWER_APPEND_ONLY: Final[tuple[tuple[str, str], ...]] = (
    ("sqlite", f"CREATE TRIGGER answer_no_update BEFORE UPDATE ON answer {_REFUSE}"),
    ("sqlite", f"CREATE TRIGGER answer_no_delete BEFORE DELETE ON answer {_REFUSE}"),
    ("postgresql", _PG_FUNCTION),
    ("postgresql", _PG_ROWS),
    ("postgresql", _PG_TRUNCATE),
)
"""Dialect and statement that make the table append-only; the migration runs the same ones."""

for _dialect, _statement in ANSWER_APPEND_ONLY:
    event.listen(answer, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
