"""WHIP: a browser, a phone or an encoder publishes one source into a live session. RFC 9725."""

from http import HTTPStatus
from uuid import UUID

from aiohttp import web

from evidence.ids import CaseId, SourceId, uuid7
from evidence.records import Record
from server.auth.visits import access_of
from server.http.paths import SessionPath
from server.http.relays import with_relays
from server.http.routing import Call, Operation, read_body
from server.http.sdp import CREATED, FRAGMENT, IF_MATCH, RESTARTED, SDP, patch_ice, sdp_answer
from server.live.store import bind_to_login, private_reason
from server.media.frames import VideoCodec
from server.media.wire import SDP_LIMIT
from server.media.wire import SourceKind as MediaKind
from sessions.errors import SourceNotFound
from sessions.schedule.store import validation_of_session
from sessions.tour.rules import SourceKind
from sessions.tour.sources import check_source, close_own_source, codecs_of_source, open_source, own_source


class SourcePath(SessionPath):
    """One publication."""

    source_id: UUID


class Publication(Record):
    """What the publication shows; fixed for its life."""

    kind: SourceKind = SourceKind.CAMERA


async def publish_source(call: Call, *, path: SessionPath, query: Publication) -> web.Response:
    """Take an SDP offer and answer it, after consent, admission and the start of the session.

    The media process is asked first and the ledger is written second: an answer that is not yet stated can be taken
    back, a stated source that never sent cannot.
    """
    services = call.services
    offer = (await read_body(call.request, SDP_LIMIT)).decode(errors="replace")
    source_id = SourceId(uuid7())
    async with services.database.read() as tx:
        validation_id = await validation_of_session(tx, path.validation_session_id)
        access = await access_of(tx, call.principal, validation_id)
        recorded = await check_source(tx, access, path.validation_session_id, query.kind)
        codecs = await codecs_of_source(tx, access, path.validation_session_id)
        reason = await private_reason(tx, path.validation_session_id)
    answer = await services.media.publish(
        room_id=path.validation_session_id,
        case_id=CaseId(validation_id),
        source_id=source_id,
        kind=MediaKind(query.kind.value),
        offer_sdp=offer,
        record=recorded,
        private=reason is not None,
        video_codecs=tuple(VideoCodec(codec.value) for codec in codecs),
    )
    try:
        async with services.database.write() as tx:
            access = await access_of(tx, call.principal, validation_id)
            await open_source(tx, access, path.validation_session_id, source_id, query.kind)
            await bind_to_login(tx, source_id, call.principal.login_id)
    except BaseException:
        await services.media.unpublish(source_id, reason="refused")
        raise
    return with_relays(call, sdp_answer(answer, f"/api/whip/{path.validation_session_id}/{source_id}"))


async def patch_source(call: Call, *, path: SourcePath) -> web.Response:
    """Take more of the ICE of one's own publication; new credentials restart it, and all else goes on."""
    async with call.services.database.read() as tx:
        validation_id = await validation_of_session(tx, path.validation_session_id)
        access = await access_of(tx, call.principal, validation_id)
        source = await own_source(tx, access, SourceId(path.source_id))
        if source.closed_at is not None:
            raise SourceNotFound
    return await patch_ice(call, path.source_id)


async def end_source(call: Call, *, path: SourcePath) -> web.Response:
    """End one's own publication; a second time there is none."""
    source_id = SourceId(path.source_id)
    async with call.services.database.write() as tx:
        validation_id = await validation_of_session(tx, path.validation_session_id)
        access = await access_of(tx, call.principal, validation_id)
        if not await close_own_source(tx, access, source_id, reason="unpublished"):
            raise SourceNotFound
    await call.services.media.unpublish(source_id)
    return web.Response(status=200)


OPERATIONS = (
    Operation(
        "POST",
        "/api/whip/{validation_session_id}",
        publish_source,
        "Publish a source",
        status=201,
        raw_body=(SDP,),
        raw_answer=(SDP,),
        gives=CREATED,
    ),
    Operation(
        "PATCH",
        "/api/whip/{validation_session_id}/{source_id}",
        patch_source,
        "Restart the ICE of a source",
        raw_body=(FRAGMENT,),
        raw_answer=(FRAGMENT,),
        takes=IF_MATCH,
        gives=RESTARTED,
        also=(HTTPStatus.NO_CONTENT,),
    ),
    Operation("DELETE", "/api/whip/{validation_session_id}/{source_id}", end_source, "End a source"),
)
