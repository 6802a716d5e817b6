"""Jobs of the recording: read a segment back, file it in its chain, and free the spool."""

from uuid import UUID

from evidence import locker
from evidence.ids import Digest, ObjectKey, SegmentId, SourceId
from evidence.ledger.events import Actor
from evidence.objects.errors import DigestMismatch, ObjectMissing
from evidence.records import Json
from evidence.segments import store as segments
from evidence.segments.rules import Segment, SegmentState
from server.jobs.queue import enqueue
from server.jobs.worker import NotYet
from server.services import Services

WORKER = Actor(kind="system", id="work", name="Worker")


async def file_segments(services: Services, payload: dict[str, Json]) -> None:
    """File every segment of the source that waits, in the order of their index."""
    source_id = SourceId(UUID(str(payload["source_id"])))
    async with services.database.read() as tx:
        found = await segments.list_segments(tx, source_id)
    for segment in found:
        if segment.state is SegmentState.CLOSED:
            await _file(services, segment)


async def _file(services: Services, segment: Segment) -> None:
    if not await _is_whole(services, segment):
        async with services.database.write() as tx:
            await locker.reject_segment(tx, segment.segment_id, WORKER)
        return
    async with services.database.write() as tx:
        await locker.file_segment(tx, segment.segment_id, WORKER)
        mark = f"free:{segment.segment_id}"
        await enqueue(tx, "free_spool", {"segment_id": str(segment.segment_id)}, dedupe_key=mark)


async def _is_whole(services: Services, segment: Segment) -> bool:
    """Read the segment back; one that is missing is asked of the media process again, which still has its copy.

    Raises: NotYet, MediaUnavailable; nothing may be given up before both have been asked.
    """
    key, digest = ObjectKey(segment.object_key), Digest(segment.digest)
    for _ in range(2):
        try:
            await locker.verify_read_back(services.objects, key, digest, cpu=services.cpu)
        except DigestMismatch:
            return False
        except ObjectMissing:
            if not await services.media.refile(segment.segment_id):
                return False
        else:
            return True
    raise NotYet("a segment that the store took and does not show")


async def free_spool(services: Services, payload: dict[str, Json]) -> None:
    """Let the media process delete its copy of a segment that was read back."""
    await services.media.spool_freed(SegmentId(UUID(str(payload["segment_id"]))))
