"""The control socket of the media process: one POST per method, JSON in and out. Only our own user can open it."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TypeVar

from aiohttp import web
from pydantic import ValidationError

from evidence.objects.errors import StoreUnavailable
from evidence.records import Record
from server.errors import ServerError
from server.media.control import STILL_HEADER
from server.media.filing import Filer
from server.media.forwarder import Forwarder
from server.media.pressure import Newcomer, Pressure
from server.media.probing import Probes
from server.media.spool import Spool
from server.media.wire import (
    EndSource,
    EndViewer,
    MediaHealth,
    PatchIce,
    Probe,
    Publish,
    Refile,
    Refiled,
    Refusal,
    SetPrivate,
    ShowSources,
    SpoolFreed,
    TakeStill,
    Watch,
    WatchRoom,
)

REQUEST_LIMIT_BYTES = 256 * 1024
Request = TypeVar("Request", bound=Record)


@dataclass(frozen=True)
class Controlled:
    """The parts that the calls reach."""

    forwarder: Forwarder
    probes: Probes
    filer: Filer
    spool: Spool
    executor: Executor
    health: Callable[[], MediaHealth]
    pressure: Pressure

    async def publish(self, request: Publish) -> web.Response:
        """Take a source; one that is known already is asked about again, and never refused for want of room."""
        if not self.forwarder.knows(request.source_id):
            has_room = self.forwarder.has_room(request.room_id)
            self.pressure.admit(Newcomer.SOURCE if has_room else Newcomer.ROOM)
        return _json(await self.forwarder.publish(request))

    async def patch(self, request: PatchIce) -> web.Response:
        """Take a fragment of a peer's ICE."""
        return _json(self.forwarder.patch(request))

    async def unpublish(self, request: EndSource) -> web.Response:
        """End a source."""
        await self.forwarder.unpublish(request.source_id, request.reason)
        return web.Response()

    async def watch(self, request: Watch) -> web.Response:
        """Add a viewer."""
        if not self.forwarder.knows(request.peer_id):
            self.pressure.admit(Newcomer.VIEWER)
        return _json(await self.forwarder.watch(request))

    async def watch_room(self, request: WatchRoom) -> web.Response:
        """Add a viewer of a room."""
        if not self.forwarder.knows(request.peer_id):
            self.pressure.admit(Newcomer.VIEWER)
        return _json(await self.forwarder.watch_room(request))

    async def show(self, request: ShowSources) -> web.Response:
        """Say what the slots of a viewer show."""
        return _json(self.forwarder.show(request))

    async def probe(self, request: Probe) -> web.Response:
        """Let a peer try its path."""
        return _json(self.probes.answer(request))

    async def unwatch(self, request: EndViewer) -> web.Response:
        """End a viewer."""
        await self.forwarder.unwatch(request.peer_id, "unwatched")
        return web.Response()

    async def set_private(self, request: SetPrivate) -> web.Response:
        """Stop or restart storing."""
        self.forwarder.set_private(request)
        return web.Response()

    async def still(self, request: TakeStill) -> web.Response:
        """Decode a picture."""
        still, jpeg = await self.forwarder.still(request.source_id)
        return web.Response(body=jpeg, content_type="image/jpeg", headers={STILL_HEADER: still.model_dump_json()})

    async def refile(self, request: Refile) -> web.Response:
        """Put a segment into the store again."""
        try:
            return _json(Refiled(stored=await self.filer.refile(request.segment_id)))
        except StoreUnavailable as error:
            raise web.HTTPServiceUnavailable(text=str(error)) from error

    async def spool_freed(self, request: SpoolFreed) -> web.Response:
        """Delete a local copy."""
        await asyncio.get_running_loop().run_in_executor(self.executor, self.spool.free, request.segment_id)
        return web.Response()


def control_app(parts: Controlled) -> web.Application:
    """Return the application behind the socket."""
    app = web.Application(client_max_size=REQUEST_LIMIT_BYTES)

    async def health(_: web.Request) -> web.Response:
        return _json(parts.health())

    app.router.add_post("/health", health)
    app.router.add_post("/publish", partial(_call, Publish, parts.publish))
    app.router.add_post("/patch", partial(_call, PatchIce, parts.patch))
    app.router.add_post("/unpublish", partial(_call, EndSource, parts.unpublish))
    app.router.add_post("/watch", partial(_call, Watch, parts.watch))
    app.router.add_post("/watch_room", partial(_call, WatchRoom, parts.watch_room))
    app.router.add_post("/show", partial(_call, ShowSources, parts.show))
    app.router.add_post("/probe", partial(_call, Probe, parts.probe))
    app.router.add_post("/unwatch", partial(_call, EndViewer, parts.unwatch))
    app.router.add_post("/set_private", partial(_call, SetPrivate, parts.set_private))
    app.router.add_post("/still", partial(_call, TakeStill, parts.still))
    app.router.add_post("/refile", partial(_call, Refile, parts.refile))
    app.router.add_post("/spool_freed", partial(_call, SpoolFreed, parts.spool_freed))
    return app


async def _call(
    shape: type[Request], method: Callable[[Request], Awaitable[web.Response]], request: web.Request
) -> web.Response:
    """Decode the body, call, and answer 409 with the refusal when there is one."""
    try:
        body = shape.model_validate_json(await request.read())
    except ValidationError as error:
        raise web.HTTPBadRequest(text=str(error)) from None
    try:
        return await method(body)
    except ServerError as error:
        return _json(Refusal(code=error.code, fields=dict(error.fields)), status=HTTPStatus.CONFLICT)


def _json(record: Record, status: int = HTTPStatus.OK) -> web.Response:
    return web.Response(body=record.model_dump_json().encode(), content_type="application/json", status=status)
