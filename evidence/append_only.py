"""Triggers that refuse to change or remove rows, in the words of SQLite and of PostgreSQL.

`create_all` runs them through `attach`; the migration runs the very same strings. None of them holds a percent sign,
which both DDL constructs would take for a placeholder.
"""

from collections.abc import Mapping
from typing import Literal

from sqlalchemy import DDL, Table, event

Dialect = Literal["sqlite", "postgresql"]
Statements = Mapping[Dialect, tuple[str, ...]]

_REFUSE = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
    "USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$"
)


def refusing(table: str, *operations: Literal["UPDATE", "DELETE"], key: tuple[str, ...]) -> Statements:
    """Return the statements that make these operations on a table fail.

    Args:
        table: name of the table.
        operations: what is refused.
        key: primary key columns; on SQLite an INSERT OR REPLACE would remove a row past the trigger for DELETE, so a
            second insert is refused before the conflict clause is looked at, that of ON CONFLICT DO NOTHING too.
    """
    sqlite = [
        f"CREATE TRIGGER {table}_no_{operation.lower()} BEFORE {operation} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for operation in operations
    ]
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    sqlite.append(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "  # noqa: S608  (names from our own tables)
        f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {table}'); END"
    )
    postgresql = [
        _REFUSE,
        (
            f"CREATE TRIGGER {table}_no_change BEFORE {' OR '.join(operations)} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        ),
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_change()",
    ]
    return {"sqlite": tuple(sqlite), "postgresql": tuple(postgresql)}


def append_only(table: Table) -> Statements:
    """Return the statements that refuse UPDATE and DELETE on a table, and attach them to its creation."""
    statements = refusing(table.name, "UPDATE", "DELETE", key=tuple(table.primary_key.columns.keys()))
    attach(table, statements)
    return statements


def attach(table: Table, statements: Statements) -> None:
    """Run the statements whenever `create_all` creates the table."""
    for dialect, lines in statements.items():
        for line in lines:
            event.listen(table, "after_create", DDL(line).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
