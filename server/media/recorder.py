"""The recorder of one source: a down track like any other, that orders frames in time, cuts them and files segments."""

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heappush
from itertools import count

from av.error import FFmpegError

from evidence.ids import SegmentId, uuid7
from server.clock import Clock
from server.media.containers import SegmentFile, media_type_of, open_segment
from server.media.cutting import Close, Cutter, Gap, Open, Order, Write
from server.media.filing import Filer
from server.media.frames import EncodedFrame, TrackKind
from server.media.reports import CloseReason, GapReason, ReportLog, SegmentGap, header
from server.media.spool import SegmentNote, SegmentState, Spool
from server.media.timeline import Sent, SourceClock
from server.media.wire import Publish

BOUND = 1_500
"""Frames waiting to be written: over fifteen seconds of sound and pictures. When the disk is slower than that, all
that wait are given up, and an explicit gap says so."""
HOLD_MS = 250.0
"""How long a frame waits for earlier ones of the other track."""
BATCH_S = 0.25
SENT_MS = 500.0
"""How long a frame may have been under way at its fastest: longer than a path that a tour can be held on."""
SILENT_S = 3.0
"""Without any frame for this long the open segment ends; the interruption becomes a gap."""


@dataclass(frozen=True)
class RecorderParts:
    """What a recorder needs of its process."""

    spool: Spool
    filer: Filer
    reports: ReportLog
    executor: Executor
    clock: Clock


@dataclass(frozen=True)
class Began:
    """When a source's first frame arrived: 0 ms of its clock, in UTC and on the monotonic clock."""

    at: datetime
    at_ms: float


class Recorder:
    """A `DownTrack`. `take` never waits; `run` does the work until `finish`."""

    def __init__(self, publish: Publish, parts: RecorderParts, *, ask_key_frame: Callable[[], None]) -> None:
        self.private = publish.private
        self._publish = publish
        self._parts = parts
        self._ask_key_frame = ask_key_frame
        self._came: deque[EncodedFrame | CloseReason | None] = deque()
        self._filled = asyncio.Event()
        self._finishing = asyncio.Event()
        self._done = asyncio.Event()
        self._held: list[tuple[float, int, EncodedFrame]] = []
        self._order = count()
        self._keys_coming = 0
        self._began: Began | None = None
        self._cutter = Cutter(frozenset())
        self._clock = SourceClock(frozenset())
        self._zero_ms = 0.0
        self._from_ms = -math.inf
        """Frames placed earlier are not stored."""
        self._placed = False
        """Whether frames are placed for good; until then they are held, at most until the clock settles."""
        if self.private:
            self._mark(CloseReason.PRIVATE)

    @property
    def needs_key_frame(self) -> bool:
        """Whether a key frame is due, and none is among the frames that wait to be ordered."""
        return not self.private and not self._keys_coming and self._cutter.wants_key_frame

    def begin(self, began: Began) -> None:
        """Know the zero of the source's clock; before the first frame."""
        self._began = began
        self._zero_ms = began.at_ms

    def take(self, frame: EncodedFrame) -> None:
        """Queue a frame, unless nothing is to be stored now. Overflow: see BOUND."""
        if self.private or frame.at_ms < self._from_ms or self._finishing.is_set():
            return
        if len(self._came) >= BOUND:
            self._came = deque(item for item in self._came if isinstance(item, CloseReason))
            self._keys_coming = sum(frame.key_size is not None for _, _, frame in self._held)
            self._mark(CloseReason.OVERFLOW)
            self._ask_key_frame()
        self._keys_coming += frame.key_size is not None
        self._came.append(frame)
        self._filled.set()

    def lost(self, track: TrackKind) -> None:
        """Leave pictures out up to the next key frame."""
        if track is TrackKind.VIDEO:
            self._mark(None)

    def set_private(self, *, on: bool) -> None:
        """Stop or restart storing.

        Frames that came before `on` are stored, none that comes after it. What was captured before its end is not
        stored either: a frame is placed where the fastest packets come, so the time they take is left out too.
        """
        if on and not self.private:
            self._mark(CloseReason.PRIVATE)
        if self.private and not on:
            self._from_ms = time.monotonic() * 1000 + SENT_MS
        self.private = on

    async def run(self, sent: Sent) -> None:
        """Record until `finish`. Raises: OSError when the spool cannot be written."""
        self._cutter = Cutter(sent.tracks)
        self._clock = sent.clock
        writer: SegmentWriter | None = None
        over = False
        try:
            while not over:
                came = await self._wait()
                over = self._finishing.is_set()
                orders = self._decide(came, over=over)
                if orders and self._began is not None:
                    writer = writer or SegmentWriter(self._publish, self._began, self._parts, sent)
                    await self._carry_out(writer, orders)
        finally:
            self._done.set()

    async def finish(self) -> int:
        """Write what came, close the open segment and return how many segments there are."""
        self._finishing.set()
        self._filled.set()
        await self._done.wait()
        return self._cutter.count

    def _mark(self, mark: CloseReason | None) -> None:
        self._came.append(mark)
        self._filled.set()

    async def _wait(self) -> list[EncodedFrame | CloseReason | None]:
        """Return what came within a quarter second of the first, nothing after SILENT_S."""
        try:
            async with asyncio.timeout(SILENT_S):
                await self._filled.wait()
            async with asyncio.timeout(BATCH_S):
                await self._finishing.wait()
        except TimeoutError:
            pass
        came = list(self._came)
        self._came.clear()
        self._filled.clear()
        return came

    def _decide(self, came: list[EncodedFrame | CloseReason | None], *, over: bool) -> list[Order]:
        orders: list[Order] = []
        frames = [item for item in came if isinstance(item, EncodedFrame)]
        if (self._held or frames) and (over or not came or len(frames) < len(came)):
            self._clock.settle()
        placing = self._clock.settled and not self._placed and bool(self._held or frames)
        if placing:
            self._place(frames)
        newest_ms = max((held[0] for held in self._held), default=0.0)
        for item in came:
            if isinstance(item, EncodedFrame):
                at_ms = self._at_ms(item) if placing else item.at_ms
                newest_ms = max(newest_ms, at_ms)
                heappush(self._held, (at_ms, next(self._order), item))
            elif item is None:
                orders += self._release(newest_ms)
                self._cutter.lose_video()
            else:
                orders += [*self._release(newest_ms), *self._cutter.stop(item)]
        if self._placed:
            orders += self._release(newest_ms - HOLD_MS if came and not over else newest_ms)
        if over:
            orders += self._cutter.finish(self._now_ms())
        elif not came and self._cutter.is_open:
            orders += self._cutter.stop(CloseReason.INTERRUPTED)
        return orders

    def _place(self, came: Iterable[EncodedFrame]) -> None:
        """Place what is held anew, now that the clock has settled: it was placed by less than is known now.

        The source's clock begins with the earliest frame; the first to arrive may have been a little late.
        """
        self._placed = True
        self._held = [(self._at_ms(frame), number, frame) for _, number, frame in self._held]
        heapify(self._held)
        self._zero_ms = min([self._zero_ms, *(held[0] for held in self._held), *map(self._at_ms, came)])

    def _at_ms(self, frame: EncodedFrame) -> float:
        return self._clock.to_ms(frame.track, frame.timestamp)

    def _release(self, until_ms: float) -> list[Order]:
        orders: list[Order] = []
        while self._held and self._held[0][0] <= until_ms:
            at_ms, _, frame = heappop(self._held)
            self._keys_coming -= frame.key_size is not None
            orders += self._cutter.feed(frame, at_ms - self._zero_ms)
        return orders

    def _now_ms(self) -> float:
        return (self._parts.clock() - self._began.at).total_seconds() * 1000 if self._began else 0.0

    async def _carry_out(self, writer: "SegmentWriter", orders: list[Order]) -> None:
        loop = asyncio.get_running_loop()
        for result in await loop.run_in_executor(self._parts.executor, writer.apply, orders):
            if isinstance(result, SegmentNote):
                self._parts.filer.add(result)
            else:
                self._parts.reports.post(self._gap_report(result))
        if self.needs_key_frame:
            self._ask_key_frame()

    def _gap_report(self, gap: Gap) -> SegmentGap:
        return SegmentGap(
            **header(self._publish, self._parts.clock()),
            start_ms=round(gap.start_ms),
            end_ms=round(gap.end_ms),
            track=gap.track,
            reason=gap.reason,
        )


class SegmentWriter:
    """Carries the orders out on the disk, one call at a time, in an executor."""

    def __init__(self, publish: Publish, began: Began, parts: RecorderParts, sent: Sent) -> None:
        self._publish = publish
        self._began = began
        self._spool = parts.spool
        self._clock = parts.clock
        self._sent = sent
        self._note: SegmentNote | None = None
        self._file: SegmentFile | None = None
        self._broke_ms: float | None = None

    def apply(self, orders: Iterable[Order]) -> list[SegmentNote | Gap]:
        """Return the segments that were closed and the gaps to report, in order. Raises: OSError, FFmpegError."""
        results: list[SegmentNote | Gap] = []
        for order in orders:
            if isinstance(order, Open):
                self._open(order)
            elif isinstance(order, Write):
                self._write(order)
            elif isinstance(order, Close):
                results += self._close(order)
            else:
                results.append(order)
        return results

    def _open(self, order: Open) -> None:
        width, height = order.size or (None, None)
        self._note = SegmentNote(
            segment_id=SegmentId(uuid7()),
            report_id=uuid7(),
            publish=self._publish,
            source_started_at=self._began.at,
            index=order.index,
            start_ms=round(order.start_ms),
            media_type=media_type_of(self._sent, order.size),
            width=width,
            height=height,
            state=SegmentState.OPEN,
        )
        self._spool.save(self._note)
        self._file = open_segment(self._spool.path(self._note), self._sent, order.size)
        self._broke_ms = None

    def _write(self, order: Write) -> None:
        if self._file is None or self._note is None or self._broke_ms is not None:
            return
        try:
            self._file.write(order.frame, order.at_ms - self._note.start_ms)
        except FFmpegError:
            # A frame no container takes must not end the recording: the rest of the segment becomes a gap.
            self._broke_ms = order.at_ms

    def _close(self, order: Close) -> list[SegmentNote | Gap]:
        if self._file is None or self._note is None:
            return []
        note, broke_ms = self._note, self._broke_ms
        self._file.close()
        self._file = self._note = None
        at = self._clock()
        if broke_ms is None:
            return [self._spool.close(note, end_ms=order.end_ms, reason=order.reason, at=at)]
        gap = Gap(broke_ms, order.end_ms, None, GapReason.BROKEN)
        return [self._spool.close(note, end_ms=broke_ms, reason=CloseReason.BROKEN, at=at), gap]
