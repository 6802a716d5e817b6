"""A recorder alone, given frames by a test instead of a connection."""

import asyncio
from collections.abc import AsyncIterator
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
from server.media.recorder import Began, Recorder, RecorderParts
from server.media.reports import Report, ReportLog, SegmentClosed, SegmentGap, all_reports
from server.media.spool import Spool
from server.media.tasks import Tasks
from server.media.timeline import Sent
from server.media.wire import Publish, SourceKind


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
    publish = Publish(
        room_id=uuid4(),
        case_id=CaseId(uuid4()),
        source_id=SourceId(uuid4()),
        kind=SourceKind.CAMERA,
        offer_sdp="",
        record=True,
    )
    with ThreadPoolExecutor(1) as executor:
        spool = Spool(folder / "spool")
        await asyncio.to_thread(spool.prepare)
        reports = ReportLog(folder / "reports.jsonl", executor=executor)
        filer = Filer(spool, LocalStore(folder / "objects", executor=executor), reports, executor=executor)
        parts = RecorderParts(spool, filer, reports, executor, system_clock)
        recorder = Recorder(publish, parts, ask_key_frame=lambda: None)
        tasks = Tasks()
        for work in (reports.run(), filer.run(), recorder.run(sent)):
            tasks.spawn(work)
        recorder.begin(Began(system_clock(), made.frames[0].at_ms))
        for frame in made.frames:
            recorder.take(frame)
        await recorder.finish()
        await filer.drain()
        await reports.flush()
        await tasks.close()
    made.reports = await asyncio.to_thread(lambda: list(all_reports(folder / "reports.jsonl")))
