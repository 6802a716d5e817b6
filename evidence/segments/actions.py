"""What happens to recordings, each inside the caller's transaction. Called through `evidence.locker`."""

from uuid import uuid5

from evidence.ids import Digest, SegmentId, SourceId, case_log
from evidence.ledger.events import Actor
from evidence.ledger.transaction import Transaction
from evidence.objects.keys import object_key
from evidence.segments import store
from evidence.segments.errors import RecordingNotFound, SegmentConflict, SegmentOutOfOrder
from evidence.segments.events import LaneBuilt, RecordingClosed, SegmentClosed, SegmentFiled, SegmentGap
from evidence.segments.rules import (
    Lane,
    NewGap,
    NewRecording,
    NewSegment,
    Recording,
    Segment,
    SegmentState,
    chain_next,
    chain_start,
)


async def open_recording(tx: Transaction, begun: NewRecording) -> bool:
    """Note that a source is being recorded; returns False when that is known already. Makes no entry."""
    if await store.find_recording(tx, begun.source_id) is not None:
        return False
    recording = Recording(
        **begun.model_dump(),
        ended_at=None,
        expected_segments=None,
        settled_segments=0,
        chain=chain_start(begun.source_id),
        closed_at=None,
    )
    await store.insert_recording(tx, recording)
    return True


async def close_segment(tx: Transaction, reported: NewSegment, actor: Actor) -> bool:
    """State that a segment is in the store, not verified yet.

    Returns: False when this very segment was stated already.
    Raises: RecordingNotFound; SegmentConflict when the index has other bytes; SegmentOutOfOrder when a segment of a
        higher index is filed already.
    """
    recording = await store.lock_recording(tx, reported.source_id)
    known = await store.find_segment(tx, reported.source_id, reported.index)
    if known is not None:
        if (known.segment_id, known.digest) != (reported.segment_id, reported.digest):
            raise SegmentConflict(source_id=str(reported.source_id), index=reported.index)
        return False
    if reported.index < await store.last_settled_index(tx, reported.source_id):
        raise SegmentOutOfOrder(source_id=str(reported.source_id), index=reported.index)
    await store.insert_segment(
        tx,
        Segment(
            **reported.model_dump(),
            case_id=recording.case_id,
            object_key=object_key(recording.case_id, Digest(reported.digest)),
            state=SegmentState.CLOSED,
            chain=None,
            closed_at=tx.now,
            filed_at=None,
        ),
    )
    stated = SegmentClosed(**reported.model_dump(), source_started_at=recording.started_at)
    tx.record(case_log(recording.case_id), stated, actor)
    return True


async def record_gap(tx: Transaction, gap: NewGap, actor: Actor) -> bool:
    """State that a stretch of a source is not recorded; returns False when that was stated already.

    Raises: RecordingNotFound.
    """
    recording = await store.find_recording(tx, gap.source_id)
    if recording is None:
        raise RecordingNotFound(source_id=str(gap.source_id))
    if not await store.insert_gap(tx, gap):
        return False
    tx.record(case_log(recording.case_id), SegmentGap.model_validate(gap.model_dump()), actor)
    return True


async def file_segment(tx: Transaction, segment_id: SegmentId, actor: Actor) -> bool:
    """File a segment that was read back and equal: it becomes the next link of its source's chain.

    The recording is closed with it when it was the last one of an ended source.

    Returns: False when it is filed, or was found damaged, already.
    Raises: SegmentNotFound; SegmentOutOfOrder while one of a lower index waits.
    """
    segment, recording = await _take_turn(tx, segment_id)
    if segment.state is not SegmentState.CLOSED:
        return False
    chain = chain_next(Digest(recording.chain), index=segment.index, digest=Digest(segment.digest))
    await store.set_segment_settled(tx, segment_id, state=SegmentState.FILED, chain=chain)
    filed = SegmentFiled(
        segment_id=segment_id,
        source_id=segment.source_id,
        index=segment.index,
        end_ms=segment.end_ms,
        digest=segment.digest,
        chain=chain,
    )
    tx.record(case_log(segment.case_id), filed, actor)
    settled = recording.settled_segments + 1
    await _close_when_complete(tx, recording.model_copy(update={"chain": chain, "settled_segments": settled}), actor)
    return True


async def reject_segment(tx: Transaction, segment_id: SegmentId, actor: Actor) -> bool:
    """Give up a segment whose stored bytes are missing or not equal: its time becomes a gap, reason 'damaged'.

    Returns: False when that was done already.
    Raises: SegmentNotFound, SegmentOutOfOrder as `file_segment`.
    """
    segment, recording = await _take_turn(tx, segment_id)
    if segment.state is not SegmentState.CLOSED:
        return False
    await store.set_segment_settled(tx, segment_id, state=SegmentState.DAMAGED, chain=None)
    gap = NewGap(
        gap_id=uuid5(segment_id, "damaged"),
        source_id=segment.source_id,
        start_ms=segment.start_ms,
        end_ms=segment.end_ms,
        reason="damaged",
    )
    await record_gap(tx, gap, actor)
    settled = recording.settled_segments + 1
    await _close_when_complete(tx, recording.model_copy(update={"settled_segments": settled}), actor)
    return True


async def end_recording(tx: Transaction, source_id: SourceId, *, segments: int, actor: Actor) -> bool:
    """Note that a source ended with so many segments; its recording is closed once all are filed, perhaps now.

    Returns: False when that is known already.
    Raises: RecordingNotFound.
    """
    recording = await store.lock_recording(tx, source_id)
    if recording.ended_at is not None:
        return False
    ended = recording.model_copy(update={"ended_at": tx.now, "expected_segments": segments})
    await _close_when_complete(tx, ended, actor)
    return True


async def add_lane(tx: Transaction, built: Lane, actor: Actor) -> None:
    """State that a lane was built; its bytes are in the store already. It takes the place of an earlier one in play."""
    await store.insert_lane(tx, built)
    stated = LaneBuilt(lane_id=built.id, **built.model_dump(exclude={"id", "case_id", "object_key", "built_at"}))
    tx.record(case_log(built.case_id), stated, actor)


async def _take_turn(tx: Transaction, segment_id: SegmentId) -> tuple[Segment, Recording]:
    segment = await store.get_segment(tx, segment_id)
    recording = await store.lock_recording(tx, segment.source_id)
    # Read again: another worker may have settled it while this one waited for the recording's row.
    segment = await store.get_segment(tx, segment_id)
    turn = await store.first_waiting_index(tx, segment.source_id)
    if segment.state is SegmentState.CLOSED and segment.index != turn:
        raise SegmentOutOfOrder(source_id=str(segment.source_id), index=segment.index)
    return segment, recording


async def _close_when_complete(tx: Transaction, recording: Recording, actor: Actor) -> None:
    if recording.is_complete:
        recording = recording.model_copy(update={"closed_at": tx.now})
        closed = RecordingClosed(
            source_id=recording.source_id, segments=recording.settled_segments, chain=recording.chain
        )
        tx.record(case_log(recording.case_id), closed, actor)
    await store.update_recording(tx, recording)
