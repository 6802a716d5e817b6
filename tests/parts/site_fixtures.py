"""Fixtures of a running Sightline; a conftest that wants them imports them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.observability import configure_logs
from tests.parts.site import Site, media_beside, open_site


@pytest.fixture(scope="session", autouse=True)
def logs() -> None:
    """Log as the product does: a bug's traceback is then written without reading files on the loop."""
    configure_logs("api")


@pytest.fixture
async def site(database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    """Serve the whole API, without a media process, on SQLite and on PostgreSQL."""
    async with open_site(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def embedded_site(sqlite_database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    """Serve the whole API, without a media process, on SQLite: where the kind of database does not matter."""
    async with open_site(sqlite_database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def live_site(embedded_site: Site) -> AsyncIterator[Site]:
    """Serve the whole API with its media process; the session is live, with the lead and a guest's phone in it."""
    async with media_beside(embedded_site):
        await embedded_site.go_live()
        yield embedded_site
        await embedded_site.stop_api()
