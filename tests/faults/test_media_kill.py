"""One of several media processes killed: it comes back by itself. One too many: what it has is filed first."""

import asyncio
import os
import signal
from functools import partial

from server.config import load_settings
from server.live.store import get_offset
from server.media.reports import reports_path
from server.processes import ProcessLock
from server.wiring import open_services
from tests.media.test_surplus import leave_behind, only_source
from tests.parts.product import Product, product, serving
from tests.parts.running import LOOPBACK, free_port, part_folder
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


async def test_process_too_many_is_started_once_more_to_empty_its_spool() -> None:
    """By the supervisor, beside the one that is wanted; what it reports is read, though nobody waits for it."""
    with part_folder("surplus") as folder:
        port = free_port()
        environment = {"SIGHTLINE_DATA": str(folder / "data"), "SIGHTLINE_PORT": str(port)}
        settings = load_settings(environment)
        await asyncio.to_thread(settings.root.mkdir)
        room = await leave_behind(settings)
        source_id = await only_source(room)
        found = Product(f"http://{LOOPBACK}:{port}", settings.root, folder / "output.log", environment)
        with serving(found, ready=found.is_ready):
            (segment,) = await wait_until(partial(room.segments, source_id), within_s=30)
            assert await asyncio.to_thread(room.stored(segment).exists)
            size = await asyncio.to_thread(lambda: reports_path(settings.root, room.settings.name).stat().st_size)

            async def are_read() -> bool:
                async with open_services(settings) as services, services.database.read() as tx:
                    return await get_offset(tx, room.settings.name) == size

            await wait_until(are_read)
