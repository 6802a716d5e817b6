"""WHEP: watch one source of a live session."""

from http import HTTPStatus
from uuid import UUID

from aiohttp import web

from evidence.ids import SourceId, uuid7
from evidence.ledger.transaction import Transaction
from evidence.records import Record
from server.auth.visits import access_of
from server.errors import NotFound
from server.http.relays import with_relays
from server.http.routing import Call, Operation, read_body
from server.http.sdp import CREATED, FRAGMENT, IF_MATCH, RESTARTED, SDP, patch_ice, sdp_answer
from server.live.store import bind_to_login, delete_viewers, find_viewer, insert_viewer
from server.media.wire import SDP_LIMIT
from sessions.errors import SourceNotFound
from sessions.tour.sources import check_viewer
from sessions.tour.store import get_source


class WatchedPath(Record):
    """The source to watch."""

    source_id: UUID


class ViewerPath(WatchedPath):
    """One viewer's connection."""

    peer_id: UUID


async def watch_source(call: Call, *, path: WatchedPath) -> web.Response:
    """Take an SDP offer and answer it with the source."""
    services = call.services
    offer = (await read_body(call.request, SDP_LIMIT)).decode(errors="replace")
    source_id, peer_id = SourceId(path.source_id), uuid7()
    async with services.database.write() as tx:
        source = await get_source(tx, source_id)
        access = await access_of(tx, call.principal, source.validation_id, absent=SourceNotFound())
        await check_viewer(tx, access, source)
        await insert_viewer(
            tx,
            peer_id=peer_id,
            source_id=source_id,
            participant_id=access.participant_id,
            validation_session_id=source.validation_session_id,
        )
        await bind_to_login(tx, peer_id, call.principal.login_id)
    try:
        answer = await services.media.watch(source_id, peer_id=peer_id, offer_sdp=offer)
    except BaseException:
        async with services.database.write() as tx:
            await delete_viewers(tx, [peer_id])
        raise
    async with services.database.read() as tx:
        kept = await find_viewer(tx, peer_id, path.source_id)
    if kept is None:
        # Put out while the media process was asked: the row went, and what it started goes too.
        await services.media.unwatch(peer_id)
        raise SourceNotFound
    return with_relays(call, sdp_answer(answer, f"/api/whep/{source_id}/{peer_id}"))


async def patch_watch(call: Call, *, path: ViewerPath) -> web.Response:
    """Take more of the ICE of one's own connection; new credentials restart it, and all else goes on."""
    async with call.services.database.read() as tx:
        await _own_viewer(tx, call, path)
    return await patch_ice(call, path.peer_id)


async def end_watch(call: Call, *, path: ViewerPath) -> web.Response:
    """Stop watching; a second time there is nothing to stop."""
    async with call.services.database.write() as tx:
        await _own_viewer(tx, call, path)
        await delete_viewers(tx, [path.peer_id])
    await call.services.media.unwatch(path.peer_id)
    return web.Response(status=200)


async def _own_viewer(tx: Transaction, call: Call, path: ViewerPath) -> None:
    source = await get_source(tx, SourceId(path.source_id))
    access = await access_of(tx, call.principal, source.validation_id, absent=SourceNotFound())
    if await find_viewer(tx, path.peer_id, path.source_id) != access.participant_id:
        raise NotFound


OPERATIONS = (
    Operation(
        "POST",
        "/api/whep/{source_id}",
        watch_source,
        "Watch a source",
        status=201,
        raw_body=(SDP,),
        raw_answer=(SDP,),
        gives=CREATED,
    ),
    Operation(
        "PATCH",
        "/api/whep/{source_id}/{peer_id}",
        patch_watch,
        "Restart the ICE of a viewer",
        raw_body=(FRAGMENT,),
        raw_answer=(FRAGMENT,),
        takes=IF_MATCH,
        gives=RESTARTED,
        also=(HTTPStatus.NO_CONTENT,),
    ),
    Operation("DELETE", "/api/whep/{source_id}/{peer_id}", end_watch, "Stop watching"),
)
