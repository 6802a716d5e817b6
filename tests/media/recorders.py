"""A recorder alone, given frames by a test instead of a connection; and a source whose packets a test makes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from evidence.ids import CaseId, SourceId
from evidence.objects.keys import object_key
from evidence.objects.local import LocalStore
from server.clock import system_clock
from server.media.filing import Filer
from server.media.frames import EncodedFrame
from server.media.publisher import Publisher
from server.media.pump import UpListener
from server.media.recorder import Began, Recorder, RecorderParts
from server.media.reports import Report, ReportLog, SegmentClosed, SegmentGap, all_reports
from server.media.source import Source, SourceParts
from server.media.spool import Spool
from server.media.tasks import Tasks
from server.media.timeline import Sent
from server.media.wire import Publish, SourceKind
from tests.media.offers import chromium
from tests.media.wire_peer import running_wire


@dataclass
class Recording:
    """Frames to record, and what was reported of them in the end."""

    folder: Path
    frames: list[EncodedFrame] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    @property
    def segments(self) -> list[SegmentClosed]:
        """Return the segments that were filed."""
        return [one for one in self.reports if isinstance(one, SegmentClosed)]

    @property
    def gaps(self) -> list[SegmentGap]:
        """Return what is not recorded."""
        return [one for one in self.reports if isinstance(one, SegmentGap)]

    def file(self, segment: SegmentClosed) -> Path:
        """Return where a segment's bytes are."""
        return self.folder / "objects" / object_key(segment.case_id, segment.digest)


@asynccontextmanager
async def recording(folder: Path, sent: Sent) -> AsyncIterator[Recording]:
    """Record the frames that the block collects; after it everything is reported."""
    made = Recording(folder)
    yield made
    async with _parts(made) as parts:
        recorder = Recorder(_publish(""), parts, ask_key_frame=lambda: None)
        tasks = Tasks()
        tasks.spawn(recorder.run(sent))
        recorder.begin(Began(system_clock(), made.frames[0].at_ms))
        for frame in made.frames:
            recorder.take(frame)
        await recorder.finish()
        await tasks.close()


@asynccontextmanager
async def recorded_source(folder: Path) -> AsyncIterator[tuple[Recording, Source, Publisher]]:
    """Give a recorded source and its connection, whose packets the block makes; after it everything is reported."""
    made, opened = Recording(folder), list[Publisher]()
    async with running_wire() as wire, _parts(made) as parts:

        def open_up_track(listener: UpListener) -> Publisher:
            opened.append(Publisher(wire.port, listener))
            return opened[0]

        def open_recorder(publish: Publish, ask_key_frame: Callable[[], None]) -> Recorder:
            return Recorder(publish, parts, ask_key_frame=ask_key_frame)

        source = Source(
            _publish(chromium("sendonly")),
            SourceParts(parts.reports, system_clock, open_up_track, open_recorder),
            over=lambda _source, _reason: None,
        )
        await source.answer()
        yield made, source, opened[0]
        await source.end("unpublished")


@asynccontextmanager
async def _parts(made: Recording) -> AsyncIterator[RecorderParts]:
    with ThreadPoolExecutor(1) as executor:
        spool, reports = Spool(made.folder / "spool"), ReportLog(made.folder / "reports.jsonl", executor=executor)
        await asyncio.to_thread(spool.prepare)
        filer = Filer(spool, LocalStore(made.folder / "objects", executor=executor), reports, executor=executor)
        tasks = Tasks()
        for work in (reports.run(), filer.run()):
            tasks.spawn(work)
        yield RecorderParts(spool, filer, reports, executor, system_clock)
        await filer.drain()
        await reports.flush()
        await tasks.close()
    made.reports = await asyncio.to_thread(lambda: list(all_reports(made.folder / "reports.jsonl")))


def _publish(offer_sdp: str) -> Publish:
    return Publish(
        room_id=uuid4(),
        case_id=CaseId(uuid4()),
        source_id=SourceId(uuid4()),
        kind=SourceKind.CAMERA,
        offer_sdp=offer_sdp,
        record=True,
    )
