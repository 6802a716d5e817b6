"""One run: rooms filled with peers on one server, and what a forwarded packet cost it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psutil

from tests.bench.lines import MB
from tests.bench.media.clip import Clip
from tests.bench.media.load import Load
from tests.bench.media.peer import LoadPeer
from tests.bench.media.servers import Server

WARM_S, QUIET_S, WINDOW_S = 2.0, 0.4, 8.0
LOSE_EVERY = 400
"""Of so many video packets a viewer takes one for lost: with RR and REMB each second that is a line as lines are."""
JOINS = 8
AT_ONCE = 4
"""Peers that join together."""


@dataclass
class Hall:
    """The rooms of one server: each has a publisher and its viewers."""

    server: Server
    load: Load
    host: str
    peers: list[LoadPeer] = field(default_factory=list)
    sources: list[UUID] = field(default_factory=list)
    viewers: list[LoadPeer] = field(default_factory=list)

    async def open(self, rooms: int, viewers: int) -> None:
        """Let all in; nothing is sent yet, so what the server spends is the price of joining."""
        for begun in range(0, rooms, AT_ONCE):
            await asyncio.gather(*(self.publish() for _ in range(min(AT_ONCE, rooms - begun))))
        for source in self.sources:
            await asyncio.gather(*(self.watch(source) for _ in range(viewers)))

    async def publish(self) -> None:
        """Let a publisher in."""
        peer = LoadPeer(self.host, sends=True)
        self.sources.append(await self.server.publish(peer))
        await self._join(peer)
        await self.load.publish(peer.number, ssrcs=peer.ssrcs, types=peer.types, twcc_id=peer.twcc_id)

    async def watch(self, source: UUID) -> LoadPeer:
        """Let a viewer in."""
        peer = LoadPeer(self.host, sends=False)
        peer.began_ns = time.time_ns()
        await self.server.watch(peer, source)
        await self._join(peer)
        await self.load.watch(peer.number, types=peer.types, lose_every=LOSE_EVERY)
        self.viewers.append(peer)
        return peer

    async def run(self, seconds: float, *, sending: bool = True, counted: bool = False) -> None:
        """Let the load run, and answer between its slices what is not media."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await self.load.run(0.1, sending=sending, counted=counted)
            for number, datagram in self.load.others():
                self.peers[number].take_other(datagram)

    async def _join(self, peer: LoadPeer) -> None:
        keys, check = await peer.connect()
        peer.number = await self.load.add(peer.socket, keys, check)
        self.peers.append(peer)


@asynccontextmanager
async def filled(
    server: Server, clip: Clip, folder: Path, host: str, *, rooms: int, viewers: int
) -> AsyncIterator[tuple[Hall, dict[str, float]]]:
    """Fill a server's rooms. Gives: the hall, and the price of joining."""
    load = Load(clip, folder)
    hall = Hall(server, load, host)
    empty = rss_mb(server.pid)
    try:
        before = cpu_s(server.pid)
        await hall.open(rooms, viewers)
        spent = cpu_s(server.pid) - before
        yield hall, {"join_cpu_ms": round(spent / len(hall.peers) * 1000, 1), "rss_mb_empty": empty}
    finally:
        load.close()


async def measure(hall: Hall, *, window_s: float = WINDOW_S) -> dict[str, float]:
    """Return the numbers of one window; senders are silent before and after it, so that nothing is on its way."""
    await hall.run(WARM_S)
    await hall.run(QUIET_S, sending=False)
    before, loaded, began = cpu_s(hall.server.pid), time.thread_time() + _load_s(), time.monotonic()
    await hall.run(window_s, counted=True)
    spent, took = cpu_s(hall.server.pid) - before, time.monotonic() - began
    loaded = time.thread_time() + _load_s() - loaded
    await hall.run(QUIET_S, sending=False, counted=True)
    return {**_counted(hall, spent), "cpu": round(spent / took, 3), "load_cpu": round(loaded / took, 3)}


async def join_times(hall: Hall, joins: int = JOINS) -> list[float]:
    """Return how long viewers who come into running rooms wait for their first whole picture, in ms."""
    waited = []
    for number in range(joins):
        running = asyncio.create_task(hall.run(1.5))
        peer = await hall.watch(hall.sources[number % len(hall.sources)])
        await running
        first = hall.load.first_frame_ns(peer.number)
        waited.append((first - peer.began_ns) / 1e6 if first else float("inf"))
    return waited


def cpu_s(pid: int) -> float:
    """Return what all threads of a process have spent, by the scheduler's own count."""
    total = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((thread / "schedstat").read_text().split()[0])
        except FileNotFoundError:
            continue  # it ended this moment
    return total / 1e9


def rss_mb(pid: int) -> float:
    """Return the memory of a process, MB."""
    return round(psutil.Process(pid).memory_info().rss / MB, 1)


def _load_s() -> float:
    return cpu_s(psutil.Process().pid) - time.thread_time()


def _counted(hall: Hall, spent_s: float) -> dict[str, float]:
    numbers = [hall.load.numbers(peer.number) for peer in hall.peers]
    viewers = [hall.load.numbers(peer.number) for peer in hall.viewers]
    sent, received = sum(one.sent for one in numbers), sum(one.received for one in viewers)
    due = sum(one.sent for one in numbers) * len(hall.viewers) // max(len(hall.sources), 1)
    p50, p95, p99 = hall.load.latency_ms((0.5, 0.95, 0.99))
    return {
        "us_a_packet": round(spent_s / max(received, 1) * 1e6, 2),
        "sent": sent,
        "received": received,
        "delivered": round(received / max(due, 1), 5),
        "p50_ms": p50,
        "p95_ms": p95,
        "p99_ms": p99,
        "asked_again": sum(one.lost_on_purpose for one in viewers),
        "recovered": sum(one.recovered for one in viewers),
        "refused": sum(one.refused for one in numbers),
        "feedback": sum(one.feedback for one in numbers),
        "load_overflow": hall.load.overflowed(),
        "load_late_ms": round(max(one.late_ns for one in numbers) / 1e6, 1),
        "rss_mb": rss_mb(hall.server.pid),
    }
