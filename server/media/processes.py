"""Several media processes as one: a room is pinned to one of them, by where it already is or else by its id alone."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from evidence.ids import CaseId, SegmentId, SourceId
from server.media.control import MediaControl
from server.media.errors import MediaUnavailable, SourceUnknown
from server.media.wire import Answered, MediaHealth, Patched, Publish, SourceStats, Still

PLACES_MOST = 10_000
"""Peers whose process is remembered; one that is forgotten is asked for everywhere."""
Answer = TypeVar("Answer")


def pinned(room_id: UUID, names: Sequence[str]) -> str:
    """Return which process a room belongs to, the same for everybody who asks (rendezvous hashing).

    With one process more or less only its own share of the rooms belongs elsewhere.
    """
    return max(names, key=lambda name: hashlib.sha256(f"{name} {room_id}".encode()).digest())


@dataclass(frozen=True)
class MediaState:
    """What the processes that answer do now, by name, and the names of those that do not."""

    processes: Mapping[str, MediaHealth]
    silent: frozenset[str] = field(default_factory=frozenset)

    @property
    def sources(self) -> tuple[SourceStats, ...]:
        """All live sources."""
        return tuple(source for health in self.processes.values() for source in health.sources)

    @property
    def viewers(self) -> int:
        """How many viewers there are."""
        return sum(health.viewers for health in self.processes.values())


class MediaProcesses:
    """The control of all media processes, under the names they have. Calls are those of `MediaControl`."""

    def __init__(self, controls: Mapping[str, MediaControl]) -> None:
        self.controls = dict(controls)
        self._rooms: dict[UUID, str] = {}
        """Rooms with a live source. One that began before the number of processes changed stays where it is."""
        self._places: OrderedDict[UUID, str] = OrderedDict()

    async def publish(self, request: Publish) -> Answered:
        """Take a source in its room's process, as `MediaControl.publish` says."""
        name = self._of_room(request.room_id)
        self._remember(request.source_id, name)
        return await self.controls[name].publish(request)

    async def watch(self, source_id: SourceId, *, peer_id: UUID, offer_sdp: str) -> Answered:
        """Send a source to a viewer, from where the source is."""

        async def ask(control: MediaControl) -> Answered:
            return await control.watch(source_id, peer_id=peer_id, offer_sdp=offer_sdp)

        answer = await self._who_knows(source_id, ask)
        if source_id in self._places:
            self._remember(peer_id, self._places[source_id])
        return answer

    async def watch_room(self, room_id: UUID, *, case_id: CaseId, peer_id: UUID, offer_sdp: str) -> Answered:
        """Open a connection to a viewer of a room, in the room's process."""
        name = self._of_room(room_id)
        self._remember(peer_id, name)
        return await self.controls[name].watch_room(room_id, case_id=case_id, peer_id=peer_id, offer_sdp=offer_sdp)

    async def show(self, peer_id: UUID, sources: tuple[SourceId | None, ...]) -> tuple[SourceId | None, ...]:
        """Say what the slots of a room's viewer show."""
        return await self._who_knows(peer_id, lambda control: control.show(peer_id, sources))

    async def probe(self, peer_id: UUID, offer_sdp: str) -> str:
        """Let a peer try its path to one of the processes; which one is by chance."""
        return await self.controls[pinned(peer_id, list(self.controls))].probe(peer_id, offer_sdp)

    async def patch(self, peer_id: UUID, *, fragment: str, if_match: str) -> Patched:
        """Take a fragment of a peer's ICE."""
        return await self._who_knows(
            peer_id, lambda control: control.patch(peer_id, fragment=fragment, if_match=if_match)
        )

    async def still(self, source_id: SourceId) -> tuple[Still, bytes]:
        """Return a picture of a source."""
        return await self._who_knows(source_id, lambda control: control.still(source_id))

    async def unpublish(self, source_id: SourceId, *, reason: str = "unpublished") -> None:
        """End a source."""
        await self._tell(source_id, lambda control: control.unpublish(source_id, reason=reason))

    async def unwatch(self, peer_id: UUID) -> None:
        """End a viewer."""
        await self._tell(peer_id, lambda control: control.unwatch(peer_id))

    async def set_private(self, room_id: UUID, *, on: bool, reason: str) -> None:
        """Turn 'Show, do not store' of a room on or off."""
        await self.controls[self._of_room(room_id)].set_private(room_id, on=on, reason=reason)

    async def refile(self, segment_id: SegmentId) -> bool:
        """Have a segment put into the store again by whoever has it.

        Raises: MediaUnavailable when nobody has it and somebody could not be asked.
        """
        silent: list[MediaUnavailable] = []
        for control in self.controls.values():
            try:
                if await control.refile(segment_id):
                    return True
            except MediaUnavailable as error:
                silent.append(error)
        if silent:
            raise silent[0]
        return False

    async def spool_freed(self, segment_id: SegmentId) -> None:
        """Let whoever has a copy of a segment delete it."""
        await self._tell(segment_id, lambda control: control.spool_freed(segment_id))

    async def health(self) -> MediaState:
        """Return what the processes do. Raises: MediaUnavailable when none of them answers."""
        asked = await asyncio.gather(*(_health(control) for control in self.controls.values()))
        found = {name: one for name, one in zip(self.controls, asked, strict=True) if isinstance(one, MediaHealth)}
        errors = [one for one in asked if isinstance(one, MediaUnavailable)]
        if not found:
            raise errors[0]
        state = MediaState(found, frozenset(self.controls) - frozenset(found))
        kept = {room: name for room, name in self._rooms.items() if name in state.silent}
        self._rooms = kept | {source.room_id: name for name, one in found.items() for source in one.sources}
        for name, one in found.items():
            for source in one.sources:
                self._remember(source.source_id, name)
        return state

    async def close(self) -> None:
        """Close the connections."""
        for control in self.controls.values():
            await control.close()

    def _of_room(self, room_id: UUID) -> str:
        return self._rooms.get(room_id) or pinned(room_id, list(self.controls))

    def _remember(self, peer: UUID, name: str) -> None:
        self._places[peer] = name
        self._places.move_to_end(peer)
        if len(self._places) > PLACES_MOST:
            self._places.popitem(last=False)

    def _asked(self, peer: UUID) -> dict[str, MediaControl]:
        """Return whom to ask about a peer: its process when that is remembered, else all."""
        place = self._places.get(peer)
        return self.controls if place is None else {place: self.controls[place]}

    async def _who_knows(self, peer: UUID, ask: Callable[[MediaControl], Awaitable[Answer]]) -> Answer:
        """Ask one after another. Raises: what the last one said; MediaUnavailable before SourceUnknown."""
        missing: SourceUnknown | MediaUnavailable | None = None
        for name, control in self._asked(peer).items():
            try:
                answer = await ask(control)
            except (SourceUnknown, MediaUnavailable) as error:
                missing = error if missing is None or isinstance(error, MediaUnavailable) else missing
            else:
                self._remember(peer, name)
                return answer
        raise missing or SourceUnknown(source_id=str(peer))

    async def _tell(self, peer: UUID, tell: Callable[[MediaControl], Awaitable[None]]) -> None:
        """Tell everybody it may concern. Raises: MediaUnavailable after all were told, when one does not answer."""
        silent: list[MediaUnavailable] = []
        for control in self._asked(peer).values():
            try:
                await tell(control)
            except MediaUnavailable as error:
                silent.append(error)
        if silent:
            raise silent[0]


async def _health(control: MediaControl) -> MediaHealth | MediaUnavailable:
    try:
        return await control.health()
    except MediaUnavailable as error:
        return error
