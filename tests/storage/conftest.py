"""Fixtures of the storage tests: executors wide enough for a race, the parts of intake, a case."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pytest

from evidence.ids import CaseId
from evidence.intake.imaging import Imaging
from evidence.intake.staging import Staging
from evidence.locker import Intake
from evidence.objects.local import LocalStore
from evidence.objects.port import ObjectStore
from server.clock import system_clock
from server.db import Database
from tests.parts.cases import opened_case


@pytest.fixture
def store_executor() -> Iterator[Executor]:
    """Give an executor for store calls that lets sixteen writers race."""
    with ThreadPoolExecutor(16) as executor:
        yield executor


@pytest.fixture
def cpu_executor() -> Iterator[Executor]:
    """Give the bounded executor for hashing and mux work."""
    with ThreadPoolExecutor(2) as executor:
        yield executor


@pytest.fixture
async def intake(objects: ObjectStore, tmp_path: Path, cpu_executor: Executor) -> AsyncIterator[Intake]:
    """Give the parts that receive files, on each kind of store."""
    imaging = Imaging(size=2)
    yield Intake(
        objects=objects,
        staging=Staging(tmp_path / "uploads", executor=cpu_executor),
        imaging=imaging,
        cpu=cpu_executor,
        clock=system_clock,
        wrapping=bytes(32),
    )
    await imaging.close()


@pytest.fixture
async def case_id(database: Database) -> CaseId:
    """Open a case with its log."""
    return await opened_case(database)


@pytest.fixture
async def local_intake(local_objects: LocalStore, tmp_path: Path, cpu_executor: Executor) -> AsyncIterator[Intake]:
    """Give the parts that receive files on the folder store, where the kind of store does not matter."""
    imaging = Imaging(size=1)
    yield Intake(
        objects=local_objects,
        staging=Staging(tmp_path / "uploads", executor=cpu_executor),
        imaging=imaging,
        cpu=cpu_executor,
        clock=system_clock,
        wrapping=bytes(32),
    )
    await imaging.close()


@pytest.fixture
async def sqlite(sqlite_database_url: str) -> AsyncIterator[Database]:
    """Open the product's database on SQLite, where the kind of database does not matter."""
    opened = Database(sqlite_database_url, system_clock)
    yield opened
    await opened.close()
