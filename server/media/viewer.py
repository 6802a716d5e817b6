"""Viewers: of one source, and of a whole room. Their connections, what they show, and their ends."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from evidence.ids import SourceId, uuid7
from server.clock import Clock
from server.media.pump import DownLink, Feed, ViewerListener
from server.media.reports import PeerClosed, PeerConnected, ReportLog, ViewerClosed, header
from server.media.source import Source, expect
from server.media.tasks import Tasks
from server.media.wire import Watch, WatchRoom


class OpenDownLink(Protocol):
    """Opens the connection to a viewer."""

    def __call__(self, listener: ViewerListener, *, only: Feed | None = None) -> DownLink:
        """Return it. Args: only: the one source it shows for good."""
        ...


@dataclass(frozen=True)
class ViewerParts:
    """What a viewer needs of its process."""

    reports: ReportLog
    clock: Clock
    open_down_link: OpenDownLink


class Viewer:
    """What `source` sends on its way to one peer, from its connection on."""

    def __init__(self, watch: Watch, source: Source, parts: ViewerParts, *, over: Callable[[UUID, str], None]) -> None:
        self.watch = watch
        self.source = source
        self._parts = parts
        self._over = over
        self._tasks = Tasks()
        self._connected = asyncio.Event()
        self.link = parts.open_down_link(ViewerListener(self._start, self._tell_over), only=source.feed)

    async def answer(self) -> str:
        """Answer the viewer's offer. Raises: OfferRefused, and then the viewer is nothing."""
        answer_sdp = await self.link.answer(self.watch.offer_sdp)
        self._tasks.spawn(expect(self._connected, tell_over=self._tell_over))
        return answer_sdp

    def drop(self, source: Source) -> bool:
        """Know that a source is over. Returns: whether the viewer is over with it."""
        return source is self.source

    async def end(self, reason: str) -> None:
        """Close the connection and report it. Call once."""
        if self._connected.is_set():
            self.source.viewers -= 1
        # Also of one that never connected: whoever opened it is counted until it is known to be over.
        told = header(self.source.publish, self._parts.clock())
        self._parts.reports.post(PeerClosed(**told, peer_id=self.watch.peer_id, reason=reason))
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
        self._over(self.watch.peer_id, reason)


class RoomViewer:
    """A viewer of a room: one connection for as long as it lasts, while sources come and go in its slots."""

    def __init__(self, watch: WatchRoom, parts: ViewerParts, *, over: Callable[[UUID, str], None]) -> None:
        self.watch = watch
        self._parts = parts
        self._over = over
        self._tasks = Tasks()
        self._connected = asyncio.Event()
        self._shown: dict[int, Source] = {}
        self.link = parts.open_down_link(ViewerListener(self._connected.set, self._tell_over))

    async def answer(self) -> str:
        """Answer the viewer's offer. Raises: OfferRefused, and then the viewer is nothing."""
        answer_sdp = await self.link.answer(self.watch.offer_sdp)
        self._tasks.spawn(expect(self._connected, tell_over=self._tell_over))
        return answer_sdp

    def show(self, sources: tuple[Source | None, ...]) -> tuple[SourceId | None, ...]:
        """Let the slots show these sources and nothing else. Returns: what each of them shows."""
        for slot in [slot for slot in self._shown if slot >= len(sources)]:
            self._set(slot, None)
        return tuple(self._set(slot, source) for slot, source in enumerate(sources))

    def drop(self, source: Source) -> bool:
        """Know that a source is over: its slot is free. Returns: False, for the viewer goes on."""
        for slot in [slot for slot, shown in self._shown.items() if shown is source]:
            self._set(slot, None)
        return False

    async def end(self, reason: str) -> None:
        """Close the connection and report it. Call once."""
        self.show(())
        report = ViewerClosed(
            id=uuid7(),
            at=self._parts.clock(),
            case_id=self.watch.case_id,
            room_id=self.watch.room_id,
            peer_id=self.watch.peer_id,
            reason=reason,
        )
        self._parts.reports.post(report)
        await self.link.close()
        await self._tasks.close()

    def _set(self, slot: int, source: Source | None) -> SourceId | None:
        before = self._shown.get(slot)
        if source is before:
            return None if source is None else source.publish.source_id
        if not self.link.show(slot, None if source is None else source.feed):
            return None
        if before is not None:
            before.viewers -= 1
            del self._shown[slot]
        if source is None:
            return None
        source.viewers += 1
        self._shown[slot] = source
        return source.publish.source_id

    def _tell_over(self, reason: str) -> None:
        self._over(self.watch.peer_id, reason)
