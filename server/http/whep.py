"""WHEP: watch one source of a live session, or the picture of it that opened last."""

from uuid import UUID

from aiohttp import web

from evidence.ids import SourceId, uuid7
from evidence.ledger.transaction import Transaction
from evidence.records import Record
from server.errors import NotFound
from server.http.equipment import Peer, admit_media, bind_line, viewer_of
from server.http.paths import SessionPath
from server.http.routing import Call, Operation, Who, read_body
from server.http.sdp import offering, patch_ice, restarting
from server.http.viewers import answer_viewer
from server.live.store import count_viewers_by_token, delete_viewers, find_viewer, insert_viewer
from server.media.wire import SDP_LIMIT
from sessions.errors import SourceNotFound, TokenInUse
from sessions.schedule.store import validation_of_session
from sessions.tour.records import Source
from sessions.tour.rules import SourceKind
from sessions.tour.sources import check_seated, check_viewer
from sessions.tour.store import get_source, list_open_sources

VIEWERS_A_TOKEN = 8
"""How many connections one media token may watch with at once."""


class WatchedPath(Record):
    """The source to watch."""

    source_id: UUID


class ViewerPath(WatchedPath):
    """One viewer's connection."""

    peer_id: UUID


async def watch_source(call: Call, *, path: WatchedPath) -> web.Response:
    """Take an SDP offer and answer it with the source."""
    await admit_media(call)
    async with call.services.database.read() as tx:
        source = await get_source(tx, SourceId(path.source_id))
    return await _watch(call, source)


async def watch_session(call: Call, *, path: SessionPath) -> web.Response:
    """Take an SDP offer and answer it with the camera or screen of the session that opened last."""
    await admit_media(call)
    session_id = path.validation_session_id
    async with call.services.database.read() as tx:
        peer = await viewer_of(tx, call, await validation_of_session(tx, session_id), session_id)
        await check_seated(tx, peer.access, session_id)
        sources = await list_open_sources(tx, session_id)
    pictures = [source for source in sources if source.kind is not SourceKind.MICROPHONE]
    if not pictures:
        raise SourceNotFound
    return await _watch(call, pictures[-1])


async def _watch(call: Call, source: Source) -> web.Response:
    services = call.services
    offer = (await read_body(call.request, SDP_LIMIT)).decode(errors="replace")
    source_id, peer_id = source.id, uuid7()
    async with services.database.write() as tx:
        peer = await _viewer(tx, call, source)
        await check_viewer(tx, peer.access, await get_source(tx, source_id))
        await insert_viewer(
            tx,
            peer_id=peer_id,
            source_id=source_id,
            participant_id=peer.access.participant_id,
            validation_session_id=source.validation_session_id,
            token_id=peer.token_id,
        )
        await bind_line(tx, call, peer, peer_id)
        if peer.token is not None and await count_viewers_by_token(tx, peer.token.id) > VIEWERS_A_TOKEN:
            raise TokenInUse
    asked = services.media.watch(source_id, peer_id=peer_id, offer_sdp=offer)
    location = f"/api/whep/{source_id}/{peer_id}"
    return await answer_viewer(call, peer_id, asked, location=location, absent=SourceNotFound())


async def patch_watch(call: Call, *, path: ViewerPath) -> web.Response:
    """Take more of the ICE of one's own connection; new credentials restart it, and all else goes on."""
    await admit_media(call)
    async with call.services.database.read() as tx:
        await _own_viewer(tx, call, path)
    return await patch_ice(call, path.peer_id)


async def end_watch(call: Call, *, path: ViewerPath) -> web.Response:
    """Stop watching; a second time there is nothing to stop."""
    await admit_media(call)
    async with call.services.database.write() as tx:
        await _own_viewer(tx, call, path)
        await delete_viewers(tx, [path.peer_id])
    await call.services.media.unwatch(path.peer_id)
    return web.Response(status=200)


async def _own_viewer(tx: Transaction, call: Call, path: ViewerPath) -> None:
    source = await get_source(tx, SourceId(path.source_id))
    peer = await _viewer(tx, call, source)
    if await find_viewer(tx, path.peer_id, path.source_id) != (peer.access.participant_id, peer.token_id):
        raise NotFound


async def _viewer(tx: Transaction, call: Call, source: Source) -> Peer:
    return await viewer_of(tx, call, source.validation_id, source.validation_session_id, absent=SourceNotFound())


_VIEWER = "/api/whep/{source_id}/{peer_id}"
OPERATIONS = (
    offering("/api/whep/sessions/{validation_session_id}", watch_session, "Watch a session", Who.MEDIA),
    offering("/api/whep/{source_id}", watch_source, "Watch a source", Who.MEDIA),
    restarting(_VIEWER, patch_watch, "Restart the ICE of a viewer", Who.MEDIA),
    Operation("DELETE", _VIEWER, end_watch, "Stop watching", Who.MEDIA),
)
