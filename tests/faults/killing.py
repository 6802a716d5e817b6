"""A running product whose processes a test kills, and how each comes back."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from server.config import load_settings
from server.processes import ProcessLock
from tests.parts.product import Product, product, serving
from tests.parts.running import outside
from tests.waiting import wait_until

KINDS = ("api", "media", "work", "serve")
BACK_WITHIN_S = 120.0


class Victim:
    """The product as a test kills it: `serve` is its supervisor."""

    def __init__(self, found: Product, stack: ExitStack) -> None:
        self.product = found
        self.kills: list[str] = []
        self._stack = stack
        runtime = load_settings(found.environment).runtime
        self._locks = {kind: ProcessLock(runtime, kind) for kind in KINDS}

    async def pid(self, kind: str) -> int | None:
        """Return the process of this kind, None while there is none."""
        holder = await asyncio.to_thread(self._locks[kind].holder)
        return None if holder is None else holder.pid

    async def kill(self, kind: str) -> None:
        """Kill -9 one process and wait until everything answers again; only a supervisor is started by hand."""
        before = {each: await self.pid(each) for each in KINDS}
        pid = before.pop(kind)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        self.kills.append(kind)

        async def gone() -> bool:
            return await self.pid(kind) != pid

        async def back() -> bool:
            return await self.pid(kind) not in {None, pid} and await asyncio.to_thread(self.product.is_ready)

        await wait_until(gone)
        if kind == "serve":
            self._stack.enter_context(serving(self.product, ready=lambda: True))
        await wait_until(back, within_s=BACK_WITHIN_S)
        assert {each: await self.pid(each) for each in before} == before

    async def fsck(self) -> str:
        """Return what `sightline fsck` says."""
        command = [sys.executable, "-m", "server", "fsck"]
        environment = {**outside(), **self.product.environment, "PYTHONPATH": str(Path(__file__).parents[2])}
        checking = await asyncio.create_subprocess_exec(
            *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await asyncio.wait_for(checking.communicate(), 120)
        return said.decode()

    def end(self) -> None:
        """Kill whatever a failed test left without a supervisor."""
        for lock in self._locks.values():
            holder = lock.holder()
            if holder is not None:
                os.kill(holder.pid, signal.SIGKILL)


@asynccontextmanager
async def victim() -> AsyncIterator[Victim]:
    """Run the product until the block ends."""
    with product() as running:
        supervisors = ExitStack()
        found = Victim(running, supervisors)
        try:
            with supervisors:
                yield found
        finally:
            if "serve" in found.kills:
                await asyncio.to_thread(found.end)
