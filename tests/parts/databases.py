"""A database with the current schema for one test, on SQLite or PostgreSQL, copied from a template of the session."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

from sqlalchemy.ext.asyncio import create_async_engine

from evidence.tables import metadata
from server.migrations import upgrade
from tests.parts.postgres import PostgresServer

ROOT = Path(__file__).parents[2]


def table_modules() -> set[str]:
    """Return the name of every module called `tables`."""
    paths = [path for package in ("evidence", "sessions", "server") for path in (ROOT / package).rglob("tables.py")]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths}


def load_tables() -> None:
    """Import every `tables` module, so that the one MetaData knows all tables."""
    for name in sorted(table_modules()):
        import_module(name)


async def create_schema(url: str) -> None:
    """Bring the empty database at `url` to the present schema, as a deployment is brought there."""
    await asyncio.to_thread(upgrade, url)


async def create_tables(url: str) -> None:
    """Create all tables and triggers in the empty database at `url` from the models."""
    load_tables()
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
    finally:
        await engine.dispose()


def sqlite_url(path: Path) -> str:
    """Return the SQLAlchemy URL of a database file."""
    return f"sqlite+aiosqlite:///{path}"


def copy_sqlite(template: Path, folder: Path) -> str:
    """Copy the template file into `folder` and return the copy's URL."""
    copy = folder / "sightline.sqlite3"
    shutil.copyfile(template, copy)
    return sqlite_url(copy)


@asynccontextmanager
async def postgres_copy(server: PostgresServer, template: str) -> AsyncIterator[str]:
    """Give the URL of a copy of the template database; it is dropped when the block ends."""
    name = await server.create_database(template=template)
    try:
        yield server.url(name)
    finally:
        await server.drop_database(name)
