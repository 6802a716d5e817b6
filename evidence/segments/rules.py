"""What a recording is: segments in a digest chain, gaps between them, lanes made from them. Pure."""

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from typing import Literal
from uuid import UUID

from evidence.ids import CaseId, Digest, LaneId, SegmentId, SourceId
from evidence.records import Count, Instant, Name, Record, Sha256Hex

LaneKind = Literal["camera", "microphone", "screen"]
SegmentMediaType = Literal["video/webm", "audio/webm", "video/mp4", "audio/mp4"]
Container = Literal["webm", "mp4"]
LaneType = Literal["live_device", "fixed_camera", "drone", "screen", "prerecorded"]
"""Where a picture or sound comes from: a phone or computer, a camera that stays where it is, and so on."""


class SegmentState(StrEnum):
    """How far a segment is in the locker.

    CLOSED: reported. FILED: read back, equal, and in the chain. DAMAGED: read back and not equal, or not there.
    """

    CLOSED = "closed"
    FILED = "filed"
    DAMAGED = "damaged"


class Sender(Record):
    """Whose picture or sound it is, and from what; its recordings in one session make one lane."""

    validation_session_id: UUID
    participant_id: UUID
    kind: LaneKind
    source_type: LaneType = "live_device"
    name: Name | None = None
    """What the equipment is called; None for a person's own page."""

    @property
    def sender(self) -> "Sender":
        """These fields alone, to compare by."""
        return Sender.model_validate(self.model_dump(include=set(Sender.model_fields)))


class NewRecording(Sender):
    """A source that began to be recorded. Its clock is 0 ms at `started_at`."""

    source_id: SourceId
    case_id: CaseId
    started_at: Instant


class Recording(NewRecording):
    """The recording of one source as it is now."""

    ended_at: Instant | None
    expected_segments: Count | None
    """How many segments the source had, known when it ended."""
    settled_segments: Count
    """How many were filed or found damaged."""
    chain: Sha256Hex
    closed_at: Instant | None

    @property
    def is_complete(self) -> bool:
        """Whether the source ended and each of its segments is filed or damaged."""
        return self.expected_segments is not None and self.settled_segments >= self.expected_segments


class NewSegment(Record):
    """A piece of a recording that media put into the store. `start_ms` and `end_ms` are on the source's clock."""

    segment_id: SegmentId
    source_id: SourceId
    index: Count
    digest: Sha256Hex
    bytes: Count
    start_ms: Count
    end_ms: Count
    media_type: SegmentMediaType
    reason: str
    """Why it ended where it did."""


class Segment(NewSegment):
    """A segment as it is now."""

    case_id: CaseId
    object_key: str
    state: SegmentState
    chain: Sha256Hex | None
    closed_at: Instant
    filed_at: Instant | None


class NewGap(Record):
    """A stretch of a source that is not recorded, on the source's clock. `track` is 'video' when its sound was."""

    gap_id: UUID
    source_id: SourceId
    start_ms: Count
    end_ms: Count
    track: Literal["all", "video"] = "all"
    reason: str


class LaneGap(Record):
    """A stretch of a lane without a recording, on the validation session's clock."""

    start_ms: Count
    end_ms: Count
    reason: str


class Lane(Sender):
    """All recordings of one sender in one file, whose time 0 is the start of the session."""

    id: LaneId
    case_id: CaseId
    digest: Sha256Hex
    bytes: Count
    media_type: SegmentMediaType
    object_key: str
    duration_ms: Count
    source_ids: tuple[SourceId, ...]
    gaps: tuple[LaneGap, ...]
    built_at: Instant


def container_of(media_type: SegmentMediaType) -> Container:
    """Return the kind of file; recordings of different ones cannot be put into one."""
    return "mp4" if media_type.endswith("/mp4") else "webm"


def newest_lanes(built: Iterable[Lane]) -> tuple[Lane, ...]:
    """Return the lanes to play: of each sender in a session and container the one that was built last.

    Args: built: in the order they were built.
    """
    newest = {(lane.sender, container_of(lane.media_type)): lane for lane in built}
    return tuple(newest.values())


def chain_start(source_id: SourceId) -> Digest:
    """Return the chain of a recording without segments: the SHA-256 of the source id's 16 bytes."""
    return Digest(hashlib.sha256(source_id.bytes).hexdigest())


def chain_next(chain: Digest, *, index: int, digest: Digest) -> Digest:
    """Return the chain after one more segment.

    Args:
        chain: the chain before it.
        index: the segment's index, 0..2^64 - 1; a lost segment shows as a jump.
        digest: the segment's SHA-256.

    Returns: SHA-256 of chain (32 bytes) || index (8 bytes, big-endian) || digest (32 bytes).
    """
    link = bytes.fromhex(chain) + index.to_bytes(8, "big") + bytes.fromhex(digest)
    return Digest(hashlib.sha256(link).hexdigest())
