"""The work process: claims jobs one by one and does them, many processes at a time if need be."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import structlog

from evidence.records import Json
from server.jobs.queue import LEASE, Job, claim, finish, is_due, put_back, renew
from server.services import Services

IDLE_S = 0.25
"""How long an idle worker waits before it looks again."""
log = structlog.get_logger()


class NotYet(Exception):
    """The job waits for something that other jobs or processes do; it runs again a little later."""


JobHandler = Callable[[Services, dict[str, Json]], Awaitable[None]]
"""Does one job. It must be idempotent: a worker killed after the effect and before `finish` makes it run again."""


async def work(services: Services, handlers: Mapping[str, JobHandler], stop: asyncio.Event) -> None:
    """Do jobs until `stop` is set."""
    while not stop.is_set():
        if not await take_turn(services, handlers):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), IDLE_S)


async def take_turn(services: Services, handlers: Mapping[str, JobHandler]) -> bool:
    """Do one due job, if there is one; return whether there was."""
    async with services.database.read() as tx:
        if not await is_due(tx):
            return False
    async with services.database.write() as tx:
        claimed = await claim(tx)
    if claimed is None:
        return False
    try:
        async with _kept(services, claimed):
            await handlers[claimed.kind](services, claimed.payload)
    except NotYet as wait:
        async with services.database.write() as tx:
            await put_back(tx, claimed, f"waits for {wait}")
    except Exception as error:  # one of the three edges that must survive: a broken job must not stop the others
        log.exception("job failed", kind=claimed.kind, job=str(claimed.id), attempts=claimed.attempts)
        async with services.database.write() as tx:
            await put_back(tx, claimed, f"{type(error).__name__}: {error}")
    else:
        async with services.database.write() as tx:
            await finish(tx, claimed.id)
    return True


@asynccontextmanager
async def _kept(services: Services, claimed: Job) -> AsyncIterator[None]:
    async def keep() -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            async with services.database.write() as tx:
                await renew(tx, claimed.id)

    keeper = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeper
