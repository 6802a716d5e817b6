"""Owned background work: every task has an owner that ends it and hears of its failure."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial

import structlog

LOG = structlog.get_logger(__name__)


class Tasks:
    """The tasks of one owner. A task that fails is logged once and its `failed` is called; the others go on."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[None, None, None], *, failed: Callable[[], None] | None = None) -> None:
        """Run `work` until it ends or `close` cancels it."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(partial(self._finish, failed))

    async def close(self) -> None:
        """Cancel what still runs and wait for its end; a task may close the owner of others, not its own."""
        running = [task for task in self._running if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)

    def _finish(self, failed: Callable[[], None] | None, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if task.cancelled() or task.exception() is None:
            return
        LOG.error("media task failed", exc_info=task.exception())
        if failed is not None:
            failed()
