"""Recordings in the locker: segments are stated, filed in the order of their index, and chained; the end closes it."""

import asyncio
import hashlib
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID, uuid4

import pytest

from evidence.ids import CaseId, Digest, LaneId, SegmentId, SourceId, uuid7
from evidence.ledger.events import Actor
from evidence.locker import (
    add_lane,
    close_segment,
    end_recording,
    file_segment,
    open_recording,
    record_gap,
    reject_segment,
)
from evidence.objects.keys import object_key
from evidence.segments import store
from evidence.segments.errors import (
    LaneNotFound,
    RecordingNotFound,
    SegmentConflict,
    SegmentNotFound,
    SegmentOutOfOrder,
)
from evidence.segments.rules import Lane, LaneGap, NewGap, NewRecording, NewSegment, SegmentState
from server.db import Database
from tests.parts.cases import stated_entries

MEDIA = Actor(kind="system", id="media", name="Media")
WORKER = Actor(kind="system", id="work", name="Worker")
STARTED = datetime(2026, 11, 24, 15, 0, 1, tzinfo=UTC)


def recording(case_id: CaseId) -> NewRecording:
    return NewRecording(
        source_id=SourceId(uuid7()),
        case_id=case_id,
        validation_session_id=uuid7(),
        participant_id=uuid7(),
        kind="camera",
        started_at=STARTED,
    )


def segment(source_id: SourceId, index: int, *, content: bytes | None = None) -> NewSegment:
    digest = hashlib.sha256(content or str(index).encode()).hexdigest()
    return NewSegment(
        segment_id=SegmentId(uuid7()),
        source_id=source_id,
        index=index,
        digest=digest,
        bytes=1000 + index,
        start_ms=6000 * index,
        end_ms=6000 * (index + 1),
        media_type="video/webm",
        reason="cut",
    )


def chained(source_id: SourceId, segments: list[NewSegment]) -> str:
    """Return the chain as docs/custody.md describes it, reckoned here on its own."""
    chain = hashlib.sha256(source_id.bytes).digest()
    for one in segments:
        chain = hashlib.sha256(chain + one.index.to_bytes(8, "big") + bytes.fromhex(one.digest)).digest()
    return chain.hex()


async def closed(database: Database, begun: NewRecording, segments: list[NewSegment]) -> None:
    async with database.write() as tx:
        await open_recording(tx, begun)
    for one in segments:
        async with database.write() as tx:
            assert await close_segment(tx, one, MEDIA)


async def test_a_recording_is_filed_link_by_link_and_closed(database: Database, case_id: CaseId) -> None:
    begun = recording(case_id)
    parts = [segment(begun.source_id, index) for index in range(3)]
    await closed(database, begun, parts)
    for one in parts:
        async with database.write() as tx:
            assert await file_segment(tx, one.segment_id, WORKER)
    async with database.write() as tx:
        assert await end_recording(tx, begun.source_id, segments=3, actor=MEDIA)
    async with database.read() as tx:
        (done,) = await store.list_recordings(tx, case_id)
        filed = await store.list_segments(tx, begun.source_id)
    assert (done.chain, done.settled_segments, done.closed_at is not None) == (chained(begun.source_id, parts), 3, True)
    assert {one.state for one in filed} == {SegmentState.FILED}
    assert [one.object_key for one in filed] == [object_key(case_id, Digest(one.digest)) for one in parts]
    stated = await stated_entries(database, case_id)
    tags = ["evidence.segment_closed"] * 3 + ["evidence.segment_filed"] * 3 + ["evidence.recording_closed"]
    assert [tag for tag, _ in stated] == tags
    assert stated[0][1]["source_started_at"] == "2026-11-24T15:00:01Z"
    assert [data["chain"] for _, data in stated[3:]] == [
        *(chained(begun.source_id, parts[: count + 1]) for count in range(3)),
        chained(begun.source_id, parts),
    ]


async def test_reports_may_come_again(database: Database, case_id: CaseId) -> None:
    """The API reads the report file again after a crash: every fact is stated once."""
    begun = recording(case_id)
    one = segment(begun.source_id, 0)
    gap = NewGap(gap_id=uuid4(), source_id=begun.source_id, start_ms=6000, end_ms=7000, reason="private")
    outcomes: list[tuple[bool, ...]] = []
    for _ in range(2):
        async with database.write() as tx:
            outcomes.append(
                (
                    await open_recording(tx, begun),
                    await close_segment(tx, one, MEDIA),
                    await record_gap(tx, gap, MEDIA),
                    await end_recording(tx, begun.source_id, segments=1, actor=MEDIA),
                )
            )
    for _ in range(2):
        async with database.write() as tx:
            outcomes.append((await file_segment(tx, one.segment_id, WORKER),))
    assert outcomes == [(True,) * 4, (False,) * 4, (True,), (False,)]
    async with database.read() as tx:
        assert await store.list_gaps(tx, begun.source_id) == (gap,)
    assert [tag for tag, _ in await stated_entries(database, case_id)] == [
        "evidence.segment_closed",
        "evidence.segment_gap",
        "evidence.segment_filed",
        "evidence.recording_closed",
    ]


async def test_a_segment_is_not_filed_before_the_ones_ahead_of_it(database: Database, case_id: CaseId) -> None:
    begun = recording(case_id)
    parts = [segment(begun.source_id, index) for index in range(2)]
    await closed(database, begun, parts)
    with pytest.raises(SegmentOutOfOrder) as refusal:
        async with database.write() as tx:
            await file_segment(tx, parts[1].segment_id, WORKER)
    assert refusal.value.fields == {"source_id": str(begun.source_id), "index": 1}


async def test_a_lost_index_shows_in_the_chain_and_does_not_hold_it_up(database: Database, case_id: CaseId) -> None:
    begun = recording(case_id)
    parts = [segment(begun.source_id, index) for index in (0, 2)]
    await closed(database, begun, parts)
    for one in parts:
        async with database.write() as tx:
            await file_segment(tx, one.segment_id, WORKER)
    async with database.read() as tx:
        (done,) = await store.list_recordings(tx, case_id)
    assert done.chain == chained(begun.source_id, parts)
    with pytest.raises(SegmentOutOfOrder):
        async with database.write() as tx:
            await close_segment(tx, segment(begun.source_id, 1), MEDIA)


async def test_a_damaged_segment_becomes_a_gap_and_the_recording_still_closes(
    database: Database, case_id: CaseId
) -> None:
    begun = recording(case_id)
    parts = [segment(begun.source_id, index) for index in range(3)]
    await closed(database, begun, parts)
    async with database.write() as tx:
        await end_recording(tx, begun.source_id, segments=3, actor=MEDIA)
    async with database.write() as tx:
        assert await file_segment(tx, parts[0].segment_id, WORKER)
    async with database.write() as tx:
        assert await reject_segment(tx, parts[1].segment_id, WORKER)
        assert not await reject_segment(tx, parts[1].segment_id, WORKER)
        assert not await file_segment(tx, parts[1].segment_id, WORKER)
    async with database.write() as tx:
        assert await file_segment(tx, parts[2].segment_id, WORKER)
    tag, data = (await stated_entries(database, case_id))[-1]
    assert tag == "evidence.recording_closed"
    assert (data["segments"], data["chain"]) == (3, chained(begun.source_id, [parts[0], parts[2]]))
    async with database.read() as tx:
        (gap,) = await store.list_gaps(tx, begun.source_id)
    assert (gap.start_ms, gap.end_ms, gap.reason) == (6000, 12000, "damaged")


async def test_two_segments_under_one_index_are_refused(database: Database, case_id: CaseId) -> None:
    begun = recording(case_id)
    await closed(database, begun, [segment(begun.source_id, 0)])
    with pytest.raises(SegmentConflict):
        async with database.write() as tx:
            await close_segment(tx, segment(begun.source_id, 0, content=b"other"), MEDIA)


async def test_the_unknown_is_named(database: Database) -> None:
    source_id, segment_id = SourceId(uuid7()), SegmentId(uuid7())
    gap = NewGap(gap_id=uuid4(), source_id=source_id, start_ms=0, end_ms=1, reason="private")
    async with database.write() as tx:
        with pytest.raises(RecordingNotFound):
            await close_segment(tx, segment(source_id, 0), MEDIA)
        with pytest.raises(RecordingNotFound):
            await record_gap(tx, gap, MEDIA)
        with pytest.raises(SegmentNotFound):
            await file_segment(tx, segment_id, WORKER)
        with pytest.raises(LaneNotFound):
            await store.get_lane(tx, LaneId(uuid7()))


async def test_workers_that_race_file_each_segment_once(database: Database, case_id: CaseId) -> None:
    begun = recording(case_id)
    parts = [segment(begun.source_id, index) for index in range(6)]
    await closed(database, begun, parts)

    async def work() -> int:
        filed = 0
        while True:
            async with database.read() as tx:
                found = await store.list_segments(tx, begun.source_id)
            waiting = [one for one in found if one.state is SegmentState.CLOSED]
            if not waiting:
                return filed
            async with database.write() as tx:
                filed += await file_segment(tx, waiting[0].segment_id, WORKER)

    assert sum(await asyncio.gather(*(work() for _ in range(4)))) == 6
    chains = [data["chain"] for tag, data in await stated_entries(database, case_id) if tag.endswith("filed")]
    assert chains == [chained(begun.source_id, parts[: count + 1]) for count in range(6)]


async def test_a_lane_is_stated_with_its_gaps(database: Database, case_id: CaseId) -> None:
    kind: Literal["camera"] = "camera"
    built = Lane(
        id=LaneId(uuid7()),
        case_id=case_id,
        validation_session_id=UUID("01900000-0000-7000-8000-000000000003"),
        participant_id=uuid7(),
        kind=kind,
        digest="a" * 64,
        bytes=123,
        media_type="video/webm",
        object_key=object_key(case_id, Digest("a" * 64)),
        duration_ms=60_000,
        source_ids=(SourceId(uuid7()), SourceId(uuid7())),
        gaps=(LaneGap(start_ms=1000, end_ms=2000, reason="private"),),
        built_at=STARTED,
    )
    async with database.write() as tx:
        await add_lane(tx, built, WORKER)
    async with database.read() as tx:
        assert await store.get_lane(tx, built.id) == built
        assert await store.list_lanes(tx, case_id, validation_session_id=built.validation_session_id) == (built,)
        assert await store.list_lanes(tx, case_id, validation_session_id=uuid7()) == ()
    ((tag, data),) = await stated_entries(database, case_id)
    assert tag == "evidence.lane_built"
    assert data["gaps"] == [{"start_ms": 1000, "end_ms": 2000, "reason": "private"}]
    assert data["lane_id"] == str(built.id)
    assert "object_key" not in data
