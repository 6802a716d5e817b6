"""Recordings of a session as lanes: one file per sender, all starting with the session."""

from uuid import UUID

from aiohttp import web

from evidence.ids import CaseId, LaneId, ObjectKey
from evidence.records import Count, Instant, Record
from evidence.segments import store as segments
from evidence.segments.errors import LaneNotFound
from evidence.segments.rules import Lane, LaneGap, LaneKind, LaneType, container_of, newest_lanes
from server.access_log.actions import note_access
from server.access_log.events import Downloaded, Viewed
from server.auth.visits import access_of
from server.http.items import Saving
from server.http.paths import ValidationPath
from server.http.routing import Call, Operation
from server.http.streams import ASKED, DOWNLOAD, PARTS, SENT, send_bytes
from sessions.roster.access import require
from sessions.roster.rules import Permission
from sessions.roster.store import list_participants
from sessions.schedule.rules import SessionState
from sessions.schedule.store import list_sessions


class LanePath(Record):
    """The lane in the path."""

    lane_id: UUID


class LaneView(Record):
    """One playable file. Its time 0 is the start of the session, so all lanes of a session play in step."""

    id: LaneId
    participant_id: UUID
    name: str
    kind: LaneKind
    source_type: LaneType
    source_name: str | None
    """What the equipment is called; null for a person's own page."""
    media_type: str
    digest: str
    bytes: Count
    duration_ms: Count
    gaps: tuple[LaneGap, ...]


class SessionRecording(Record):
    """What was recorded of one session. `complete` is false while lanes are still being built."""

    validation_session_id: UUID
    started_at: Instant
    ended_at: Instant
    complete: bool
    lanes: tuple[LaneView, ...]


class Recordings(Record):
    """The ended sessions of a validation, in the order they took place."""

    items: tuple[SessionRecording, ...]


async def list_recordings(call: Call, *, path: ValidationPath) -> Recordings:
    """List the lanes of every ended session."""
    case_id = CaseId(path.validation_id)
    async with call.services.database.read() as tx:
        access = await access_of(tx, call.principal, path.validation_id)
        require(access, Permission.READ_EVIDENCE)
        people = await list_participants(tx, access.validation_id)
        sessions = [s for s in await list_sessions(tx, (access.validation_id,)) if s.state is SessionState.ENDED]
        lanes = newest_lanes(await segments.list_lanes(tx, case_id))
        recordings = await segments.list_recordings(tx, case_id)
    names: dict[UUID, str] = {person.id: person.name for person in people}
    items = []
    for session in sessions:
        mine = tuple(lane for lane in lanes if lane.validation_session_id == session.id)
        wanted = {r.source_id for r in recordings if r.validation_session_id == session.id}
        views = tuple(_view(lane, names[lane.participant_id]) for lane in mine)
        items.append(
            SessionRecording(
                validation_session_id=session.id,
                started_at=session.started_at,
                ended_at=session.ended_at,
                complete=wanted == {source_id for lane in mine for source_id in lane.source_ids},
                lanes=views,
            )
        )
    return Recordings(items=tuple(items))


def _view(lane: Lane, name: str) -> LaneView:
    kept = lane.model_dump(include=set(LaneView.model_fields) - {"name"})
    return LaneView(name=name, source_name=lane.name, **kept)


async def get_recording(call: Call, *, path: LanePath, query: Saving) -> web.StreamResponse:
    """Stream a lane, with Range."""
    async with call.services.database.write() as tx:
        lane = await segments.get_lane(tx, LaneId(path.lane_id))
        access = await access_of(tx, call.principal, lane.case_id, absent=LaneNotFound(lane_id=str(path.lane_id)))
        require(access, Permission.READ_EVIDENCE)
        event = Downloaded if query.download else Viewed
        await note_access(tx, access, event(subject="recording", subject_id=lane.id))
    return await send_bytes(
        call.request,
        lambda start, end: call.services.objects.open_range(ObjectKey(lane.object_key), start, end),
        size=lane.bytes,
        media_type=lane.media_type,
        digest=lane.digest,
        filename=f"{lane.kind}-{lane.id}.{container_of(lane.media_type)}",
        disposition="attachment" if query.download else "inline",
    )


OPERATIONS = (
    Operation("GET", "/api/validations/{validation_id}/recordings", list_recordings, "Recordings of a validation"),
    Operation(
        "GET",
        "/api/recordings/{lane_id}/content",
        get_recording,
        "One recording",
        raw_answer=("video/webm", "audio/webm", "video/mp4", "audio/mp4", DOWNLOAD),
        takes=ASKED,
        gives=SENT,
        also=PARTS,
    ),
)
