"""What the worker makes of recordings when the store lost something or a report came late."""

import asyncio
from pathlib import Path
from uuid import UUID

from evidence import locker
from evidence.ids import SegmentId, SourceId, uuid7
from evidence.records import Json
from evidence.segments import store as segments
from evidence.segments.rules import NewRecording, NewSegment, Segment
from server.jobs.filing import WORKER
from server.jobs.queue import enqueue
from tests.http.house import listed
from tests.media.peers import MovingPicture, Tone
from tests.parts.broadcasts import publish
from tests.parts.site import Site
from tests.waiting import wait_until


def stored_at(site: Site, segment: Segment) -> Path:
    """Return the file of a segment in the folder that is this site's object store."""
    return site.services.settings.root / "objects" / segment.object_key


def spooled_at(site: Site, segment: Segment) -> Path:
    """Return the media process's own copy."""
    settings = site.services.settings
    return settings.root / "media" / f"spool-{settings.media_name}" / f"{segment.segment_id}.webm"


async def reported(site: Site, source_id: str, count: int) -> tuple[Segment, ...]:
    """Wait until so many segments are stated, without the worker, and return them."""

    async def stated() -> tuple[Segment, ...]:
        async with site.services.database.read() as tx:
            found = await segments.list_segments(tx, SourceId(UUID(source_id)))
        return found if len(found) >= count else ()

    return await wait_until(stated, within_s=40)


async def recording(site: Site) -> dict[str, Json]:
    """Return the one session's recording as the reviewer is told."""
    (found,) = listed(await site.people["reviewer"].seen(f"{site.validation}/recordings"))
    return found


async def test_segment_the_store_lost_is_put_there_again(live_site: Site) -> None:
    """The spool still has it until it was read back: nothing becomes a gap."""
    site = live_site
    phone, _ = await publish(site, "phone", Tone(440), kind="microphone")
    (first, *_) = await reported(site, phone.source_id, 1)
    await asyncio.to_thread(stored_at(site, first).unlink)
    await site.worked_until("evidence.segment_filed", source_id=phone.source_id, index=0)
    assert await asyncio.to_thread(stored_at(site, first).exists)
    assert await site.stated("evidence.segment_gap") == []
    await wait_until(lambda: not spooled_at(site, first).exists())


async def test_segment_lost_everywhere_is_a_gap_and_nobody_waits_for_it(live_site: Site) -> None:
    """Missing in the store and in the spool: the gap is stated, the recording is closed and its lane is built."""
    site = live_site
    phone, _ = await publish(site, "phone", MovingPicture(), Tone(440))
    (first, *_) = await reported(site, phone.source_id, 1)
    await asyncio.to_thread(stored_at(site, first).unlink)
    await asyncio.to_thread(spooled_at(site, first).unlink)
    await site.worked_until("evidence.segment_gap", source_id=phone.source_id, reason="damaged")
    await site.in_session("lead", "session.end")
    await site.worked_until("evidence.recording_closed", source_id=phone.source_id)
    lane = await site.worked_until("evidence.lane_built", kind="camera", within_s=60)
    assert "damaged" in {gap["reason"] for gap in listed(lane, "gaps")}
    assert (await recording(site))["complete"] is True


async def test_lane_is_built_again_with_a_recording_that_was_reported_late(live_site: Site) -> None:
    """Until then the recording says that it is not complete; afterwards the newest lane is the one that is played."""
    site = live_site
    phone, _ = await publish(site, "phone", Tone(440), kind="microphone")
    (first, *_) = await reported(site, phone.source_id, 1)
    await site.in_session("lead", "session.end")
    early = await site.worked_until("evidence.lane_built", kind="microphone", within_s=60)
    assert (await recording(site))["complete"] is True
    late_id = await file_late(site, first)
    assert (await recording(site))["complete"] is False
    async with site.services.database.write() as tx:
        payload: dict[str, Json] = {"case_id": site.ids["validation"], "validation_session_id": site.ids["session"]}
        await enqueue(tx, "build_lanes", payload)
    late = await site.worked_until("evidence.lane_built", source_ids=[phone.source_id, late_id], within_s=60)
    now = await recording(site)
    assert now["complete"] is True
    assert [lane["id"] for lane in listed(now, "lanes")] == [late["lane_id"]] != [early["lane_id"]]


async def file_late(site: Site, first: Segment) -> str:
    """File the same piece as a second recording of the same participant, and return its source."""
    source_id = SourceId(uuid7())
    async with site.services.database.write() as tx:
        known = await segments.lock_recording(tx, first.source_id)
        begun = NewRecording.model_validate(known.model_dump(include=set(NewRecording.model_fields)))
        await locker.open_recording(tx, begun.model_copy(update={"source_id": source_id}))
        piece = first.model_dump(include=set(NewSegment.model_fields))
        again = NewSegment.model_validate(piece | {"source_id": source_id, "segment_id": SegmentId(uuid7())})
        await locker.close_segment(tx, again, WORKER)
        await locker.file_segment(tx, again.segment_id, WORKER)
        await locker.end_recording(tx, source_id, segments=1, actor=WORKER)
    return str(source_id)
