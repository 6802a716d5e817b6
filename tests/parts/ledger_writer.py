"""A process that appends to a log, for tests with several: `python -m tests.parts.ledger_writer URL LOG NAME COUNT`."""

import asyncio
import sys
from typing import ClassVar
from uuid import UUID

from evidence.ids import LogId
from evidence.ledger.events import Actor, EntryClass, Event
from server.clock import system_clock
from server.db import Database


class StepTaken(Event):
    """A step of a writer."""

    TAG: ClassVar[str] = "test.step_taken"
    writer: str
    step: int


class NoteTaken(Event):
    """Something for government eyes."""

    TAG: ClassVar[str] = "test.note_taken"
    ENTRY_CLASS: ClassVar[EntryClass] = EntryClass.GOVERNMENT
    text: str


def writer_actor(name: str) -> Actor:
    """Return the actor of the entries of one writer."""
    return Actor(kind="system", id=name, name=name)


async def write_steps(database: Database, log_id: LogId, *, name: str, count: int) -> None:
    """Append `count` entries, each in a unit of work of its own."""
    for step in range(count):
        async with database.write() as tx:
            tx.record(log_id, StepTaken(writer=name, step=step), writer_actor(name))


async def _main(url: str, log_id: LogId, name: str, count: int) -> None:
    database = Database(url, system_clock)
    try:
        await write_steps(database, log_id, name=name, count=count)
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], LogId(UUID(sys.argv[2])), sys.argv[3], int(sys.argv[4])))
