"""Rooms, sources and viewers: what the API asked for, kept true. Never looks into a frame."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from typing import TypeVar
from uuid import UUID

from evidence.ids import SourceId
from server.media.errors import OfferRefused, SourceUnknown, StillUnavailable
from server.media.hiding import Hidings
from server.media.source import Source, SourceParts
from server.media.stills import take_still
from server.media.tasks import Tasks
from server.media.viewer import RoomViewer, Viewer, ViewerParts
from server.media.wire import (
    Answered,
    OfferFault,
    Patched,
    PatchIce,
    Publish,
    SetPrivate,
    Shown,
    ShowSources,
    SourceStats,
    Still,
    Watch,
    WatchRoom,
)

TICK_S = 0.5
ENDED_REMEMBERED = 10_000
"""Ended sources whose ids are refused; more than one process has in a day."""
Key = TypeVar("Key", SourceId, UUID)


class Forwarder:
    """All sources and viewers of one media process. Every call may be repeated."""

    def __init__(self, source_parts: SourceParts, viewer_parts: ViewerParts, *, executor: Executor) -> None:
        """Take what sources and viewers need, and the executor that stills are decoded in."""
        self.stills_decoded = 0
        self._source_parts = source_parts
        self._viewer_parts = viewer_parts
        self._executor = executor
        self._tasks = Tasks()
        self._sources: dict[SourceId, Source] = {}
        self._viewers: dict[UUID, Viewer | RoomViewer] = {}
        self._answers: dict[SourceId | UUID, asyncio.Future[str]] = {}
        self._ended: OrderedDict[SourceId, None] = OrderedDict()
        self._hidings = Hidings()

    async def run(self) -> None:
        """Look after all sources until cancelled."""
        while True:
            await asyncio.sleep(TICK_S)
            for source in list(self._sources.values()):
                source.tick()

    async def publish(self, publish: Publish) -> Answered:
        """Take a source and return the answer. Raises: OfferRefused; SourceUnknown when it has ended before."""
        known = self._sources.get(publish.source_id)
        if known is not None:
            same = known.publish.offer_sdp == publish.offer_sdp
            return Answered(answer_sdp=await self._same_answer(publish.source_id, same=same), etag=known.up.etag)
        if publish.source_id in self._ended:
            raise SourceUnknown(source_id=str(publish.source_id))
        if publish.private:
            self._hidings.hide(publish.room_id)
        private = self._hidings.is_hidden(publish.room_id)
        source = Source(publish.model_copy(update={"private": private}), self._source_parts, over=self._source_over)
        self._sources[publish.source_id] = source
        answer = await self._answer(
            publish.source_id, source.answer, refused=lambda: self.unpublish(publish.source_id, "refused")
        )
        return Answered(answer_sdp=answer, etag=source.up.etag)

    async def unpublish(self, source_id: SourceId, reason: str) -> None:
        """End a source and its viewers at once."""
        source = self._sources.pop(source_id, None)
        if source is None:
            return
        self._answers.pop(source_id, None)
        self._ended[source_id] = None
        if len(self._ended) > ENDED_REMEMBERED:
            self._ended.popitem(last=False)
        watching = [peer_id for peer_id, viewer in self._viewers.items() if viewer.drop(source)]
        async with asyncio.TaskGroup() as group:
            group.create_task(source.end(reason))
            for peer_id in watching:
                group.create_task(self.unwatch(peer_id, "source_ended"))

    async def watch(self, watch: Watch) -> Answered:
        """Send a source to a viewer and return the answer. Raises: SourceUnknown, OfferRefused."""
        return await self._take_viewer(
            watch,
            lambda: Viewer(watch, self._source(watch.source_id), self._viewer_parts, over=self._viewer_over),
        )

    async def watch_room(self, watch: WatchRoom) -> Answered:
        """Open a connection to a viewer of a room. Raises: OfferRefused."""
        return await self._take_viewer(watch, lambda: RoomViewer(watch, self._viewer_parts, over=self._viewer_over))

    def show(self, request: ShowSources) -> Shown:
        """Say what the slots of a room's viewer show. Raises: SourceUnknown when there is no such viewer."""
        viewer = self._viewers.get(request.peer_id)
        if not isinstance(viewer, RoomViewer):
            raise SourceUnknown(source_id=str(request.peer_id))
        sources = [None if source_id is None else self._sources.get(source_id) for source_id in request.sources]
        room_id = viewer.watch.room_id
        here = tuple(source if source and source.publish.room_id == room_id else None for source in sources)
        return Shown(sources=viewer.show(here))

    def patch(self, request: PatchIce) -> Patched:
        """Take a fragment of a peer's ICE. Raises: SourceUnknown, OfferRefused, IceSessionChanged."""
        source, viewer = self._sources.get(SourceId(request.peer_id)), self._viewers.get(request.peer_id)
        if source is not None:
            return source.up.patch(request.fragment, request.if_match)
        if viewer is not None:
            return viewer.link.patch(request.fragment, request.if_match)
        raise SourceUnknown(source_id=str(request.peer_id))

    async def unwatch(self, peer_id: UUID, reason: str) -> None:
        """End a viewer at once."""
        viewer = self._viewers.pop(peer_id, None)
        self._answers.pop(peer_id, None)
        if viewer is not None:
            await viewer.end(reason)

    def set_private(self, request: SetPrivate) -> None:
        """Turn storing of a room's sources off or on, present ones and those to come."""
        if request.on:
            self._hidings.hide(request.room_id)
        elif not self._hidings.end(request.room_id, hiding=request.hiding):
            return
        for source in self._sources.values():
            if source.publish.room_id == request.room_id:
                source.set_private(on=request.on)

    async def still(self, source_id: SourceId) -> tuple[Still, bytes]:
        """Decode a picture of the source. Raises: SourceUnknown, StillUnavailable."""
        source = self._source(source_id)
        room, hiding = source.publish.room_id, self._hidings.last(source.publish.room_id)
        found = await take_still(source, executor=self._executor)
        # Asked for before and decoded after such a span it may show what was hidden.
        if self._hidings.is_hidden(room) or self._hidings.last(room) != hiding:
            raise StillUnavailable(source_id=str(source_id))
        self.stills_decoded += 1
        return found

    def stats(self) -> tuple[SourceStats, ...]:
        """Return every live source."""
        # The room's state, not the recorder's: a source that is not recorded is told of it all the same.
        return tuple(
            source.stats().model_copy(
                update={
                    "private": self._hidings.is_hidden(source.publish.room_id),
                    "hiding": self._hidings.last(source.publish.room_id),
                }
            )
            for source in self._sources.values()
        )

    def knows(self, peer_id: UUID) -> bool:
        """Say whether a source or a viewer is in."""
        return SourceId(peer_id) in self._sources or peer_id in self._viewers

    def has_room(self, room_id: UUID) -> bool:
        """Say whether a room has a live source."""
        return any(source.publish.room_id == room_id for source in self._sources.values())

    @property
    def peers(self) -> tuple[UUID, ...]:
        """The viewers, connected or about to be."""
        return tuple(self._viewers)

    @property
    def answers(self) -> int:
        """How many answers are kept for whoever asks again."""
        return len(self._answers)

    async def close(self, reason: str) -> None:
        """End everything and wait for it."""
        async with asyncio.TaskGroup() as group:
            for source_id in list(self._sources):
                group.create_task(self.unpublish(source_id, reason))
        async with asyncio.TaskGroup() as group:
            for peer_id in list(self._viewers):
                group.create_task(self.unwatch(peer_id, reason))
        await self._tasks.close()

    async def _take_viewer(self, watch: Watch | WatchRoom, opened: Callable[[], Viewer | RoomViewer]) -> Answered:
        peer_id = watch.peer_id
        known = self._viewers.get(peer_id)
        if known is not None:
            answer = await self._same_answer(peer_id, same=known.watch == watch)
            return Answered(answer_sdp=answer, etag=known.link.etag)
        viewer = opened()
        self._viewers[peer_id] = viewer
        answer = await self._answer(peer_id, viewer.answer, refused=lambda: self.unwatch(peer_id, "refused"))
        return Answered(answer_sdp=answer, etag=viewer.link.etag)

    def _source(self, source_id: SourceId) -> Source:
        source = self._sources.get(source_id)
        if source is None:
            raise SourceUnknown(source_id=str(source_id))
        return source

    async def _answer(
        self, key: Key, answer: Callable[[], Awaitable[str]], *, refused: Callable[[], Awaitable[None]]
    ) -> str:
        """Answer once; whoever repeats the call meanwhile waits for the same answer."""
        task = asyncio.ensure_future(answer())
        self._answers[key] = task
        try:
            return await asyncio.shield(task)
        finally:
            if task.done() and (task.cancelled() or task.exception() is not None):
                await refused()

    async def _same_answer(self, key: Key, *, same: bool) -> str:
        if not same:
            raise OfferRefused(reason=OfferFault.ID_TAKEN)
        return await asyncio.shield(self._answers[key])

    def _source_over(self, source: Source, reason: str) -> None:
        self._tasks.spawn(self.unpublish(source.publish.source_id, reason))

    def _viewer_over(self, peer_id: UUID, reason: str) -> None:
        self._tasks.spawn(self.unwatch(peer_id, reason))
