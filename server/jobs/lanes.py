"""Job: after a session, put the recordings of each sender into one playable file that starts with it.

Recordings of H.264 and of VP8 do not go into one file: a sender who changed the codec has a lane of each.
"""

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from evidence import locker
from evidence.ids import CaseId, Digest, LaneId, ObjectKey, SourceId, UploadId, uuid7
from evidence.ledger.transaction import Transaction
from evidence.records import Json, Record
from evidence.segments import store as segments
from evidence.segments.playback import LanePiece, build_lane
from evidence.segments.rules import (
    Container,
    Lane,
    LaneGap,
    NewGap,
    Recording,
    Segment,
    SegmentState,
    Sender,
    container_of,
    newest_lanes,
)
from server.jobs.filing import WORKER
from server.jobs.worker import NotYet
from server.services import Services
from sessions.schedule.records import ValidationSession
from sessions.schedule.store import get_session, lock_session

SLACK_MS = 250
"""A hole shorter than this between two segments is the clock's, not the sender's."""
LaneKey = tuple[Sender, Container]


class Source(Record):
    """One recording with its segments and gaps."""

    recording: Recording
    segments: tuple[Segment, ...]
    gaps: tuple[NewGap, ...]


async def build_lanes(services: Services, payload: dict[str, Json]) -> None:
    """Build every lane of an ended session that is missing, or lacks a recording that was reported after it.

    Raises: NotYet while a recording of the session is not closed.
    """
    case_id = CaseId(UUID(str(payload["case_id"])))
    session_id = UUID(str(payload["validation_session_id"]))
    async with services.database.read() as tx:
        session = await get_session(tx, case_id, session_id)
        recordings = await segments.list_recordings(tx, case_id, validation_session_id=session_id)
        built = await _built(tx, case_id, session_id)
        sources = [
            Source(
                recording=recording,
                segments=await segments.list_segments(tx, recording.source_id),
                gaps=await segments.list_gaps(tx, recording.source_id),
            )
            for recording in recordings
        ]
    if any(recording.closed_at is None for recording in recordings):
        raise NotYet("recordings that are not closed")
    for key, mine in lane_groups(sources).items():
        if not {source.recording.source_id for source in mine} <= built.get(key, set()):
            await _build(services, session, key, mine)


def lane_groups(sources: Iterable[Source]) -> dict[LaneKey, list[Source]]:
    """Return the sources of each lane; one without any segment goes along with the others of its sender."""
    groups: dict[LaneKey, list[Source]] = {}
    of_sender: dict[Sender, Container] = {}
    for source in sorted(sources, key=lambda source: not source.segments):
        sender = source.recording.sender
        container = container_of(source.segments[0].media_type) if source.segments else of_sender.get(sender, "webm")
        of_sender.setdefault(sender, container)
        groups.setdefault((sender, container), []).append(source)
    return groups


async def _built(tx: Transaction, case_id: CaseId, session_id: UUID) -> dict[LaneKey, set[SourceId]]:
    """Return which recordings are in the newest lane of each sender and container."""
    lanes = await segments.list_lanes(tx, case_id, validation_session_id=session_id)
    return {(lane.sender, container_of(lane.media_type)): set(lane.source_ids) for lane in newest_lanes(lanes)}


async def _build(services: Services, session: ValidationSession, key: LaneKey, sources: list[Source]) -> None:
    started, duration_ms = _span(session)
    first = sources[0].recording
    intake = services.intake
    scratch_id = UploadId(uuid4())
    scratch = intake.staging.path(scratch_id)
    async with AsyncExitStack() as stack:
        pieces = []
        for source in sources:
            offset_ms = _ms(source.recording.started_at, started)
            for segment in source.segments:
                if segment.state is SegmentState.FILED:
                    copy = locker.fetched(intake, ObjectKey(segment.object_key), Digest(segment.digest))
                    path = await stack.enter_async_context(copy)
                    pieces.append(LanePiece(path, offset_ms + segment.start_ms, offset_ms + segment.end_ms))
        stack.push_async_callback(intake.staging.discard, scratch_id)
        pieces.sort(key=lambda piece: piece.start_ms)
        build = partial(build_lane, pieces, duration_ms=duration_ms, out_path=scratch, container=key[1])
        media_type = await asyncio.get_running_loop().run_in_executor(services.cpu, build)
        stored = await locker.store_file(intake, scratch, case_id=first.case_id, media_type=media_type)
    lane = Lane(
        id=LaneId(uuid7()),
        case_id=first.case_id,
        **dict(first.sender),
        digest=stored.digest,
        bytes=stored.bytes,
        media_type=media_type,
        object_key=stored.object_key,
        duration_ms=duration_ms,
        source_ids=tuple(source.recording.source_id for source in sources),
        gaps=lane_gaps(sources, started, duration_ms),
        built_at=services.clock(),
    )
    async with services.database.write() as tx:
        await lock_session(tx, lane.case_id, session.id)  # two workers that built lanes of it take turns
        built = await _built(tx, lane.case_id, session.id)
        if not set(lane.source_ids) <= built.get(key, set()):
            await locker.add_lane(tx, lane, WORKER)


def _span(session: ValidationSession) -> tuple[datetime, int]:
    if session.started_at is None or session.ended_at is None:
        raise NotYet("the end of the session")
    return session.started_at, max(_ms(session.ended_at, session.started_at), 1)


def _ms(at: datetime, start: datetime) -> int:
    return round((at - start).total_seconds() * 1000)


def lane_gaps(sources: Iterable[Source], started: datetime, duration_ms: int) -> tuple[LaneGap, ...]:
    """Return what a lane lacks: the stated gaps, and the time in which nothing was sent, on the session's clock."""
    stated, sent = [], []
    for source in sources:
        offset_ms = _ms(source.recording.started_at, started)
        stated += [
            LaneGap(start_ms=max(offset_ms + gap.start_ms, 0), end_ms=offset_ms + gap.end_ms, reason=gap.reason)
            for gap in source.gaps
            if offset_ms + gap.end_ms > 0
        ]
        spans = [(s.start_ms, s.end_ms) for s in source.segments] + [(g.start_ms, g.end_ms) for g in source.gaps]
        sent += [(offset_ms + start, offset_ms + end) for start, end in spans]
    absent, reached = [], 0
    for start, end in sorted(sent):
        if start > reached + SLACK_MS:
            absent.append(LaneGap(start_ms=max(reached, 0), end_ms=start, reason="not_sent"))
        reached = max(reached, end)
    if duration_ms > reached + SLACK_MS:
        absent.append(LaneGap(start_ms=max(reached, 0), end_ms=duration_ms, reason="not_sent"))
    return tuple(sorted([*stated, *absent], key=lambda gap: (gap.start_ms, gap.end_ms)))
