"""One viewer of one source: its connection, and its end."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from server.clock import Clock
from server.media.pump import DownLink, UpTrack, ViewerListener
from server.media.reports import PeerClosed, PeerConnected, ReportLog, header
from server.media.source import CONNECT_WITHIN_S, Source
from server.media.tasks import Tasks
from server.media.wire import Watch


@dataclass(frozen=True)
class ViewerParts:
    """What a viewer needs of its process."""

    reports: ReportLog
    clock: Clock
    open_down_link: Callable[[UpTrack, ViewerListener], DownLink]


class Viewer:
    """What `source` sends on its way to one peer, from its connection on."""

    def __init__(
        self, watch: Watch, source: Source, parts: ViewerParts, *, over: Callable[["Viewer", str], None]
    ) -> None:
        self.watch = watch
        self.source = source
        self._parts = parts
        self._over = over
        self._tasks = Tasks()
        self._connected = asyncio.Event()
        listener = ViewerListener(self._start, self._tell_over, source.ask_key_frame)
        self.link = parts.open_down_link(source.up, listener)

    async def answer(self) -> str:
        """Answer the viewer's offer. Raises: OfferRefused, and then the viewer is nothing."""
        answer_sdp = await self.link.answer(self.watch.offer_sdp)
        self._tasks.spawn(self._expect_connection())
        return answer_sdp

    async def end(self, reason: str) -> None:
        """Close the connection and report it. Call once."""
        if self._connected.is_set():
            self.source.viewers -= 1
            at = self._parts.clock()
            peer_id = self.watch.peer_id
            self._parts.reports.post(PeerClosed(**header(self.source.publish, at), peer_id=peer_id, reason=reason))
        await self.link.close()
        await self._tasks.close()

    def _start(self) -> None:
        if self._connected.is_set():
            return
        self._connected.set()
        self.source.viewers += 1
        at = self._parts.clock()
        self._parts.reports.post(PeerConnected(**header(self.source.publish, at), peer_id=self.watch.peer_id))

    def _tell_over(self, reason: str) -> None:
        self._over(self, reason)

    async def _expect_connection(self) -> None:
        try:
            async with asyncio.timeout(CONNECT_WITHIN_S):
                await self._connected.wait()
        except TimeoutError:
            self._tell_over("never_connected")
