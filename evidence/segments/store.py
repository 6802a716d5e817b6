"""Rows of recordings. Nothing here commits."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Select, func, insert, select, update

from evidence.ids import CaseId, Digest, LaneId, SegmentId, SourceId
from evidence.ledger.transaction import Transaction
from evidence.segments.errors import LaneNotFound, RecordingNotFound, SegmentNotFound
from evidence.segments.rules import Lane, NewGap, Recording, Segment, SegmentState
from evidence.segments.tables import lane, segment, segment_gap, source_recording


async def insert_recording(tx: Transaction, recording: Recording) -> None:
    """Insert a recording that began."""
    await tx.execute(insert(source_recording).values(recording.model_dump()))


async def find_recording(tx: Transaction, source_id: SourceId) -> Recording | None:
    """Return the recording of the source, None when it was never opened."""
    row = await _one(tx, select(source_recording).where(source_recording.c.source_id == source_id))
    return None if row is None else Recording.model_validate(row)


async def lock_recording(tx: Transaction, source_id: SourceId) -> Recording:
    """Return the recording and hold its row, so that its chain grows by one writer at a time.

    Raises: RecordingNotFound.
    """
    wanted = select(source_recording).where(source_recording.c.source_id == source_id).with_for_update()
    row = await _one(tx, wanted)
    if row is None:
        raise RecordingNotFound(source_id=str(source_id))
    return Recording.model_validate(row)


async def update_recording(tx: Transaction, recording: Recording) -> None:
    """Write the recording's present state. Hold its row with `lock_recording` first."""
    present = recording.model_dump(include={"ended_at", "expected_segments", "settled_segments", "chain", "closed_at"})
    await tx.execute(
        update(source_recording).where(source_recording.c.source_id == recording.source_id).values(present)
    )


async def list_recordings(
    tx: Transaction, case_id: CaseId, *, validation_session_id: UUID | None = None
) -> tuple[Recording, ...]:
    """List the recordings of a case, or of one of its sessions, in the order they began."""
    wanted = select(source_recording).where(source_recording.c.case_id == case_id)
    if validation_session_id is not None:
        wanted = wanted.where(source_recording.c.validation_session_id == validation_session_id)
    rows = await tx.execute(wanted.order_by(source_recording.c.started_at, source_recording.c.source_id))
    return tuple(Recording.model_validate(dict(row)) for row in rows.mappings())


async def insert_segment(tx: Transaction, closed: Segment) -> None:
    """Insert a segment that was reported."""
    await tx.execute(insert(segment).values(closed.model_dump()))


async def get_segment(tx: Transaction, segment_id: SegmentId) -> Segment:
    """Return the segment. Raises: SegmentNotFound."""
    row = await _one(tx, select(segment).where(segment.c.segment_id == segment_id))
    if row is None:
        raise SegmentNotFound(segment_id=str(segment_id))
    return Segment.model_validate(row)


async def find_segment(tx: Transaction, source_id: SourceId, index: int) -> Segment | None:
    """Return the source's segment of this index, None when it was not reported."""
    wanted = select(segment).where(segment.c.source_id == source_id, segment.c.index == index)
    row = await _one(tx, wanted)
    return None if row is None else Segment.model_validate(row)


async def list_segments(tx: Transaction, source_id: SourceId) -> tuple[Segment, ...]:
    """List the source's segments by index."""
    rows = await tx.execute(select(segment).where(segment.c.source_id == source_id).order_by(segment.c.index))
    return tuple(Segment.model_validate(dict(row)) for row in rows.mappings())


async def last_settled_index(tx: Transaction, source_id: SourceId) -> int:
    """Return the highest index of the source that is no longer waiting, -1 for none."""
    wanted = select(func.max(segment.c.index)).where(
        segment.c.source_id == source_id, segment.c.state != SegmentState.CLOSED
    )
    found = (await tx.execute(wanted)).scalar_one_or_none()
    return found if isinstance(found, int) else -1


async def first_waiting_index(tx: Transaction, source_id: SourceId) -> int | None:
    """Return the lowest index of the source that waits to be filed."""
    wanted = select(func.min(segment.c.index)).where(
        segment.c.source_id == source_id, segment.c.state == SegmentState.CLOSED
    )
    found = (await tx.execute(wanted)).scalar_one_or_none()
    return found if isinstance(found, int) else None


async def set_segment_settled(
    tx: Transaction, segment_id: SegmentId, *, state: SegmentState, chain: Digest | None
) -> None:
    """Turn a closed segment into a filed or a damaged one."""
    done = {"state": state, "chain": chain, "filed_at": tx.now if state is SegmentState.FILED else None}
    await tx.execute(update(segment).where(segment.c.segment_id == segment_id).values(done))


async def insert_gap(tx: Transaction, gap: NewGap) -> bool:
    """Insert a gap; returns False when it is known already."""
    if await _one(tx, select(segment_gap).where(segment_gap.c.gap_id == gap.gap_id)) is not None:
        return False
    await tx.execute(insert(segment_gap).values(gap.model_dump()))
    return True


async def list_gaps(tx: Transaction, source_id: SourceId) -> tuple[NewGap, ...]:
    """List the source's gaps in time order."""
    wanted = select(segment_gap).where(segment_gap.c.source_id == source_id)
    rows = await tx.execute(wanted.order_by(segment_gap.c.start_ms, segment_gap.c.gap_id))
    return tuple(NewGap.model_validate(dict(row)) for row in rows.mappings())


async def insert_lane(tx: Transaction, built: Lane) -> None:
    """Insert a lane. An earlier one of the same participant, kind and session stays."""
    as_json = {"source_ids", "gaps"}
    columns = built.model_dump(exclude=as_json) | built.model_dump(mode="json", include=as_json)
    await tx.execute(insert(lane).values(columns))


async def get_lane(tx: Transaction, lane_id: LaneId) -> Lane:
    """Return the lane. Raises: LaneNotFound."""
    row = await _one(tx, select(lane).where(lane.c.id == lane_id))
    if row is None:
        raise LaneNotFound(lane_id=str(lane_id))
    return Lane.model_validate(row)


async def list_lanes(
    tx: Transaction, case_id: CaseId, *, validation_session_id: UUID | None = None
) -> tuple[Lane, ...]:
    """List the lanes of a case, or of one of its sessions, in the order they were built."""
    wanted = select(lane).where(lane.c.case_id == case_id)
    if validation_session_id is not None:
        wanted = wanted.where(lane.c.validation_session_id == validation_session_id)
    rows = await tx.execute(wanted.order_by(lane.c.built_at, lane.c.id))
    return tuple(Lane.model_validate(dict(row)) for row in rows.mappings())


async def _one(tx: Transaction, wanted: Select[tuple[object, ...]]) -> Mapping[str, object] | None:
    row = (await tx.execute(wanted)).mappings().one_or_none()
    return None if row is None else {str(name): value for name, value in row.items()}
