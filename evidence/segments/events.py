"""Facts of recordings, in the log of their case."""

from typing import Literal
from uuid import UUID

from evidence.ids import LaneId, SegmentId, SourceId
from evidence.ledger.events import Event
from evidence.records import Count, Instant, Name, Sha256Hex
from evidence.segments.rules import LaneGap, LaneKind, LaneType, SegmentMediaType


class SegmentClosed(Event):
    """A piece of the recording was given to the store, not read back yet. The ms count from `source_started_at`."""

    TAG = "evidence.segment_closed"

    segment_id: SegmentId
    source_id: SourceId
    index: Count
    digest: Sha256Hex
    bytes: Count
    source_started_at: Instant
    start_ms: Count
    end_ms: Count
    media_type: SegmentMediaType
    reason: str


class SegmentFiled(Event):
    """The stored segment was read back and equal; `chain` is the source's digest chain up to it."""

    TAG = "evidence.segment_filed"

    segment_id: SegmentId
    source_id: SourceId
    index: Count
    end_ms: Count
    digest: Sha256Hex
    chain: Sha256Hex


class SegmentGap(Event):
    """A stretch of a source is not recorded. The ms count from the source's start."""

    TAG = "evidence.segment_gap"

    gap_id: UUID
    source_id: SourceId
    start_ms: Count
    end_ms: Count
    track: Literal["all", "video"]
    reason: str


class RecordingClosed(Event):
    """The source ended and everything it left is filed. `chain` is its last."""

    TAG = "evidence.recording_closed"

    source_id: SourceId
    segments: Count
    chain: Sha256Hex


class LaneBuilt(Event):
    """The recordings of one sender were put into one file for playback; a derivative."""

    TAG = "evidence.lane_built"

    lane_id: LaneId
    validation_session_id: UUID
    participant_id: UUID
    kind: LaneKind
    digest: Sha256Hex
    bytes: Count
    media_type: SegmentMediaType
    duration_ms: Count
    source_ids: tuple[SourceId, ...]
    gaps: tuple[LaneGap, ...]
    source_type: LaneType | None = None
    """None in entries from before there were types."""
    name: Name | None = None
