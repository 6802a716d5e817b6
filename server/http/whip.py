"""WHIP: a browser, a phone or an encoder publishes one source into a live session. RFC 9725."""

from uuid import UUID

from aiohttp import web

from evidence.ids import CaseId, SourceId, uuid7
from evidence.records import Record
from server.http.equipment import admit_media, bind_line, end_broken, own_publication, sender_of
from server.http.paths import SessionPath
from server.http.relays import with_relays
from server.http.routing import Call, Operation, Who, read_body
from server.http.sdp import offering, patch_ice, restarting, sdp_answer
from server.live.store import private_reason
from server.media.errors import MediaUnavailable
from server.media.frames import VideoCodec
from server.media.wire import SDP_LIMIT, Publish
from server.media.wire import SourceKind as MediaKind
from sessions.errors import SourceNotFound
from sessions.tour.rules import SourceKind
from sessions.tour.rules import VideoCodec as VideoCodecOfRoom
from sessions.tour.sources import check_source, close_own_source, codecs_of_source, open_source


class SourcePath(SessionPath):
    """One publication."""

    source_id: UUID


class Publication(Record):
    """What the publication shows; fixed for its life. A media token knows it; else it is a camera."""

    kind: SourceKind | None = None


async def publish_source(call: Call, *, path: SessionPath, query: Publication) -> web.Response:
    """Take an SDP offer and answer it, after consent, admission and the start of the session.

    The media process is asked first and the ledger is written second: an answer that is not yet stated can be taken
    back, a stated source that never sent cannot.
    """
    services = call.services
    await admit_media(call)
    offer = (await read_body(call.request, SDP_LIMIT)).decode(errors="replace")
    source_id = SourceId(uuid7())
    async with services.database.read() as tx:
        peer, feed = await sender_of(tx, call, path.validation_session_id, query.kind)
    await end_broken(call, peer)
    async with services.database.read() as tx:
        recorded = await check_source(tx, peer.access, path.validation_session_id, feed)
        codecs = await codecs_of_source(tx, peer.access, path.validation_session_id)
        reason = await private_reason(tx, path.validation_session_id)
    answer = await services.media.publish(
        Publish(
            room_id=path.validation_session_id,
            case_id=CaseId(peer.access.validation_id),
            source_id=source_id,
            kind=MediaKind(feed.kind.value),
            offer_sdp=offer,
            record=recorded,
            private=reason is not None,
            video_codecs=tuple(VideoCodec(codec.value) for codec in codecs),
        )
    )
    try:
        async with services.database.write() as tx:
            peer, feed = await sender_of(tx, call, path.validation_session_id, query.kind)
            await bind_line(tx, call, peer, source_id)
            stored = await open_source(tx, peer.access, path.validation_session_id, source_id, feed)
            shown = await codecs_of_source(tx, peer.access, path.validation_session_id)
            hidden = await private_reason(tx, path.validation_session_id)
            _check_unchanged(answered=(recorded, codecs[0]), stated=(stored, shown[0]))
        if hidden is not None and reason is None:
            # A process that has started since then has not been told, and it records what it is sent after the answer.
            await services.media.hide(path.validation_session_id, reason=hidden)
    except BaseException:
        await services.media.unpublish(source_id, reason="refused")
        raise
    return with_relays(call, sdp_answer(answer, f"/api/whip/{path.validation_session_id}/{source_id}"))


def _check_unchanged(*, answered: tuple[bool, VideoCodecOfRoom], stated: tuple[bool, VideoCodecOfRoom]) -> None:
    """Refuse, for another try, when somebody's consent or arrival came between: what is answered is what is stated."""
    if answered != stated:
        raise MediaUnavailable(reason="room_changed")


async def patch_source(call: Call, *, path: SourcePath) -> web.Response:
    """Take more of the ICE of one's own publication; new credentials restart it, and all else goes on."""
    await admit_media(call)
    async with call.services.database.read() as tx:
        _, source = await own_publication(tx, call, path.validation_session_id, path.source_id)
        if source.closed_at is not None:
            raise SourceNotFound
    return await patch_ice(call, path.source_id)


async def end_source(call: Call, *, path: SourcePath) -> web.Response:
    """End one's own publication; a second time there is none."""
    await admit_media(call)
    source_id = SourceId(path.source_id)
    async with call.services.database.write() as tx:
        peer, _ = await own_publication(tx, call, path.validation_session_id, path.source_id)
        if not await close_own_source(tx, peer.access, source_id, reason="unpublished"):
            raise SourceNotFound
    await call.services.media.unpublish(source_id)
    return web.Response(status=200)


_SESSION = "/api/whip/{validation_session_id}"
_SOURCE = f"{_SESSION}/{{source_id}}"
OPERATIONS = (
    offering(_SESSION, publish_source, "Publish a source", Who.MEDIA),
    restarting(_SOURCE, patch_source, "Restart the ICE of a source", Who.MEDIA),
    Operation("DELETE", _SOURCE, end_source, "End a source", Who.MEDIA),
)
