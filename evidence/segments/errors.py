"""What is refused about recordings."""

from evidence.errors import EvidenceError


class RecordingNotFound(EvidenceError):
    """No recording of this source was opened.

    Field: source_id.
    """

    code = "recording_not_found"


class SegmentNotFound(EvidenceError):
    """No such segment.

    Field: segment_id.
    """

    code = "segment_not_found"


class SegmentConflict(EvidenceError):
    """A segment was reported twice with different bytes, or two under one index.

    Fields: source_id, index.
    """

    code = "segment_conflict"


class SegmentOutOfOrder(EvidenceError):
    """The chain goes by index: an earlier segment is still unfiled, or a later one filed.

    Fields: source_id, index.
    """

    code = "segment_out_of_order"


class LaneNotFound(EvidenceError):
    """No such lane.

    Field: lane_id.
    """

    code = "lane_not_found"
