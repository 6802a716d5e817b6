"""WHEP for a whole room: one connection with fixed slots, and what each of them shows."""

from http import HTTPStatus
from uuid import UUID

from aiohttp import web
from pydantic import Field

from evidence.ids import CaseId, SourceId, uuid7
from evidence.ledger.transaction import Transaction
from evidence.records import Record
from server.auth.visits import access_of
from server.errors import NotFound
from server.http.paths import SessionPath
from server.http.routing import Call, Operation, Who, read_body
from server.http.sdp import offering, patch_ice, restarting
from server.http.viewers import answer_viewer
from server.live.store import bind_to_login, delete_viewers, find_room_viewer, insert_viewer
from server.media.wire import SDP_LIMIT, SLOTS_MOST
from sessions.roster.access import Access
from sessions.schedule.store import validation_of_session
from sessions.tour.sources import check_seated
from sessions.tour.store import list_open_sources


class RoomViewerPath(SessionPath):
    """One viewer's connection to a room."""

    viewer_id: UUID


class Slots(Record):
    """The source of each slot; null for none. The n-th audio and n-th video of the offer are the n-th slot."""

    sources: tuple[SourceId | None, ...] = Field(max_length=SLOTS_MOST)


async def watch_room(call: Call, *, path: SessionPath) -> web.Response:
    """Take an SDP offer of recvonly audio and video, and answer it with slots that show nothing yet."""
    services = call.services
    offer = (await read_body(call.request, SDP_LIMIT)).decode(errors="replace")
    session_id, peer_id = path.validation_session_id, uuid7()
    async with services.database.write() as tx:
        access = await _access(tx, call, session_id)
        await check_seated(tx, access, session_id)
        await insert_viewer(
            tx,
            peer_id=peer_id,
            source_id=None,
            participant_id=access.participant_id,
            validation_session_id=session_id,
        )
        await bind_to_login(tx, peer_id, call.principal.login_id)
    case_id = CaseId(access.validation_id)
    asked = services.media.watch_room(session_id, case_id=case_id, peer_id=peer_id, offer_sdp=offer)
    location = f"/api/whep/rooms/{session_id}/{peer_id}"
    return await answer_viewer(call, peer_id, asked, location=location, absent=NotFound())


async def set_slots(call: Call, *, path: RoomViewerPath, body: Slots) -> Slots:
    """Say what one's own slots show; a source that is not open in this session is null in the answer."""
    async with call.services.database.read() as tx:
        access = await _own(tx, call, path)
        await check_seated(tx, access, path.validation_session_id)
        open_here = {source.id for source in await list_open_sources(tx, path.validation_session_id)}
    wanted = tuple(source_id if source_id in open_here else None for source_id in body.sources)
    return Slots(sources=await call.services.media.show(path.viewer_id, wanted))


async def patch_room_watch(call: Call, *, path: RoomViewerPath) -> web.Response:
    """Take more of the ICE of one's own connection; new credentials restart it, and all else goes on."""
    async with call.services.database.read() as tx:
        await _own(tx, call, path)
    return await patch_ice(call, path.viewer_id)


async def end_room_watch(call: Call, *, path: RoomViewerPath) -> web.Response:
    """Stop watching; a second time there is nothing to stop."""
    async with call.services.database.write() as tx:
        await _own(tx, call, path)
        await delete_viewers(tx, [path.viewer_id])
    await call.services.media.unwatch(path.viewer_id)
    return web.Response(status=HTTPStatus.OK)


async def _access(tx: Transaction, call: Call, validation_session_id: UUID) -> Access:
    return await access_of(tx, call.principal, await validation_of_session(tx, validation_session_id))


async def _own(tx: Transaction, call: Call, path: RoomViewerPath) -> Access:
    access = await _access(tx, call, path.validation_session_id)
    if await find_room_viewer(tx, path.viewer_id, path.validation_session_id) != access.participant_id:
        raise NotFound
    return access


_ROOM = "/api/whep/rooms/{validation_session_id}"
_VIEWER = f"{_ROOM}/{{viewer_id}}"
OPERATIONS = (
    offering(_ROOM, watch_room, "Watch a room", Who.SIGNED_IN),
    Operation("PUT", f"{_VIEWER}/slots", set_slots, "Say what a viewer's slots show"),
    restarting(_VIEWER, patch_room_watch, "Restart the ICE of a room's viewer", Who.SIGNED_IN),
    Operation("DELETE", _VIEWER, end_room_watch, "Stop watching a room"),
)
