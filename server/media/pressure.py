"""How near a media process is to its limits, and what it then refuses, so that what is live goes on undisturbed."""

import asyncio
import time
from collections.abc import Callable
from enum import Enum

from server.media.errors import MediaBusy

LOOK_S = 0.5
WEIGHT = 0.25
"""Of the newest look in the running means: two seconds, so that one burst of joins is no reason to refuse."""
LAG_MOST_S = 0.25
"""A loop that wakes this late on average is overloaded, whatever its share: others have the core, or it is blocked."""
RETRY_S = 10


class Newcomer(float, Enum):
    """Who wants in, and up to which share of a core for the handling of packets they may.

    A forwarded packet costs some 20 us, so a viewer of one camera some 0.5 % of a core. A room brings several sources,
    a source brings all its viewers, and a viewer is what a tour that has begun still needs.
    """

    ROOM = 0.55
    SOURCE = 0.65
    VIEWER = 0.8


class Pressure:
    """The share of a core that packets take, and the loop's lag, as running means."""

    def __init__(self, busy_s: Callable[[], float]) -> None:
        """Take what tells the CPU time spent on packets so far, s."""
        self.share = 0.0
        """0.0 to 1.0."""
        self._busy_s = busy_s
        self.lag_s = 0.0

    async def run(self) -> None:
        """Look twice a second until cancelled."""
        began_s, spent_s = time.monotonic(), self._busy_s()
        while True:
            await asyncio.sleep(LOOK_S)
            now_s, now_spent_s = time.monotonic(), self._busy_s()
            self.note(now_s - began_s, now_spent_s - spent_s)
            began_s, spent_s = now_s, now_spent_s

    def note(self, took_s: float, spent_s: float) -> None:
        """Take one look in. Args: took_s: how long LOOK_S was; spent_s: CPU time in it."""
        self.share += WEIGHT * (min(1.0, spent_s / took_s) - self.share)
        self.lag_s += WEIGHT * (max(0.0, took_s - LOOK_S) - self.lag_s)

    def admit(self, newcomer: Newcomer) -> None:
        """Let somebody in. Raises: MediaBusy."""
        if self.share > newcomer.value or self.lag_s > LAG_MOST_S:
            raise MediaBusy(retry_after_s=RETRY_S)
