"""Engines, the unit of work and the wake-up that follows a commit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from evidence.ledger.actions import append_all
from evidence.ledger.transaction import Transaction
from server.clock import Clock

FAILURES = (SQLAlchemyError, OSError)
"""What a database raises that is away or in trouble; a follower that meets it tries again."""
CHANNEL = "sightline_entries"
"""PostgreSQL channel notified by each commit that appended entries; it carries no data."""


class Database:
    """One writer and one reader engine over the same database.

    On SQLite the writer has a single connection, so that writers queue in the event loop and not in SQLite's busy
    handler, and every write transaction begins IMMEDIATE: the default loses updates without an error.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        self.url = url
        self.clock = clock
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            self.writer = _sqlite_engine(url, writable=True)
            self.reader = _sqlite_engine(url, writable=False)
        else:
            self.writer = create_async_engine(url, pool_size=10, max_overflow=0, pool_pre_ping=True)
            # One state for all statements of a read; PostgreSQL's default gives each statement a newer one.
            self.reader = self.writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """Run one unit of work: state changes, then their ledger entries, then commit; all or nothing."""
        async with self.writer.begin() as connection:
            tx = Transaction(connection, now=self.clock())
            yield tx
            tx.appended = await append_all(tx)
            if tx.appended and not self.is_sqlite:
                await connection.execute(text(f"NOTIFY {CHANNEL}"))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """Read from one consistent state; writing is an error."""
        async with self.reader.connect() as connection:
            yield Transaction(connection, now=self.clock())
            await connection.rollback()

    async def close(self) -> None:
        """Close every connection."""
        await self.writer.dispose()
        await self.reader.dispose()


def _sqlite_engine(url: str, *, writable: bool) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=1 if writable else 4, max_overflow=0, pool_timeout=60)

    def connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # SQLAlchemy's begin event below starts transactions, not the driver
        cursor = connection.cursor()
        pragmas = ["busy_timeout=10000", "foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"]
        for pragma in pragmas if writable else [*pragmas[:2], "query_only=ON"]:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writable else "BEGIN")

    event.listen(engine.sync_engine, "connect", connect)
    event.listen(engine.sync_engine, "begin", begin)
    return engine
