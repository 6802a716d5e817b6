"""The triggers that the migration makes are those the tests ran against: the same words, on both databases."""

import asyncio
import sys
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.parts.databases import sqlite_url

ON_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
ON_POSTGRESQL = """
SELECT t.tgname, pg_get_triggerdef(t.oid) || ' ' || p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal ORDER BY t.tgname
"""


async def triggers(url: str, query: str) -> list[tuple[str, str]]:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return [(name, words) for name, words in (await connection.execute(text(query))).all()]
    finally:
        await engine.dispose()


async def migrate(url: str) -> None:
    # In a process of its own: the migration reads its scripts from disk on an event loop that has nothing else to do.
    script = "import sys; from server.migrations import upgrade; upgrade(sys.argv[1])"
    done = await asyncio.create_subprocess_exec(sys.executable, "-c", script, url)
    assert await done.wait() == 0


async def test_migration_makes_the_same_triggers_on_sqlite(sqlite_database_url: str, tmp_path: Path) -> None:
    migrated = sqlite_url(tmp_path / "migrated.sqlite3")
    await migrate(migrated)
    made = await triggers(migrated, ON_SQLITE)
    assert made == await triggers(sqlite_database_url, ON_SQLITE)
    assert {"ledger_entry_no_update", "ledger_body_no_delete", "answer_no_delete"} <= {name for name, _ in made}


async def test_migration_makes_the_same_triggers_on_postgresql(postgres_url: str, empty_postgres_url: str) -> None:
    await migrate(empty_postgres_url)
    made = await triggers(empty_postgres_url, ON_POSTGRESQL)
    assert made == await triggers(postgres_url, ON_POSTGRESQL)
    assert {"ledger_entry_no_change", "ledger_body_no_delete", "answer_no_change"} <= {name for name, _ in made}
