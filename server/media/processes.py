"""Several media processes as one: a room is pinned to one of them, by where it already is or else by its id alone."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from evidence.ids import CaseId, SegmentId, SourceId
from server.media.control import MediaControl
from server.media.errors import MediaUnavailable, SourceUnknown
from server.media.wire import Answered, MediaHealth, Patched, Publish, SourceStats, Still

PLACES_MOST = 10_000
"""Peers whose process is remembered; one that is forgotten is asked for everywhere."""
NOT_RUNNING = frozenset({"UnixClientConnectorError", "ClientConnectorError", "FileNotFoundError"})
"""Why a media process is out of reach that records nothing: there is none."""
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
    def peers(self) -> frozenset[UUID]:
        """All viewers."""
        return frozenset(peer for health in self.processes.values() for peer in health.peers)

    @property
    def viewers(self) -> int:
        """How many viewers there are."""
        return len(self.peers)


@dataclass(frozen=True)
class Retired:
    """A process that is no longer wanted, and takes nobody in."""

    name: str
    control: MediaControl
    is_needed: Callable[[], bool]
    """Whether its spool has anything left, so that it runs or is started again; blocks."""


class MediaProcesses:
    """The control of all media processes, under the names they have. Calls are those of `MediaControl`."""

    def __init__(self, controls: Mapping[str, MediaControl], *, retired: Sequence[Retired] = ()) -> None:
        self.controls = dict(controls)
        """Those that rooms belong to."""
        self._retired = {one.name: one.is_needed for one in retired}
        self._all = self.controls | {one.name: one.control for one in retired}
        self._rooms: dict[UUID, tuple[str, ...]] = {}
        """Where rooms have live sources. One that began before the number of processes changed stays where it is."""
        self._seen: set[str] = set()
        """Those that ever answered here; where the others have sources nobody knows."""
        self._places: OrderedDict[UUID, str] = OrderedDict()

    async def publish(self, request: Publish) -> Answered:
        """Take a source in its room's process, as `MediaControl.publish` says."""
        name = await self._of_room(request.room_id)
        self._remember(request.source_id, name)
        return await self._all[name].publish(request)

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
        name = await self._of_room(room_id)
        self._remember(peer_id, name)
        return await self._all[name].watch_room(room_id, case_id=case_id, peer_id=peer_id, offer_sdp=offer_sdp)

    async def show(self, peer_id: UUID, sources: tuple[SourceId | None, ...]) -> tuple[SourceId | None, ...]:
        """Say what the slots of a room's viewer show."""
        return await self._who_knows(peer_id, lambda control: control.show(peer_id, sources))

    async def probe(self, peer_id: UUID, offer_sdp: str, *, who: UUID) -> str:
        """Let a peer try its path to one of the processes, the same for all that somebody tries."""
        return await self.controls[pinned(who, list(self.controls))].probe(peer_id, offer_sdp, who=who)

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

    async def hide(self, room_id: UUID, *, reason: str) -> None:
        """Turn 'Show, do not store' of a room on wherever it has sources, or may have them next.

        Raises: MediaUnavailable when a process that may have some runs and does not answer: nobody may believe that
            nothing is stored. One that does not run has none, and its next source comes with what is then so.
        """
        told = [_answer(control.set_private(room_id, on=True, reason=reason)) for control in self._all.values()]
        answers = dict(zip(self._all, await asyncio.gather(*told), strict=True))
        homes = {pinned(room_id, list(self.controls)), *self._rooms.get(room_id, ())}
        concerned = homes | (self._all.keys() - self._seen)
        for name, answer in answers.items():
            if isinstance(answer, MediaUnavailable) and _runs(answer) and name in concerned:
                raise answer

    async def hide_at(self, name: str, room_id: UUID, *, reason: str) -> None:
        """Turn 'Show, do not store' of a room on at one process that was away when it began."""
        await self._all[name].set_private(room_id, on=True, reason=reason)

    async def store_again(self, name: str, room_id: UUID, *, hiding: int) -> None:
        """Turn it off at one process, unless the room was hidden again since the hiding that is meant."""
        await self._all[name].set_private(room_id, on=False, reason="ended", hiding=hiding)

    async def refile(self, segment_id: SegmentId) -> bool:
        """Have a segment put into the store again by whoever has it.

        Raises: MediaUnavailable when nobody has it and somebody could not be asked.
        """
        silent: list[MediaUnavailable] = []
        for name, control in self._all.items():
            try:
                if await control.refile(segment_id):
                    return True
            except MediaUnavailable as error:
                if await self._matters(name, error):
                    silent.append(error)
        if silent:
            raise silent[0]
        return False

    async def spool_freed(self, segment_id: SegmentId) -> None:
        """Let whoever has a copy of a segment delete it."""
        await self._tell(segment_id, lambda control: control.spool_freed(segment_id))

    async def health(self) -> MediaState:
        """Return what the processes do. Raises: MediaUnavailable when none of them answers."""
        asked = await asyncio.gather(*(_answer(control.health()) for control in self._all.values()))
        answers = dict(zip(self._all, asked, strict=True))
        found = {name: one for name, one in answers.items() if isinstance(one, MediaHealth)}
        errors = {name: one for name, one in answers.items() if isinstance(one, MediaUnavailable)}
        if not found.keys() & self.controls.keys():
            raise next(iter(errors.values()))
        # One that is no longer wanted and does not run has nobody in.
        silent = frozenset(name for name, one in errors.items() if name in self.controls or _runs(one))
        state = MediaState(found, silent)
        self._seen |= set(found)
        where = {room: {one for one in names if one in state.silent} for room, names in self._rooms.items()}
        for name, one in found.items():
            for source in one.sources:
                where.setdefault(source.room_id, set()).add(name)
        self._rooms = {room: tuple(sorted(names)) for room, names in where.items() if names}
        for name, one in found.items():
            for source in one.sources:
                self._remember(source.source_id, name)
        return state

    async def close(self) -> None:
        """Close the connections."""
        for control in self._all.values():
            await control.close()

    async def _of_room(self, room_id: UUID) -> str:
        """Return the process of a room, which may be live in one that this API process has not heard of yet."""
        if not self._seen and len(self.controls) > 1:
            with suppress(MediaUnavailable):
                await self.health()
        name = pinned(room_id, list(self.controls))
        names = self._rooms.get(room_id, (name,))
        return name if name in names else names[0]

    def _remember(self, peer: UUID, name: str) -> None:
        self._places[peer] = name
        self._places.move_to_end(peer)
        if len(self._places) > PLACES_MOST:
            self._places.popitem(last=False)

    def _asked(self, peer: UUID) -> dict[str, MediaControl]:
        """Return whom to ask about a peer: its process when that is remembered, else all."""
        place = self._places.get(peer)
        return self._all if place is None else {place: self._all[place]}

    async def _who_knows(self, peer: UUID, ask: Callable[[MediaControl], Awaitable[Answer]]) -> Answer:
        """Ask one after another. Raises: what the last one said; MediaUnavailable before SourceUnknown."""
        missing: SourceUnknown | MediaUnavailable | None = None
        for name, control in self._asked(peer).items():
            try:
                answer = await ask(control)
            except (SourceUnknown, MediaUnavailable) as error:
                if name in self._retired and isinstance(error, MediaUnavailable) and not _runs(error):
                    continue
                missing = error if missing is None or isinstance(error, MediaUnavailable) else missing
            else:
                self._remember(peer, name)
                return answer
        raise missing or SourceUnknown(source_id=str(peer))

    async def _tell(self, peer: UUID, tell: Callable[[MediaControl], Awaitable[None]]) -> None:
        """Tell everybody it may concern. Raises: MediaUnavailable after all were told, when one does not answer."""
        # At once: one that hangs must not keep the others from hearing it.
        asked = self._asked(peer)
        told = await asyncio.gather(*(_answer(tell(control)) for control in asked.values()))
        for name, answer in zip(asked, told, strict=True):
            if isinstance(answer, MediaUnavailable) and await self._matters(name, answer):
                raise answer

    async def _matters(self, name: str, error: MediaUnavailable) -> bool:
        """Say whether a process that cannot be told would have to be: one that is over for good has nothing."""
        is_needed = self._retired.get(name)
        return is_needed is None or _runs(error) or await asyncio.to_thread(is_needed)


def _runs(error: MediaUnavailable) -> bool:
    """Say whether a process that did not answer runs all the same."""
    return error.fields.get("reason") not in NOT_RUNNING


async def _answer(asking: Awaitable[Answer]) -> Answer | MediaUnavailable:
    try:
        return await asking
    except MediaUnavailable as error:
        return error
