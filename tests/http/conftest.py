"""A running API for each test, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.http.house import House, open_house, settle_in
from tests.parts.site_fixtures import embedded_site, live_site, logs, site

__all__ = ["embedded_site", "house", "live_site", "logs", "site"]


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """Run the API with people of an office and of two companies."""
    async with open_house(database_url, tmp_path) as opened:
        await settle_in(opened)
        yield opened
