"""From a command to all screens: one and ten rooms of six pages over the running product's sockets."""

import asyncio
import time
from uuid import uuid4

from evidence.records import Json
from tests.bench.lines import quantile, write_line
from tests.bench.office import Office, Room
from tests.waiting import wait_until

PAGES = 6
COMMANDS = 100


async def measure_screens(office: Office, rooms: int) -> None:
    """Let one page of each room mark the tour, all rooms at once; a sample ends when the last of its pages heard."""
    opened = [await office.open_room(PAGES) for _ in range(rooms)]
    samples = [sample for each in await asyncio.gather(*map(_marks, opened)) for sample in each]
    for room in opened:
        await room.close()
    numbers = {f"p{share:.0%}".rstrip("%"): round(quantile(samples, share) * 1000, 1) for share in (0.5, 0.99)}
    write_line(
        "command_to_all_screens_ms", rooms=rooms, pages=PAGES, commands=len(samples), pace="back to back", **numbers
    )


async def _marks(room: Room) -> list[float]:
    samples = []
    for number in range(COMMANDS):
        told: dict[str, Json] = {"request_id": str(uuid4()), "text": f"Paper {number}"}
        began = time.monotonic()
        ack = await room.pages[0].command("request.open", **told)
        seq = int(str(ack["seq"]))
        await wait_until(lambda: all(seq in page.heard_at for page in room.pages), within_s=60)  # noqa: B023
        samples.append(max(page.heard_at[seq] for page in room.pages) - began)
    return samples
