"""Tells a process that something was committed, here or in another process. Carries no data."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite
import asyncpg
from sqlalchemy.engine import make_url

from server.db import CHANNEL, Database

POLL_S = 0.03
"""SQLite has no notifications; its `data_version` costs about 30 us to read: 0.1 % of a core at this rate."""
RECONNECT_S = 1.0


async def listen(database: Database, bell: asyncio.Event) -> None:
    """Set `bell` whenever another commit may have appended entries; runs until cancelled."""
    if database.is_sqlite:
        await _poll(Path(make_url(database.url).database or ""), bell)
    else:
        await _listen(database.url.replace("+asyncpg", ""), bell)


async def _poll(path: Path, bell: asyncio.Event) -> None:
    # data_version changes on this connection only when another connection commits, and this one never writes.
    async with aiosqlite.connect(f"file:{path}?mode=ro", uri=True) as connection:
        seen = -1
        while True:
            async with connection.execute("PRAGMA data_version") as cursor:
                row = await cursor.fetchone()
            version = int(row[0]) if row else -1
            if version != seen:
                seen = version
                bell.set()
            await asyncio.sleep(POLL_S)


async def _listen(url: str, bell: asyncio.Event) -> None:
    while True:
        try:
            async with _listening(url, bell) as lost:
                bell.set()  # whatever was committed before we listened
                await lost.wait()
        except (OSError, asyncpg.PostgresError):
            pass
        await asyncio.sleep(RECONNECT_S)


@asynccontextmanager
async def _listening(url: str, bell: asyncio.Event) -> AsyncIterator[asyncio.Event]:
    lost = asyncio.Event()
    connection = await asyncpg.connect(url)
    try:
        connection.add_termination_listener(lambda _connection: lost.set())
        await connection.add_listener(CHANNEL, lambda *_notification: bell.set())
        yield lost
    finally:
        await connection.close(timeout=2)
