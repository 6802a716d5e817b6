"""Waiting for facts. The one place of the suite that sleeps: between two looks, and never longer than its bound."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar, overload

Seen = TypeVar("Seen")

POLL_S = 0.02
"""Time between two looks; short against every bound used here, long against the cost of a look."""


@overload
async def wait_until(look: Callable[[], Awaitable[Seen]], *, within_s: float = 10.0) -> Seen: ...


@overload
async def wait_until(look: Callable[[], Seen], *, within_s: float = 10.0) -> Seen: ...


async def wait_until(look: Callable[[], Seen | Awaitable[Seen]], *, within_s: float = 10.0) -> Seen:
    """Return the first truthy result of `look`, a function or a coroutine function.

    Args:
        look: called every 20 ms from now on; what it raises is raised.
        within_s: bound in seconds of the monotonic clock.

    Raises: AssertionError when the bound passes; it shows the last result.
    """
    deadline = time.monotonic() + within_s
    while True:
        result = look()
        seen = await result if inspect.isawaitable(result) else result
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not seen within {within_s} s; last: {seen!r}")
        await asyncio.sleep(POLL_S)


async def let_pass(seconds: float) -> None:
    """Let a time pass that is itself what is made or measured: a cut, a rate. Tests wait for facts instead."""
    await asyncio.sleep(max(0.0, seconds))


def wait_until_blocking(look: Callable[[], Seen], *, within_s: float = 10.0) -> Seen:
    """Do as `wait_until`, for tests and fixtures without an event loop."""
    deadline = time.monotonic() + within_s
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not seen within {within_s} s; last: {seen!r}")
        time.sleep(POLL_S)
