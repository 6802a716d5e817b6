"""`python -m tests.bench`: everything that is measured, a JSON line each."""

import asyncio

from tests.bench.office import working_office
from tests.bench.pages import measure_pages
from tests.bench.screens import measure_screens
from tests.bench.volumes import measure_volumes


async def measure() -> None:
    """Measure on a product of our own, started afresh."""
    measure_pages()
    async with working_office() as office:
        for rooms in (1, 10):
            await measure_screens(office, rooms)
        await measure_volumes(office)


asyncio.run(measure())
