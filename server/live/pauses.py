"""Tells everybody in a room which sources are interrupted now, and states an interruption once all is known of it.

What goes on is state and no entry, so the pages are told the whole of it each time it changes and when they come.
"""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog

from server.db import FAILURES, Database
from server.live.messages import OpenInterruption, Paused
from sessions.tour.interruption_rules import Interruption, going_on, is_due
from sessions.tour.interruption_store import list_unstated
from sessions.tour.interruptions import settle_interruptions

LOOK_S = 0.25
"""How old the news may be; a look reads a handful of rows."""
log = structlog.get_logger()
Tell = Callable[[Paused], Awaitable[None]]
"""Sends the message to everybody who watches its validation."""


class Pauses:
    """Follows what is interrupted. `run` tells all watchers of what changes; who comes later asks `now`."""

    def __init__(self, database: Database, tell: Tell) -> None:
        self._database = database
        self._tell = tell
        self._told: dict[UUID, Paused] = {}

    async def now(self, validation_id: UUID) -> Paused:
        """Return what is interrupted in a validation."""
        async with self._database.read() as tx:
            present = _going_on(await list_unstated(tx))
        return present.get(validation_id, Paused(validation_id=validation_id, interruptions=()))

    async def run(self) -> None:
        """Look four times a second, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self._look()
            except FAILURES:
                log.exception("interruptions not looked at; it runs again")

    async def _look(self) -> None:
        async with self._database.read() as tx:
            rows = await list_unstated(tx)
        present = _going_on(rows)
        for validation_id in self._told.keys() - present.keys():
            await self._tell(Paused(validation_id=validation_id, interruptions=()))
        for validation_id, paused in present.items():
            if self._told.get(validation_id) != paused:
                await self._tell(paused)
        self._told = present
        if any(is_due(row, tx.now) for row in rows):
            async with self._database.write() as tx:
                await settle_interruptions(tx)


def _going_on(rows: tuple[Interruption, ...]) -> dict[UUID, Paused]:
    found: dict[UUID, list[OpenInterruption]] = {}
    for row in rows:
        present = going_on(row)
        if present is not None:
            cause, since = present
            one = OpenInterruption(interruption_id=row.id, source_id=row.source_id, cause=cause, since=since)
            found.setdefault(row.validation_id, []).append(one)
    return {key: Paused(validation_id=key, interruptions=tuple(going)) for key, going in found.items()}
