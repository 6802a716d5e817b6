"""Reads the logs that somebody watches after every commit and sends the new entries. Nothing is emitted by hand."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from evidence.ids import CaseId, case_log
from evidence.ledger.events import Entry
from evidence.ledger.rules import Audience
from evidence.ledger.store import get_log, read_entries
from server.db import Database

BATCH = 500
RETRY_S = 0.5
log = structlog.get_logger()
Deliver = Callable[[UUID, Audience, tuple[Entry, ...]], Awaitable[None]]
"""Sends entries of one validation to everybody of one audience who watches it."""


class Broadcaster:
    """Follows each watched case and delivers what is new, in seq order, to each audience that watches it."""

    def __init__(self, database: Database, bell: asyncio.Event, deliver: Deliver) -> None:
        self._database = database
        self._bell = bell
        self._deliver = deliver
        self._turn = asyncio.Lock()
        self._cursors: dict[tuple[UUID, Audience], int] = {}

    async def watch(self, validation_id: UUID, audience: Audience) -> None:
        """Follow a case for an audience from its present end on; catching up is the subscriber's own business."""
        key = validation_id, audience
        if key not in self._cursors:
            async with self._database.read() as tx:
                size = (await get_log(tx, case_log(CaseId(validation_id)))).size
            self._cursors.setdefault(key, size - 1)

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Deliver nothing while the block runs, so that a page can be brought up to date and then join the others."""
        async with self._turn:
            yield

    def unwatch(self, validation_id: UUID, audience: Audience) -> None:
        """Stop following a case that nobody of this audience watches any longer."""
        self._cursors.pop((validation_id, audience), None)

    async def run(self) -> None:
        """Deliver after each ring of the bell, until cancelled."""
        while True:
            await self._bell.wait()
            self._bell.clear()
            try:
                for key in list(self._cursors):
                    async with self._turn:
                        await self._advance(key)
            except (SQLAlchemyError, OSError):
                log.exception("broadcast failed; the same entries are read again")
                await asyncio.sleep(RETRY_S)
                self._bell.set()

    async def _advance(self, key: tuple[UUID, Audience]) -> None:
        validation_id, audience = key
        while key in self._cursors:
            after = self._cursors[key]
            async with self._database.read() as tx:
                entries = await read_entries(
                    tx, case_log(CaseId(validation_id)), after=after, limit=BATCH, audience=audience
                )
            if not entries:
                return
            await self._deliver(validation_id, audience, entries)
            if key in self._cursors:
                self._cursors[key] = entries[-1].seq
