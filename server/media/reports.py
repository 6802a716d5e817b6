"""The facts the media process reports: one JSON line each, synced to disk before anything rests on them.

The file is the only way from here to the ledger. Readers keep a byte offset and take a report id once.
"""

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import Executor
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, TypedDict
from uuid import UUID

from pydantic import Field, TypeAdapter

from evidence.ids import CaseId, Digest, SegmentId, SourceId, uuid7
from evidence.records import Count, Instant, Record
from server.media.wire import Publish, SourceKind

READ_LIMIT_BYTES = 1 << 20
SegmentMediaType = Literal["video/webm", "audio/webm", "video/mp4", "audio/mp4"]


class CloseReason(StrEnum):
    """Why a segment ended."""

    CUT = "cut"
    """It had its length and a key frame came."""
    RESIZED = "resized"
    """A key frame of another size came, or the first one after sound alone."""
    FORCED = "forced"
    """No key frame came for too long."""
    INTERRUPTED = "interrupted"
    PRIVATE = "private"
    OVERFLOW = "overflow"
    """Frames came faster than the disk took them."""
    BROKEN = "broken"
    """The frames could not be put into a file."""
    ENDED = "ended"
    RECOVERED = "recovered"
    """The media process died while it was open; it ends with the last flush."""


class GapReason(StrEnum):
    """Why a stretch is not recorded."""

    NO_KEY_FRAME = "no_key_frame"
    INTERRUPTED = "interrupted"
    LOST = "lost"
    """Packets were lost on the way, and the pictures up to the next key frame with them."""
    PRIVATE = "private"
    OVERFLOW = "overflow"
    BROKEN = "broken"


class Header(TypedDict):
    """The fields every report has."""

    id: UUID
    at: datetime
    case_id: CaseId
    room_id: UUID
    source_id: SourceId


def header(publish: Publish, at: datetime) -> Header:
    """Return the fields that a new fact of this publication shares with all others."""
    return Header(id=uuid7(), at=at, case_id=publish.case_id, room_id=publish.room_id, source_id=publish.source_id)


class _RoomFact(Record):
    id: UUID
    """UUIDv7, the same whenever the same fact is written again after a crash."""
    at: Instant
    """When the fact was known here."""
    case_id: CaseId
    room_id: UUID


class _Fact(_RoomFact):
    source_id: SourceId


class SourceLive(_Fact):
    """The first frame of a source arrived. `started_at` is 0 ms on the clock of its segments and gaps."""

    kind: Literal["source_live"] = "source_live"
    source_kind: SourceKind
    started_at: Instant
    recorded: bool


class SourceInterrupted(_Fact):
    """Nothing arrived for some seconds; the connection may still heal."""

    kind: Literal["source_interrupted"] = "source_interrupted"
    since: Instant


class SourceResumed(_Fact):
    """Frames arrive again after an interruption."""

    kind: Literal["source_resumed"] = "source_resumed"


class SourceEnded(_Fact):
    """The source is over; said once. `segments` is how many segments it has, reported already or still to come."""

    kind: Literal["source_ended"] = "source_ended"
    reason: str
    segments: Count


class SegmentClosed(_Fact):
    """A piece of the recording was given to the object store under the digest; whether it is there, reading it shows.

    `start_ms` and `end_ms` count from the source's `started_at`; the file's own timestamps count from `start_ms`, which
    is the moment `started_at` here.
    """

    kind: Literal["segment_closed"] = "segment_closed"
    segment_id: SegmentId
    index: Count
    digest: Digest
    bytes: Count
    started_at: Instant
    start_ms: Count
    end_ms: Count
    media_type: SegmentMediaType
    width: Count | None
    height: Count | None
    reason: CloseReason


class SegmentGap(_Fact):
    """A stretch of the source that is not recorded. `track` is 'video' when its sound is."""

    kind: Literal["segment_gap"] = "segment_gap"
    start_ms: Count
    end_ms: Count
    track: Literal["video"] | None
    reason: GapReason


class PeerConnected(_Fact):
    """A viewer receives the source."""

    kind: Literal["peer_connected"] = "peer_connected"
    peer_id: UUID


class PeerClosed(_Fact):
    """A viewer is gone."""

    kind: Literal["peer_closed"] = "peer_closed"
    peer_id: UUID
    reason: str


class ViewerClosed(_RoomFact):
    """A viewer of a whole room is gone."""

    kind: Literal["viewer_closed"] = "viewer_closed"
    peer_id: UUID
    reason: str


Report = Annotated[
    SourceLive
    | SourceInterrupted
    | SourceResumed
    | SourceEnded
    | SegmentClosed
    | SegmentGap
    | PeerConnected
    | PeerClosed
    | ViewerClosed,
    Field(discriminator="kind"),
]
_REPORT: TypeAdapter[Report] = TypeAdapter(Report)


def reports_path(root: Path, name: str) -> Path:
    """Return the report file of the media process `name` under the data folder `root`."""
    return root / "media" / f"reports-{name}.jsonl"


def read_reports(path: Path, offset: int) -> tuple[tuple[Report, ...], int]:
    """Read what was reported since `offset`.

    Args: offset: 0, or what an earlier call returned.
    Returns: up to 1 MiB of reports in the order they were made, and the offset after the last of them; an
        unfinished last line waits for the next call. No file is no reports.
    """
    try:
        with path.open("rb") as file:
            file.seek(offset)
            found = file.read(READ_LIMIT_BYTES)
    except FileNotFoundError:
        return (), offset
    end = found.rfind(b"\n") + 1
    return tuple(_REPORT.validate_json(line) for line in found[:end].splitlines()), offset + end


def all_reports(path: Path) -> Iterator[Report]:
    """Iterate over every report of the file."""
    offset = 0
    while True:
        reports, offset = read_reports(path, offset)
        if not reports:
            return
        yield from reports


class ReportLog:
    """The writing end. One process has it; `run` writes whatever was posted, in order, many lines a sync."""

    def __init__(self, path: Path, *, executor: Executor) -> None:
        self._path = path
        self._executor = executor
        # Bounded by what posts: a fact is rare (some a minute and source), and a full disk stops the process.
        self._posted: asyncio.Queue[tuple[Report, asyncio.Future[None]]] = asyncio.Queue()

    def post(self, report: Report) -> asyncio.Future[None]:
        """Have the report written; the future is done when it is on disk. It need not be awaited."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._posted.put_nowait((report, written))
        return written

    async def run(self) -> None:
        """Write until cancelled. Raises: OSError when the file cannot be written; nothing may go on then."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._executor, _mend, self._path)
        while True:
            batch = [await self._posted.get()]
            while not self._posted.empty():
                batch.append(self._posted.get_nowait())
            lines = b"".join(report.model_dump_json().encode() + b"\n" for report, _ in batch)
            await loop.run_in_executor(self._executor, _append, self._path, lines)
            for _, written in batch:
                if not written.done():
                    written.set_result(None)
                self._posted.task_done()

    async def flush(self) -> None:
        """Wait until everything posted so far is on disk."""
        await self._posted.join()


def _mend(path: Path) -> None:
    """Cut an unfinished last line off: its fact was never acknowledged, and the next line must not join it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("ab+") as file:
        end = file.tell()
        start = max(0, end - READ_LIMIT_BYTES)
        file.seek(start)
        file.truncate(start + file.read().rfind(b"\n") + 1)


def _append(path: Path, lines: bytes) -> None:
    with path.open("ab") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
