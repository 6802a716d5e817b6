"""Asking to be let in until the media process has room: peers of a test share its core."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from tests.waiting import wait_until


class Answered(Protocol):
    """What an offer got."""

    @property
    def status(self) -> int:
        """The status of the answer."""

    @property
    def code(self) -> str:
        """The code of the problem, empty without one."""


Told = TypeVar("Told", bound=Answered)


async def until_admitted(ask: Callable[[], Awaitable[Told]]) -> Told:
    """Ask again while the process is busy, as pages and encoders do; any other refusal fails."""

    async def answered() -> Told | None:
        told = await ask()
        return None if told.code == "media_busy" else told

    told = await wait_until(answered, within_s=30)
    assert told is not None
    assert told.status == 201, told
    return told
