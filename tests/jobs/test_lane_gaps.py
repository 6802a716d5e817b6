"""What a lane lacks, on the session's clock: stated gaps, and the time in which nothing was sent."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from evidence.ids import CaseId, SegmentId, SourceId
from evidence.segments.rules import LaneGap, NewGap, Recording, Segment, SegmentState
from server.jobs.lanes import Source, lane_gaps, lane_groups

START = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
Span = tuple[int, int]


def source(number: int, begins_ms: int, segments: list[Span], gaps: list[tuple[int, int, str]]) -> Source:
    """Return a recording that begins so long after the session, with its parts on its own clock."""
    source_id, digest = SourceId(UUID(int=number)), f"{number:064x}"
    recording = Recording(
        source_id=source_id,
        case_id=CaseId(UUID(int=1)),
        validation_session_id=UUID(int=2),
        participant_id=UUID(int=3),
        kind="camera",
        started_at=START + timedelta(milliseconds=begins_ms),
        ended_at=None,
        expected_segments=None,
        settled_segments=0,
        chain=digest,
        closed_at=None,
    )
    kept = tuple(
        Segment(
            segment_id=SegmentId(UUID(int=number * 100 + index)),
            source_id=source_id,
            index=index,
            digest=digest,
            bytes=1,
            start_ms=start,
            end_ms=end,
            media_type="video/webm",
            reason="cut",
            case_id=recording.case_id,
            object_key="key",
            state=SegmentState.FILED,
            chain=digest,
            closed_at=START,
            filed_at=START,
        )
        for index, (start, end) in enumerate(segments)
    )
    stated = tuple(
        NewGap(gap_id=UUID(int=number * 1000 + start), source_id=source_id, start_ms=start, end_ms=end, reason=reason)
        for start, end, reason in gaps
    )
    return Source(recording=recording, segments=kept, gaps=stated)


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([], [(0, 10_000, "not_sent")]),
        ([source(1, 0, [(0, 10_000)], [])], []),
        ([source(1, 0, [(250, 9_750)], [])], []),
        ([source(1, 251, [(0, 9_000)], [])], [(0, 251, "not_sent"), (9_251, 10_000, "not_sent")]),
        ([source(1, 2_000, [(0, 8_000)], [])], [(0, 2_000, "not_sent")]),
        ([source(1, 0, [(0, 4_000), (6_000, 10_000)], [(4_000, 6_000, "private")])], [(4_000, 6_000, "private")]),
        (
            [source(1, 0, [(0, 3_000)], []), source(2, 5_000, [(0, 5_000)], [])],
            [(3_000, 5_000, "not_sent")],
        ),
        ([source(1, 0, [(0, 6_000)], []), source(2, 4_000, [(0, 6_000)], [])], []),
        ([source(1, -1_000, [(0, 11_000)], [(0, 500, "lost")])], []),
        ([source(1, -1_000, [(1_500, 11_000)], [(0, 1_500, "lost")])], [(0, 500, "lost")]),
    ],
    ids=["nothing", "all", "slack", "edges", "late", "private", "came-back", "overlap", "before", "across-the-start"],
)
def test_gaps_are_told_on_the_sessions_clock(sources: list[Source], expected: list[tuple[int, int, str]]) -> None:
    """A session of ten seconds; a hole of a quarter of a second is the clock's."""
    wanted = tuple(LaneGap(start_ms=start, end_ms=end, reason=reason) for start, end, reason in expected)
    assert lane_gaps(sources, START, 10_000) == wanted


def test_each_container_has_a_lane_and_an_empty_source_goes_along() -> None:
    """Who changed from H.264 to VP8 has two; a source that broke before its first segment makes none of its own."""
    first, second, empty = source(1, 0, [(0, 3_000)], []), source(2, 5_000, [(0, 5_000)], []), source(3, 4_000, [], [])
    pieces = tuple(piece.model_copy(update={"media_type": "video/mp4"}) for piece in first.segments)
    first = first.model_copy(update={"segments": pieces})
    sender = first.recording.sender
    assert lane_groups([empty, first, second]) == {(sender, "mp4"): [first, empty], (sender, "webm"): [second]}
    assert lane_groups([empty]) == {(sender, "webm"): [empty]}
