"""Fixtures of the storage tests: bounded executors and an object store of each kind."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from evidence.objects.local import LocalStore
from evidence.objects.probe import ProvableStore
from evidence.objects.s3 import S3Settings, S3Store
from tests.parts.stores import S3Server


@pytest.fixture
def store_executor() -> Iterator[ThreadPoolExecutor]:
    """Give the bounded executor for store calls."""
    with ThreadPoolExecutor(16, thread_name_prefix="store") as executor:
        yield executor


@pytest.fixture
def cpu_executor() -> Iterator[ThreadPoolExecutor]:
    """Give the bounded executor for hashing and mux work."""
    with ThreadPoolExecutor(2, thread_name_prefix="cpu") as executor:
        yield executor


@pytest.fixture(params=["local", "s3"])
def objects(
    request: pytest.FixtureRequest, tmp_path: Path, store_executor: ThreadPoolExecutor
) -> Iterator[ProvableStore]:
    """Give an empty object store of this test's own, once a folder and once a SeaweedFS bucket."""
    if request.param == "local":
        yield LocalStore(tmp_path / "objects", executor=store_executor)
        return
    server: S3Server = request.getfixturevalue("s3_settings")
    settings = S3Settings(
        endpoint=server.endpoint,
        region=server.region,
        bucket=request.getfixturevalue("s3_bucket"),
        access_key=SecretStr(server.access_key),
        secret_key=SecretStr(server.secret_key),
    )
    store = S3Store(settings, executor=store_executor)
    yield store
    store.close()
