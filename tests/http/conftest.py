"""A running API for each test, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.observability import configure_logs
from tests.http.house import House, open_house, settle_in


@pytest.fixture(scope="session", autouse=True)
def logs() -> None:
    """Log as the product does: a bug's traceback is then written without reading files on the loop."""
    configure_logs("api")


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """Run the API with people of an office and of two companies."""
    async with open_house(database_url, tmp_path) as opened:
        await settle_in(opened)
        yield opened
