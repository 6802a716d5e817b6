"""A running Sightline for the tests of what its worker does, and a worker with a case on each kind of store."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.config import Settings
from server.jobs.probing import probe_when_due
from tests.parts.keeping import Keep, open_keep, s3_settings_of
from tests.parts.site_fixtures import embedded_site, logs, site
from tests.parts.stores import S3Server

__all__ = ["embedded_site", "keep", "local", "logs", "s3", "site"]


@pytest.fixture
async def local(sqlite_database_url: str, tmp_path: Path) -> AsyncIterator[Keep]:
    """Give a worker on a folder and SQLite."""
    async with open_keep(
        Settings.model_validate({"data": tmp_path / "d", "database_url": sqlite_database_url})
    ) as keep:
        yield keep


@pytest.fixture
async def s3(weed: S3Server, postgres_url: str, tmp_path: Path) -> AsyncIterator[Keep]:
    """Give a worker on SeaweedFS and PostgreSQL, whose store was probed."""
    bucket = f"keep-{tmp_path.name.replace('_', '-')}"[:60].strip("-")
    weed.create_bucket(bucket)
    async with open_keep(s3_settings_of(weed, bucket, tmp_path / "d", postgres_url)) as keep:
        await probe_when_due(keep.custodian, keep.services)
        yield keep


@pytest.fixture(params=["local", "s3"])
def keep(request: pytest.FixtureRequest) -> Keep:
    """Give a worker on each kind of store."""
    opened: Keep = request.getfixturevalue(request.param)
    return opened
