"""The media process itself: its parts put together, its start from what the last one left, and its end."""

import asyncio
import fcntl
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog
from aiohttp import web

from evidence.ids import SourceId, uuid7
from evidence.objects.port import ObjectStore
from server.clock import system_clock
from server.errors import StartupError
from server.media.control_server import Controlled, control_app
from server.media.filing import Filer
from server.media.forwarder import Forwarder
from server.media.pressure import Pressure
from server.media.probing import Probes
from server.media.publisher import Publisher
from server.media.recorder import Recorder, RecorderParts
from server.media.reports import (
    ReportLog,
    SegmentClosed,
    SourceEnded,
    SourceLive,
    all_reports,
    reports_path,
)
from server.media.source import SourceParts
from server.media.spool import SegmentNote, Spool, recover_spool, spool_path
from server.media.subscriber import Subscriber
from server.media.transport.port import Port
from server.media.viewer import ViewerParts
from server.media.wire import Datagrams, Held, MediaHealth, Publish

LOG = structlog.get_logger(__name__)
THREADS = 2
"""Threads for muxing, hashing and decoding stills: the forwarding loop must get a core to itself."""
STORE_WITHIN_S = 2.0
"""At the end the store gets this long for what waits; the rest stays in the spool for the next start."""


@dataclass(frozen=True)
class MediaSettings:
    """Where a media process lives. `name` tells it from others on the same data folder, and never changes."""

    root: Path
    """The data folder."""
    socket_path: Path
    """Of at most 107 bytes, in a folder only our user can enter."""
    name: str
    addresses: tuple[str, ...]
    """The machine's own addresses that peers are told; 127.0.0.1 embedded, the LAN's with --lan."""
    port: int = 0
    """The UDP port of all media; 0 for any that is free."""


@dataclass(frozen=True)
class Left:
    """What an earlier process of this name left behind."""

    waiting: tuple[SegmentNote, ...]
    """Segments that the store has not taken."""
    cut_off: tuple[SourceEnded, ...]
    """Sources that were live when it died."""


@asynccontextmanager
async def serving_media(
    settings: MediaSettings, objects: ObjectStore, pressure: Pressure | None = None
) -> AsyncIterator[None]:
    """Be the media process while the block runs; after it every source is ended, its segments closed and reported.

    Args:
        settings: place and addresses.
        objects: the store that closed segments go to; write access is enough.
        pressure: what tells that no more may come in; by default how much of a core packets take.

    Raises: StartupError when another process of this name runs.
    """
    async with AsyncExitStack() as stack:
        executor = ThreadPoolExecutor(THREADS, thread_name_prefix="media")
        stack.callback(executor.shutdown, wait=False)  # whatever was given to it has been awaited by then
        loop = asyncio.get_running_loop()
        lock = await loop.run_in_executor(executor, _take_lock, settings)
        stack.callback(os.close, lock)
        clock = system_clock
        spool = Spool(spool_path(settings.root, settings.name))
        left = await loop.run_in_executor(executor, _take_over, settings, spool, clock())
        reports = ReportLog(reports_path(settings.root, settings.name), executor=executor)
        filer = Filer(spool, objects, reports, executor=executor)
        port = Port(settings.addresses, settings.port)
        forwarder = _forwarder(RecorderParts(spool, filer, reports, executor, clock), port)
        pressure = pressure or Pressure(lambda: port.busy_s)
        works = (reports.run(), filer.run(), port.run(), forwarder.run(), pressure.run())
        await stack.enter_async_context(_running(*works))
        for ended in left.cut_off:
            reports.post(ended)
        for note in left.waiting:
            filer.add(note)
        stack.push_async_callback(_wind_down, forwarder, filer, reports)
        probes = Probes(port)
        health = _health(settings.name, port, forwarder, probes=probes, filer=filer, pressure=pressure)
        parts = Controlled(forwarder, probes, filer, spool, executor, health, pressure)
        await _listen(stack, settings.socket_path, parts)
        yield


def _forwarder(parts: RecorderParts, port: Port) -> Forwarder:
    def open_recorder(publish: Publish, ask_key_frame: Callable[[], None]) -> Recorder:
        return Recorder(publish, parts, ask_key_frame=ask_key_frame)

    sources = SourceParts(
        parts.reports, parts.clock, open_up_track=partial(Publisher, port), open_recorder=open_recorder
    )
    viewers = ViewerParts(parts.reports, parts.clock, open_down_link=partial(Subscriber, port))
    return Forwarder(sources, viewers, executor=parts.executor)


def _health(
    name: str, port: Port, forwarder: Forwarder, *, probes: Probes, filer: Filer, pressure: Pressure
) -> Callable[[], MediaHealth]:
    instance_id, started_at = uuid7(), system_clock()

    def health() -> MediaHealth:
        return MediaHealth(
            instance_id=instance_id,
            name=name,
            started_at=started_at,
            sources=forwarder.stats(),
            peers=forwarder.peers,
            probes=len(probes),
            segments_waiting=len(filer),
            stills_decoded=forwarder.stills_decoded,
            core_share=round(pressure.share, 3),
            lag_s=round(pressure.lag_s, 4),
            datagrams=Datagrams(
                dropped=port.dropped, strangers=port.strangers, refused=port.refused, given_up=port.given_up
            ),
            held=Held(
                tasks=len(asyncio.all_tasks()),
                connections=port.connections,
                addresses=port.known,
                answers=forwarder.answers,
            ),
        )

    return health


@asynccontextmanager
async def _running(*works: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run the works beside the block and cancel them after it. One that fails ends the process: each is vital."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work) for work in works]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()


async def _wind_down(forwarder: Forwarder, filer: Filer, reports: ReportLog) -> None:
    await forwarder.close("media_stopped")
    try:
        async with asyncio.timeout(STORE_WITHIN_S):
            await filer.drain()
    except TimeoutError:
        LOG.warning("segments stay in the spool", waiting=len(filer))
    await reports.flush()


async def _listen(stack: AsyncExitStack, path: Path, parts: Controlled) -> None:
    """Open the control socket, mode 0600, in place of a dead process's one; our lock says that it is dead."""
    runner = web.AppRunner(control_app(parts), shutdown_timeout=0.5)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await asyncio.get_running_loop().run_in_executor(parts.executor, partial(path.unlink, missing_ok=True))
    mask = os.umask(0o177)
    try:
        await web.UnixSite(runner, path).start()
    finally:
        os.umask(mask)


def _take_lock(settings: MediaSettings) -> int:
    """Return the open lock file. Raises: StartupError when another process has it."""
    folder = settings.root / "media"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / f"{settings.name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise StartupError(f"another media process named {settings.name} uses {settings.root}") from None
    return lock


def _take_over(settings: MediaSettings, spool: Spool, now: datetime) -> Left:
    """Close what the last process of this name left open, and find the sources it did not live to end."""
    spool.prepare()
    waiting = recover_spool(spool, now=now)
    live: dict[SourceId, SourceLive] = {}
    segments: Counter[SourceId] = Counter()
    for report in all_reports(reports_path(settings.root, settings.name)):
        if isinstance(report, SourceLive):
            live[report.source_id] = report
        elif isinstance(report, SourceEnded):
            live.pop(report.source_id, None)
        elif isinstance(report, SegmentClosed):
            segments[report.source_id] = max(segments[report.source_id], report.index + 1)
    for note in waiting:
        source_id = note.publish.source_id
        segments[source_id] = max(segments[source_id], note.index + 1)
    cut_off = [_ended(report, segments[source_id], now) for source_id, report in live.items()]
    return Left(tuple(waiting), tuple(cut_off))


def _ended(live: SourceLive, segments: int, now: datetime) -> SourceEnded:
    return SourceEnded(
        id=uuid7(),
        at=now,
        case_id=live.case_id,
        room_id=live.room_id,
        source_id=live.source_id,
        reason="media_restarted",
        segments=segments,
    )
