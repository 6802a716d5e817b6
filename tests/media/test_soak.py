"""Five rooms for as long as one likes: people come and go, and nothing of them stays behind in the media process."""

import asyncio
import hashlib
import os
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from uuid import UUID, uuid4

import av
import psutil

from evidence.ids import CaseId, SourceId
from evidence.objects.keys import object_key
from server.config import Settings, load_settings
from server.media.control import MediaControl
from server.media.errors import MediaBusy, MediaUnavailable, StillUnavailable
from server.media.reports import SegmentClosed, SourceEnded, read_reports, reports_path
from server.media.wire import Answered, Held, MediaHealth, Publish, SourceKind
from tests.media.soak_peer import SoakPeer, SoakSender, make_clip
from tests.parts.running import LOOPBACK, outside
from tests.waiting import let_pass, wait_until

LONG, SEED = "SIGHTLINE_TEST_SOAK_S", "SIGHTLINE_TEST_SEED"
ROOMS, SENDERS, VIEWERS = 5, 2, 2
BEAT_S = 0.02
EVERY_S = (0.2, 1.0)
"""Something happens in some room this often."""
SILENT_FROM_S = 120.0
"""In a run of this length half of those who go say nothing: the process finds out after a minute."""
WARM = 0.25
"""Of the run nothing is measured: caches and buffers fill."""
WARM_MOST_S = 600.0
SETTLED_S = 150.0
"""So long after the last event, those who left in silence are forgotten and their tasks have ended."""
GROWTH_MOST_MB = 8.0
"""From the first to the last tenth after the warm-up. A connection that stays takes some 0.15 MB and a source 1 MB, and
in an hour several thousand come and go; what the allocator keeps for itself moves by some MB."""
MB = 1 << 20


@dataclass(frozen=True)
class Footprint:
    """What a process has of the machine and for its peers, but for memory."""

    held: Held
    files: int
    sockets: int
    threads: int


@dataclass
class Place:
    """One room."""

    room_id: UUID = field(default_factory=uuid4)
    case_id: CaseId = field(default_factory=lambda: CaseId(uuid4()))
    senders: dict[SourceId, SoakSender] = field(default_factory=dict)
    viewers: dict[UUID, SoakPeer] = field(default_factory=dict)
    is_hidden: bool = False


@dataclass
class Soak:
    """The process, its rooms, and what was seen of it."""

    settings: Settings
    control: MediaControl
    process: psutil.Process
    chance: random.Random
    says_farewell: bool
    places: list[Place] = field(default_factory=lambda: [Place() for _ in range(ROOMS)])
    clip: list[bytes] = field(default_factory=make_clip)
    checked: int = 0
    """Segments that were read and decoded."""
    expected: int = 0
    """Segments of the sources that have ended."""
    memory_mb: list[tuple[float, float]] = field(default_factory=list)
    """When, on the monotonic clock, and how much."""

    async def publish(self, place: Place) -> None:
        """Let a sender in; all viewers see it."""
        peer, source_id = SoakSender(self.clip), SourceId(uuid4())
        request = Publish(
            room_id=place.room_id,
            case_id=place.case_id,
            source_id=source_id,
            kind=SourceKind.CAMERA,
            offer_sdp=peer.offer(),
            record=True,
            private=place.is_hidden,
        )
        answered = await admitted(lambda: self.control.publish(request))
        await peer.join(answered.answer_sdp)
        place.senders[source_id] = peer
        await self.show(place)

    async def watch(self, place: Place) -> None:
        """Let a viewer in."""
        peer, peer_id = SoakPeer(sends=False, slots=SENDERS), uuid4()
        answer = await admitted(
            lambda: self.control.watch_room(
                place.room_id, case_id=place.case_id, peer_id=peer_id, offer_sdp=peer.offer()
            )
        )
        await peer.join(answer.answer_sdp)
        place.viewers[peer_id] = peer
        await self.show(place)

    async def show(self, place: Place) -> None:
        """Let everybody see whoever sends."""
        for peer_id in place.viewers:
            await self.control.show(peer_id, tuple(place.senders))

    async def something(self) -> None:
        """Let one thing happen in one room."""
        place = self.chance.choice(self.places)
        happens = self.chance.choice((self._other_sender, self._other_viewer, self._restart, self._hide, self._still))
        await happens(place)

    async def leave(self, *, farewell: bool) -> None:
        """Let everybody go."""
        for place in self.places:
            for source_id in list(place.senders):
                await self._end_sender(place, source_id, farewell=farewell)
            for peer_id in list(place.viewers):
                await self._end_viewer(place, peer_id, farewell=farewell)

    def beat(self) -> None:
        """Let everybody do what is due now."""
        for place in self.places:
            for peer in (*place.senders.values(), *place.viewers.values()):
                peer.beat()

    async def footprint(self) -> Footprint:
        """Return what the process has, with one connection to its control socket."""
        await self.control.close()
        held = (await self.control.health()).held
        return await asyncio.to_thread(self._measured, held)

    async def _other_sender(self, place: Place) -> None:
        await self._end_sender(place, self.chance.choice(list(place.senders)), farewell=self._farewell())
        await self.publish(place)

    async def _other_viewer(self, place: Place) -> None:
        await self._end_viewer(place, self.chance.choice(list(place.viewers)), farewell=self._farewell())
        await self.watch(place)

    async def _restart(self, place: Place) -> None:
        everybody: list[tuple[UUID, SoakPeer]] = [*place.senders.items(), *place.viewers.items()]
        peer_id, peer = self.chance.choice(everybody)
        answered = await self.control.patch(peer_id, fragment=peer.fragment(), if_match="*")
        assert answered.fragment is not None
        peer.restart(answered.fragment)

    async def _hide(self, place: Place) -> None:
        place.is_hidden = not place.is_hidden
        await self.control.set_private(place.room_id, on=place.is_hidden, reason="a badge")

    async def _still(self, place: Place) -> None:
        try:
            still, jpeg = await self.control.still(self.chance.choice(list(place.senders)))
        except StillUnavailable:
            assert place.is_hidden
        else:
            assert (still.width, jpeg[:2]) == (160, b"\xff\xd8")

    def _farewell(self) -> bool:
        return self.says_farewell or self.chance.random() < 0.5

    async def _end_sender(self, place: Place, source_id: SourceId, *, farewell: bool) -> None:
        place.senders.pop(source_id).hang_up()
        if farewell:
            await self.control.unpublish(source_id)

    async def _end_viewer(self, place: Place, peer_id: UUID, *, farewell: bool) -> None:
        place.viewers.pop(peer_id).hang_up()
        if farewell:
            await self.control.unwatch(peer_id)

    def _measured(self, held: Held) -> Footprint:
        return Footprint(
            held,
            files=self.process.num_fds(),
            sockets=len(self.process.net_connections("all")),
            threads=self.process.num_threads(),
        )


async def admitted(ask: Callable[[], Awaitable[Answered]]) -> Answered:
    """Ask again while the process is busy, as pages do: what else the machine does is not what is looked at."""

    async def answered() -> Answered | None:
        try:
            return await ask()
        except MediaBusy:
            return None

    answer = await wait_until(answered, within_s=120)
    assert answer is not None
    return answer


@asynccontextmanager
async def soaking(folder: Path, chance: random.Random, *, says_farewell: bool) -> AsyncIterator[Soak]:
    """Run `sightline media` on a data folder of its own."""
    environment = {"SIGHTLINE_DATA": str(folder), "SIGHTLINE_MEDIA_ADDRESSES": LOOPBACK}
    settings = load_settings(environment)
    control = MediaControl(settings.runtime / f"{settings.media_name}.sock")
    command = [sys.executable, "-m", "server", "media"]
    process = await asyncio.to_thread(subprocess.Popen, command, env={**outside(), **environment})

    async def answers() -> MediaHealth | None:
        assert process.poll() is None
        try:
            return await control.health()
        except MediaUnavailable:
            return None

    try:
        await wait_until(answers, within_s=20)
        yield Soak(settings, control, psutil.Process(process.pid), chance, says_farewell)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)
        await control.close()


async def keep_beating(soak: Soak, over: asyncio.Event) -> None:
    """Let everybody beat in time, and look at the memory each second, until it is over."""
    began_s, beats = time.monotonic(), 0
    while not over.is_set():
        await let_pass(began_s + beats * BEAT_S - time.monotonic())
        soak.beat()
        beats += 1
        if not beats % round(1 / BEAT_S):
            soak.memory_mb.append((time.monotonic(), soak.process.memory_info().rss / MB))


async def keep_checking(soak: Soak, over: asyncio.Event) -> None:
    """Be the worker: read back and decode what is recorded, and have the spool freed, until all is."""
    path, offset = reports_path(soak.settings.root, soak.settings.media_name), 0
    while not over.is_set() or soak.checked < soak.expected:
        reports, offset = await asyncio.to_thread(read_reports, path, offset)
        for report in reports:
            if isinstance(report, SourceEnded):
                soak.expected += report.segments
            elif isinstance(report, SegmentClosed):
                await asyncio.to_thread(check, soak.settings.root, report)
                await soak.control.spool_freed(report.segment_id)
                soak.checked += 1
        if not reports:
            await let_pass(0.1)


def check(root: Path, segment: SegmentClosed) -> None:
    """Assert that the store has the very bytes and that every frame of them decodes; then make room."""
    path = root / "objects" / object_key(segment.case_id, segment.digest)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == segment.digest
    with av.open(str(path)) as container:
        assert sum(1 for _ in container.decode()) > 0
    path.unlink()


async def test_people_come_and_go_and_nothing_of_them_stays(tmp_path: Path) -> None:
    """Twenty seconds here, an hour under `make endurance`: flat memory, no task, file, socket or thread left behind."""
    length_s, seed = (
        float(os.environ.get(LONG, "20")),
        int(os.environ.get(SEED, "0")) or random.SystemRandom().getrandbits(32),
    )
    print(f"{SEED}={seed} {LONG}={length_s}")  # noqa: T201  (pytest shows it when the test fails)
    chance = random.Random(seed)
    async with soaking(tmp_path, chance, says_farewell=length_s < SILENT_FROM_S) as soak:
        over = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(keep_beating(soak, over))
            group.create_task(keep_checking(soak, over))
            await fill(soak)
            await soak.control.still(next(iter(soak.places[0].senders)))
            await soak.leave(farewell=True)
            before = await quiet(soak)
            await fill(soak)
            begun_s = time.monotonic()
            happened = 0
            while time.monotonic() - begun_s < length_s:
                await soak.something()
                happened += 1
                await let_pass(chance.uniform(*EVERY_S))
            everybody = [viewer for place in soak.places for viewer in place.viewers.values()]
            await wait_until(lambda: all(viewer.got for viewer in everybody), within_s=20)
            await soak.leave(farewell=soak.says_farewell)
            after = await quiet(soak)
            while after != before and time.monotonic() - begun_s < length_s + SETTLED_S:
                await let_pass(1)
                after = await soak.footprint()
            over.set()
    assert after == before
    grown_mb = growth_mb([(at_s - begun_s, mb) for at_s, mb in soak.memory_mb if 0 <= at_s - begun_s <= length_s])
    print(f"{happened} events, {soak.checked} segments, {grown_mb:+.1f} MB")  # noqa: T201
    assert soak.checked >= ROOMS * SENDERS * 2
    assert grown_mb <= GROWTH_MOST_MB


async def fill(soak: Soak) -> None:
    """Let everybody in."""
    for place in soak.places:
        for _ in range(SENDERS):
            await soak.publish(place)
        for _ in range(VIEWERS):
            await soak.watch(place)


async def quiet(soak: Soak) -> Footprint:
    """Wait until nobody is in and everything is stored, read and freed, and return what the process has then."""

    async def is_quiet() -> bool:
        health = await soak.control.health()
        left = len(health.sources) + health.viewers + health.segments_waiting + health.held.connections
        return not left and soak.checked == soak.expected

    await wait_until(is_quiet, within_s=100)
    return await soak.footprint()


def growth_mb(memory: list[tuple[float, float]]) -> float:
    """Return how much more memory the last tenth of a run had than the first one after the warm-up, by the median."""
    length_s = memory[-1][0]
    warm_s = min(WARM * length_s, WARM_MOST_S)
    tenth_s = (length_s - warm_s) / 10
    first = [mb for at_s, mb in memory if warm_s <= at_s <= warm_s + tenth_s]
    last = [mb for at_s, mb in memory if at_s >= length_s - tenth_s]
    return median(last) - median(first)
