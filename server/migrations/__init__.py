"""The schema's history, and the way to the newest."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import event, inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from server.errors import StartupError

HERE = Path(__file__).parent
LOCK = 5167
"""Advisory lock on PostgreSQL: two processes that migrate at once wait for each other."""
WAIT_MS = 60_000
"""How long a process waits on SQLite for another one that migrates."""


def configuration() -> Config:
    """Return Alembic's configuration; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    return config


def head() -> str:
    """Return the newest revision."""
    revision = ScriptDirectory.from_config(configuration()).get_current_head()
    if revision is None:
        raise StartupError("this copy of Sightline has no migrations")
    return revision


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to `revision`; not to be called in a running event loop."""
    asyncio.run(_upgrade(url, revision))


async def _upgrade(url: str, revision: str) -> None:
    engine = create_async_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        _begin_immediately(engine)
    try:
        async with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
                await connection.execute(text("SET LOCAL lock_timeout = '10s'"))
                await connection.execute(text("SET LOCAL statement_timeout = '10min'"))
            await connection.run_sync(_migrate, revision)
    finally:
        await engine.dispose()


def _begin_immediately(engine: AsyncEngine) -> None:
    """Let SQLite do all in one transaction and take turns; its driver would commit every CREATE by itself."""

    def connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={WAIT_MS}")
        cursor.close()

    event.listen(engine.sync_engine, "connect", connect)
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))


def _migrate(connection: Connection, revision: str) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def check_schema(url: str) -> None:
    """Refuse a database whose schema is not this version's; raises StartupError."""
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            found = await connection.run_sync(_revision)
    finally:
        await engine.dispose()
    needed = await asyncio.to_thread(head)
    if found != needed:
        raise StartupError(
            f"the database is at schema {found or 'none'}, this version needs {needed}: sightline migrate"
        )


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
