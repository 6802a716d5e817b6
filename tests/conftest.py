"""Fixtures of the whole suite: the real parts, a database and an object store for each test, and what is refused."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from evidence.objects.local import LocalStore
from evidence.objects.local_custody import LocalCustody
from evidence.objects.s3 import S3Store
from evidence.objects.s3_connection import S3Settings
from evidence.objects.s3_custody import S3Custody
from server.clock import system_clock
from server.db import Database
from tests.parts.databases import copy_sqlite, create_schema, postgres_copy, sqlite_url
from tests.parts.guards import keep_traffic_local, loop_kept_free
from tests.parts.others import RelayServer, ScannerServer, clamd_server, coturn_server, redis_server
from tests.parts.postgres import PostgresServer, postgres_server
from tests.parts.stores import S3Server, s3_server

keep_traffic_local()


@pytest.fixture(autouse=True)
def loop_guard() -> Iterator[None]:
    """Fail a test in which our code blocks the event loop."""
    with loop_kept_free():
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Run one PostgreSQL server for the session."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    """Create the database that every test's database is copied from."""

    async def create() -> str:
        name = await postgres.create_database()
        await create_schema(postgres.url(name))
        return name

    return asyncio.run(create())


@pytest.fixture
async def postgres_url(postgres: PostgresServer, postgres_template: str) -> AsyncIterator[str]:
    """Give the URL of a PostgreSQL database of this test's own, with the schema."""
    async with postgres_copy(postgres, postgres_template) as url:
        yield url


@pytest.fixture
async def empty_postgres_url(postgres: PostgresServer) -> AsyncIterator[str]:
    """Give the URL of an empty PostgreSQL database of this test's own."""
    async with postgres_copy(postgres, "template1") as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create the SQLite file that every test's database is copied from."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    asyncio.run(create_schema(sqlite_url(path)))
    return path


@pytest.fixture
def sqlite_database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Give the URL of a SQLite database of this test's own, with the schema."""
    return copy_sqlite(sqlite_template, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the URL of a database of this test's own, once on SQLite and once on PostgreSQL."""
    name = "sqlite_database_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Open the product's database on SQLite and on PostgreSQL."""
    opened = Database(database_url, system_clock)
    try:
        yield opened
    finally:
        await opened.close()


@pytest.fixture(scope="session")
def weed() -> Iterator[S3Server]:
    """Run one SeaweedFS for the session."""
    with s3_server() as server:
        yield server


@pytest.fixture
def s3_settings(weed: S3Server) -> S3Settings:
    """Give the settings of a bucket of this test's own, with Object Lock."""
    bucket = f"t-{uuid4().hex[:16]}"
    weed.create_bucket(bucket)
    return weed.settings(bucket)


@pytest.fixture
def store_executor() -> Iterator[Executor]:
    """Give the bounded executor that a process gives its store."""
    with ThreadPoolExecutor(4) as executor:
        yield executor


@pytest.fixture
def local_objects(tmp_path: Path, store_executor: Executor) -> LocalStore:
    """Open a local store in a folder of this test's own."""
    return LocalStore(tmp_path / "objects", executor=store_executor)


@pytest.fixture
def s3_objects(s3_settings: S3Settings, store_executor: Executor) -> Iterator[S3Store]:
    """Open an S3 store on a bucket of this test's own."""
    store = S3Store(s3_settings, executor=store_executor)
    yield store
    store.close()


@pytest.fixture
def local_custody(local_objects: LocalStore, store_executor: Executor) -> LocalCustody:
    """Open the lock of the local store."""
    return LocalCustody(local_objects.root, executor=store_executor, clock=system_clock)


@pytest.fixture
def s3_custody(weed: S3Server, s3_settings: S3Settings, store_executor: Executor) -> Iterator[S3Custody]:
    """Open the lock of the S3 store's bucket, with the custodian's key."""
    custody = S3Custody(weed.custodian_settings(s3_settings.bucket), executor=store_executor)
    yield custody
    custody.close()


@pytest.fixture
def custody(request: pytest.FixtureRequest, objects: LocalStore | S3Store) -> LocalCustody | S3Custody:
    """Open the lock of the very store that `objects` gives."""
    kind = "local" if isinstance(objects, LocalStore) else "s3"
    opened: LocalCustody | S3Custody = request.getfixturevalue(f"{kind}_custody")
    return opened


@pytest.fixture(params=["local", "s3"])
def objects(request: pytest.FixtureRequest) -> LocalStore | S3Store:
    """Open an empty object store, once in a folder and once on S3."""
    store: LocalStore | S3Store = request.getfixturevalue(f"{request.param}_objects")
    return store


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Run one Redis for the session."""
    with redis_server() as url:
        yield url


@pytest.fixture(scope="session")
def clamd() -> Iterator[ScannerServer]:
    """Run one clamd for the session; it knows the EICAR text only."""
    with clamd_server() as server:
        yield server


@pytest.fixture(scope="session")
def coturn() -> Iterator[RelayServer]:
    """Run one coturn for the session."""
    with coturn_server() as server:
        yield server
