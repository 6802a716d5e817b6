"""The schema's history: from nothing to what the code expects, whole or not at all, on both databases."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from evidence.tables import metadata
from server.app import run_api
from server.config import Settings, prepare_folders
from server.errors import StartupError
from server.jobs.working import run_work
from server.migrations import check_schema, head, upgrade
from server.schema import TABLE_MODULES
from tests.parts.databases import create_tables, load_tables, sqlite_url, table_modules

UPGRADE = "import sys; from server.migrations import upgrade; upgrade(sys.argv[1])"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "empty.sqlite3")
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


async def ask(url: str, question: str) -> list[tuple[object, ...]]:
    """Return the rows of a statement, committed."""
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        found = await connection.execute(text(question))
        rows = [tuple(row) for row in found] if found.returns_rows else []
    await engine.dispose()
    return rows


async def tables(url: str) -> set[str]:
    """Return the names of the tables there are."""
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda plain: inspect(plain).get_table_names())
    await engine.dispose()
    return set(names)


async def checks(url: str) -> dict[str, list[tuple[str, str]]]:
    """Return name and words of every check of every table; comparing models and schema passes them over."""

    def look(connection: Connection) -> dict[str, list[tuple[str, str]]]:
        plain = inspect(connection)
        return {
            name: sorted((str(check["name"]), str(check["sqltext"])) for check in plain.get_check_constraints(name))
            for name in plain.get_table_names()
            if name != "alembic_version"
        }

    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        found = await connection.run_sync(look)
    await engine.dispose()
    return found


async def guards(url: str) -> list[tuple[object, ...]]:
    """Return every trigger and its words; on PostgreSQL with the functions behind them."""
    if url.startswith("sqlite"):
        return await ask(url, "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    triggers = "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    functions = "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY proname"
    return await ask(url, triggers) + await ask(url, functions)


async def test_models_are_what_the_migrations_make(empty_url: str) -> None:
    """Nothing to generate: every table, column, type, index and constraint of the code, and no other."""
    load_tables()
    await asyncio.to_thread(upgrade, empty_url)

    def difference(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    engine = create_async_engine(empty_url, poolclass=NullPool)
    async with engine.connect() as connection:
        assert await connection.run_sync(difference) == []
    await engine.dispose()
    assert await tables(empty_url) == {*metadata.tables, "alembic_version"}


def test_schema_knows_every_module_of_tables() -> None:
    """A module that is left out has no tables in a deployment, however well its tests pass."""
    assert set(TABLE_MODULES) == table_modules() - {"evidence.tables", "sessions.tables"}


async def test_guards_are_those_of_the_models(empty_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Triggers and checks that keep evidence as it is are the same words, whichever way the schema was made."""
    await asyncio.to_thread(upgrade, empty_url)
    if empty_url.startswith("sqlite"):
        other = sqlite_url(tmp_path / "other.sqlite3")
    else:
        other = empty_url.rpartition("/")[0] + "/" + (await second_database(request))
    await create_tables(other)
    made = await guards(empty_url)
    assert len(made) > 10
    assert made == await guards(other)
    assert await checks(empty_url) == await checks(other)
    assert sum(map(len, (await checks(other)).values())) >= 6


async def second_database(request: pytest.FixtureRequest) -> str:
    """Make another empty PostgreSQL database and return its name."""
    server = request.getfixturevalue("postgres")
    name: str = await server.create_database()
    return name


async def test_upgrade_that_fails_leaves_nothing(empty_url: str) -> None:
    """A table in the way of a late step: none of the earlier steps stays, and without it the next try succeeds."""
    await ask(empty_url, "CREATE TABLE viewer (id INTEGER)")
    with pytest.raises(DBAPIError):
        await asyncio.to_thread(upgrade, empty_url)
    assert await tables(empty_url) - {"alembic_version"} == {"viewer"}
    await ask(empty_url, "DROP TABLE viewer")
    await asyncio.to_thread(upgrade, empty_url)
    await check_schema(empty_url)


async def test_two_processes_that_upgrade_at_once_wait_for_each_other(empty_url: str) -> None:
    """Whoever comes second finds the work done; so does everyone who comes later, and no row is touched."""
    command = [sys.executable, "-c", UPGRADE, empty_url]
    both = await asyncio.gather(*(asyncio.to_thread(subprocess.run, command, check=False) for _ in range(2)))
    assert [done.returncode for done in both] == [0, 0]
    await ask(empty_url, "INSERT INTO media_cursor VALUES ('media-0', 7)")
    await asyncio.to_thread(upgrade, empty_url)
    assert await ask(empty_url, "SELECT name, offset_bytes FROM media_cursor") == [("media-0", 7)]


async def test_another_schema_is_refused_at_start(empty_url: str, tmp_path: Path) -> None:
    """By api and worker, empty or of another version, with what to do about it."""
    settings = Settings.model_validate({"data": tmp_path / "data", "database_url": empty_url})
    await asyncio.to_thread(prepare_folders, settings)
    needed = await asyncio.to_thread(head)
    for process in (run_api, run_work):
        with pytest.raises(StartupError, match=f"at schema none, this version needs {needed}: sightline migrate"):
            await process(settings, asyncio.Event())
    await asyncio.to_thread(upgrade, empty_url)
    await check_schema(empty_url)
    await ask(empty_url, "UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(StartupError, match="at schema 0000"):
        await run_api(settings, asyncio.Event())


async def test_upload_under_way_outlives_the_upgrade(empty_url: str) -> None:
    """One that began before 0010 told nothing that could be read back."""
    await asyncio.to_thread(upgrade, empty_url, "0008")
    await ask(
        empty_url,
        "INSERT INTO upload (id, case_id, participant_id, arrival, bytes_total, state, created_at, expires_at) VALUES "
        "('01900000000070008000000000000001', '01900000000070008000000000000002', '01900000000070008000000000000003', "
        "'{}', 9, 'receiving', '2026-11-24 09:00:00', '2026-11-27 09:00:00')",
    )
    await asyncio.to_thread(upgrade, empty_url)
    assert await ask(empty_url, "SELECT state, told FROM upload") == [("receiving", "")]
