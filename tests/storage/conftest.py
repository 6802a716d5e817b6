"""Fixtures of the storage tests: executors wide enough for a race."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest


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
