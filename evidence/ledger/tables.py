"""Tables of the ledger. What is written stays: triggers refuse the rest, whoever asks.

A body alone may go, and only when an entry that says so has been appended before.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    String,
    Table,
    Uuid,
)

from evidence.append_only import Statements, append_only, attach, refusing
from evidence.ledger.events import EntryClass
from evidence.tables import UtcDateTime, metadata

ledger_log = Table(
    "ledger_log",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("case_id", Uuid, nullable=True, index=True),
    Column("size", BigInteger, CheckConstraint("size >= 0", name="size"), nullable=False),
)
ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("log_id", Uuid, ForeignKey("ledger_log.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("entry_class", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("commitment", String(64), nullable=False),
)
ledger_body = Table(
    "ledger_body",
    metadata,
    Column("log_id", Uuid, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary(16), nullable=False),
    Column("body", LargeBinary, nullable=False),
    ForeignKeyConstraint(["log_id", "seq"], ["ledger_entry.log_id", "ledger_entry.seq"]),
)
ledger_destroyed = Table(
    "ledger_destroyed",
    metadata,
    Column("log_id", Uuid, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("by_seq", BigInteger, CheckConstraint("by_seq > seq", name="later"), nullable=False),
    ForeignKeyConstraint(["log_id", "seq"], ["ledger_entry.log_id", "ledger_entry.seq"]),
    ForeignKeyConstraint(["log_id", "by_seq"], ["ledger_entry.log_id", "ledger_entry.seq"]),
)
ledger_node = Table(
    "ledger_node",
    metadata,
    Column("log_id", Uuid, ForeignKey("ledger_log.id"), primary_key=True),
    Column("level", BigInteger, primary_key=True, autoincrement=False),
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
)
ledger_checkpoint = Table(
    "ledger_checkpoint",
    metadata,
    Column("log_id", Uuid, ForeignKey("ledger_log.id"), primary_key=True),
    Column("size", BigInteger, CheckConstraint("size > 0", name="size"), primary_key=True, autoincrement=False),
    Column("root", String(64), nullable=False),
    Column("note", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

_STATED = (
    "SELECT 1 FROM ledger_destroyed d JOIN ledger_entry e ON e.log_id = d.log_id AND e.seq = d.by_seq "  # noqa: S608  (no input)
    f"WHERE d.log_id = OLD.log_id AND d.seq = OLD.seq AND e.entry_class = '{EntryClass.BODY_DESTROYED}'"
)
BODY_DELETION: Statements = {
    "sqlite": (
        (
            f"CREATE TRIGGER ledger_body_no_delete BEFORE DELETE ON ledger_body WHEN NOT EXISTS ({_STATED}) "
            "BEGIN SELECT RAISE(ABORT, 'ledger_body goes only after an entry that says so'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION ledger_body_deletion() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NOT EXISTS ({_STATED}) THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', "
            "MESSAGE = 'ledger_body goes only after an entry that says so'; END IF; RETURN OLD; END $$"
        ),
        (
            "CREATE TRIGGER ledger_body_no_delete BEFORE DELETE ON ledger_body "
            "FOR EACH ROW EXECUTE FUNCTION ledger_body_deletion()"
        ),
    ),
}
"""A body may be deleted when `ledger_destroyed` names the entry of class body_destroyed that states it."""

_BODY = refusing("ledger_body", "UPDATE", key=("log_id", "seq"))
attach(ledger_body, _BODY)
attach(ledger_body, BODY_DELETION)

LEDGER_DDL: tuple[Statements, ...] = (
    append_only(ledger_entry),
    append_only(ledger_destroyed),
    append_only(ledger_node),
    append_only(ledger_checkpoint),
    _BODY,
    BODY_DELETION,
)
"""What the migration runs after creating the six tables, per dialect and in this order."""
