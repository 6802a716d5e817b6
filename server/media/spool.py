"""The local copies of segments: a file and a note beside it for each, from its opening until it is verified.

Everything here blocks and belongs in an executor.
"""

import hashlib
import os
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from uuid import UUID

import structlog

from evidence.ids import Digest, SegmentId
from evidence.records import Count, Instant, Record
from server.media.containers import measure
from server.media.mp4 import mend
from server.media.reports import CloseReason, SegmentClosed, SegmentMediaType
from server.media.wire import Publish

LOG = structlog.get_logger(__name__)
CHUNK_BYTES = 1 << 20


class SegmentState(StrEnum):
    """How far a segment has come here; what follows is the worker's."""

    OPEN = "open"
    CLOSED = "closed"
    """Whole and hashed, waiting for the object store."""
    REPORTED = "reported"
    """In the object store and in the report file; kept until it was read back."""
    REFUSED = "refused"
    """Its bytes are not those hashed, or gone; what is left is kept for a person to look at."""


class SegmentNote(Record):
    """What is known of one segment, written before its first byte so that a crash leaves nothing unexplained."""

    segment_id: SegmentId
    report_id: UUID
    publish: Publish
    source_started_at: Instant
    index: Count
    start_ms: Count
    media_type: SegmentMediaType
    width: Count | None
    height: Count | None
    state: SegmentState
    closed: SegmentClosed | None = None


def spool_path(root: Path, name: str) -> Path:
    """Return the spool's folder of the media process `name` under the data folder `root`."""
    return root / "media" / f"spool-{name}"


class Spool:
    """The folder of segments and notes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, segment: SegmentNote | SegmentClosed) -> Path:
        """Return where the segment's bytes are."""
        return self._folder / f"{segment.segment_id}.{segment.media_type.partition('/')[2]}"

    def prepare(self) -> None:
        """Make the folder, readable by its owner alone."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def save(self, note: SegmentNote) -> None:
        """Write the note so that a crash leaves the old or the new one."""
        path = self._folder / f"{note.segment_id}.json"
        draft = path.with_suffix(".draft")
        with draft.open("wb") as file:
            file.write(note.model_dump_json().encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def notes(self) -> list[SegmentNote]:
        """Return all notes in the order the segments were opened."""
        found = (self.find(SegmentId(UUID(path.stem))) for path in sorted(self._folder.glob("*.json")))
        return [note for note in found if note is not None]  # one may be freed meanwhile

    @property
    def is_needed(self) -> bool:
        """Whether anything here is not read back from the store yet; what the store refused waits for a person."""
        return any(note.state is not SegmentState.REFUSED for note in self.notes())

    def find(self, segment_id: SegmentId) -> SegmentNote | None:
        """Return the note of a segment, None when it was freed or never here."""
        try:
            return SegmentNote.model_validate_json((self._folder / f"{segment_id}.json").read_bytes())
        except FileNotFoundError:
            return None

    def close(self, note: SegmentNote, *, end_ms: float, reason: CloseReason, at: datetime) -> SegmentNote:
        """Sync and hash the finished file and note it as closed."""
        path = self.path(note)
        digest, length = _hash(path)
        closed = SegmentClosed(
            id=note.report_id,
            at=at,
            case_id=note.publish.case_id,
            room_id=note.publish.room_id,
            source_id=note.publish.source_id,
            segment_id=note.segment_id,
            index=note.index,
            digest=digest,
            bytes=length,
            started_at=note.source_started_at + timedelta(milliseconds=note.start_ms),
            start_ms=note.start_ms,
            end_ms=max(note.start_ms, round(end_ms)),
            media_type=note.media_type,
            width=note.width,
            height=note.height,
            reason=reason,
        )
        done = note.model_copy(update={"state": SegmentState.CLOSED, "closed": closed})
        self.save(done)
        return done

    def free(self, segment_id: SegmentId) -> None:
        """Delete a segment that was reported, or never got a frame; any other is kept, an unknown one is no error."""
        note = self.find(segment_id)
        if note is None:
            return
        if note.state in {SegmentState.CLOSED, SegmentState.REFUSED}:
            LOG.warning("segment not freed", segment_id=str(segment_id), state=note.state)
            return
        self.path(note).unlink(missing_ok=True)
        (self._folder / f"{segment_id}.json").unlink()


def recover_spool(spool: Spool, *, now: datetime) -> list[SegmentNote]:
    """Finish what a dead process left: close its open segments as they are, and return all that wait for the store.

    A WebM is left as it is, for it decodes up to the last flush; an MP4 is cut behind its last whole fragment. A file
    without a frame is deleted.
    """
    waiting: list[SegmentNote] = []
    for note in spool.notes():
        if note.state is SegmentState.CLOSED:
            waiting.append(note)
        elif note.state is SegmentState.OPEN:
            path = spool.path(note)
            if path.suffix == ".mp4" and path.exists():
                mend(path)
            length_ms = measure(path)
            if length_ms is None:
                spool.free(note.segment_id)
                continue
            end_ms = note.start_ms + length_ms
            waiting.append(spool.close(note, end_ms=end_ms, reason=CloseReason.RECOVERED, at=now))
    return waiting


def _hash(path: Path) -> tuple[Digest, int]:
    """Sync the file and return its SHA-256 and length in bytes."""
    digest = hashlib.sha256()
    length = 0
    with path.open("rb") as file:
        os.fsync(file.fileno())
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            length += len(chunk)
    return Digest(digest.hexdigest()), length
