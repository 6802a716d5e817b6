"""Takes in what the media process reports, each fact once, and turns it into rows, entries and jobs.

How far the file was read is written in the transaction of what was read, so a crash between the two cannot happen.
"""

import asyncio
from typing import assert_never

import structlog
from sqlalchemy.exc import SQLAlchemyError

from evidence import locker
from evidence.errors import EvidenceError
from evidence.ids import SourceId
from evidence.ledger.transaction import Transaction
from evidence.segments.rules import NewGap, NewRecording, NewSegment
from server.jobs.queue import enqueue
from server.live import store
from server.media.reports import (
    PeerClosed,
    PeerConnected,
    Report,
    SegmentClosed,
    SegmentGap,
    SourceEnded,
    SourceInterrupted,
    SourceLive,
    SourceResumed,
    ViewerClosed,
    read_reports,
    reports_path,
)
from server.services import Services
from server.surplus import surplus_names
from sessions.errors import SessionsError
from sessions.schedule.rules import SessionState
from sessions.schedule.store import get_session, lock_sessions
from sessions.tour.interruptions import MEDIA, follow_source, interrupt_source, resume_source
from sessions.tour.sources import close_source
from sessions.tour.store import get_source

LOOK_S = 0.1
"""How long a report may wait; a stat call costs a few microseconds."""
log = structlog.get_logger()


async def follow_reports(services: Services) -> None:
    """Take in what all media processes report, those no longer wanted too, as it is written, until cancelled."""
    surplus = await asyncio.get_running_loop().run_in_executor(services.store, surplus_names, services.settings)
    async with asyncio.TaskGroup() as group:
        for name in (*services.settings.media_names, *surplus):
            group.create_task(_follow(services, name))


async def _follow(services: Services, name: str) -> None:
    path = reports_path(services.settings.root, name)
    async with services.database.read() as tx:
        offset = await store.get_offset(tx, name)
    while True:
        try:
            reports, end = await asyncio.get_running_loop().run_in_executor(services.store, read_reports, path, offset)
            if end != offset:
                offset = await _take_in(services, name, reports, (offset, end))
                continue
        except (SQLAlchemyError, OSError):
            log.exception("reports not taken in; they are read again")
        await asyncio.sleep(LOOK_S)


async def _take_in(services: Services, name: str, reports: tuple[Report, ...], span: tuple[int, int]) -> int:
    """Return how far the file is read now; another API process may have been there first. Args: span: of the file."""
    offset, end = span
    async with services.database.write() as tx:
        present = await store.lock_offset(tx, name)
        if present != offset:
            return present
        await state_reports(tx, reports)
        await store.set_offset(tx, name, end)
    return end


async def state_reports(tx: Transaction, reports: tuple[Report, ...]) -> None:
    """State what was reported, in its order. Their sessions are held first, in an order that everybody keeps."""
    await lock_sessions(tx, {report.room_id for report in reports})
    for report in reports:
        await _state_or_leave(tx, report)


async def _state_or_leave(tx: Transaction, report: Report) -> None:
    """State a report, or leave one that cannot be stated: whoever refused it would refuse it for ever.

    A source that was answered and then refused its row is one of those; its end is no news to anybody.
    """
    try:
        await _state(tx, report)
    except (SessionsError, EvidenceError) as error:
        log.warning("report left", report=str(report.id), kind=report.kind, code=error.code)


async def _state(tx: Transaction, report: Report) -> None:
    match report:
        case SourceLive():
            await _source_live(tx, report)
        case SourceInterrupted():
            await interrupt_source(tx, report.source_id, report.since, report.id)
        case SourceResumed():
            await resume_source(tx, report.source_id, report.at)
        case SourceEnded():
            await _source_ended(tx, report)
        case SegmentClosed():
            await _segment_closed(tx, report)
        case SegmentGap():
            await _segment_gap(tx, report)
        case PeerConnected():
            pass  # known since its offer was answered
        case PeerClosed() | ViewerClosed():
            await store.delete_viewers(tx, [report.peer_id])
        case _:
            assert_never(report)


async def _source_live(tx: Transaction, report: SourceLive) -> None:
    source = await get_source(tx, report.source_id)
    await follow_source(tx, report.source_id, report.started_at)
    if report.recorded:
        begun = NewRecording(
            source_id=report.source_id,
            case_id=report.case_id,
            validation_session_id=source.validation_session_id,
            participant_id=source.participant_id,
            kind=source.kind.value,
            source_type=source.source_type.value,
            name=source.name,
            started_at=report.started_at,
        )
        await locker.open_recording(tx, begun)


async def _source_ended(tx: Transaction, report: SourceEnded) -> None:
    await close_source(tx, report.source_id, reason=report.reason)
    await store.unbind_from_login(tx, [report.source_id])
    if await store.is_recorded(tx, report.source_id):
        await locker.end_recording(tx, report.source_id, segments=report.segments, actor=MEDIA)
        await _file_segments(tx, report.source_id, f"end:{report.source_id}")
        await _build_late_lane(tx, report.source_id)


async def _segment_closed(tx: Transaction, report: SegmentClosed) -> None:
    reported = NewSegment.model_validate(report.model_dump(include=set(NewSegment.model_fields)))
    if await locker.close_segment(tx, reported, MEDIA):
        await _file_segments(tx, report.source_id, str(report.segment_id))


async def _file_segments(tx: Transaction, source_id: SourceId, mark: str) -> None:
    await enqueue(tx, "file_segments", {"source_id": str(source_id)}, dedupe_key=f"file:{mark}")


async def _build_late_lane(tx: Transaction, source_id: SourceId) -> None:
    """Promise the lanes again when the session is over: those built at its end knew nothing of this recording."""
    source = await get_source(tx, source_id)
    session = await get_session(tx, source.validation_id, source.validation_session_id)
    if session.state is SessionState.ENDED:
        payload = {"case_id": str(source.validation_id), "validation_session_id": str(session.id)}
        await enqueue(tx, "build_lanes", dict(payload), dedupe_key=f"lanes:{session.id}:{source_id}")


async def _segment_gap(tx: Transaction, report: SegmentGap) -> None:
    gap = NewGap(
        gap_id=report.id,
        source_id=report.source_id,
        start_ms=report.start_ms,
        end_ms=report.end_ms,
        track=report.track or "all",
        reason=report.reason.value,
    )
    if await store.is_recorded(tx, report.source_id):
        await locker.record_gap(tx, gap, MEDIA)
