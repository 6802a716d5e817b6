"""One of several media processes killed: it comes back by itself, and the other never noticed."""

import asyncio
import os
import signal

from server.config import load_settings
from server.processes import ProcessLock
from tests.parts.product import product
from tests.waiting import wait_until


async def test_killed_media_process_comes_back_and_the_other_stays() -> None:
    with product(media_processes="2") as found:
        runtime = load_settings(found.environment).runtime
        locks = [ProcessLock(runtime, name) for name in ("media", "media-1")]

        async def pids() -> list[int | None]:
            holders = [await asyncio.to_thread(lock.holder) for lock in locks]
            return [None if holder is None else holder.pid for holder in holders]

        before = await pids()
        assert None not in before
        assert before[0] != before[1]
        os.kill(before[1] or 0, signal.SIGKILL)

        async def back() -> bool:
            now = await pids()
            return now[1] not in {None, before[1]} and await asyncio.to_thread(found.is_ready)

        await wait_until(back, within_s=60)
        assert (await pids())[0] == before[0]
