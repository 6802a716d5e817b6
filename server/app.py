"""The composition root: builds the services of a process, and the application of the API process."""

import asyncio
import functools
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping

import socketio
import structlog
from aiohttp import web
from redis.driver_info import DriverInfo
from sqlalchemy import text

from server.config import Settings
from server.http import (
    access_log,
    accounts,
    commands,
    criteria,
    custody,
    exports,
    invitations,
    items,
    join,
    ledger,
    login,
    media_tokens,
    members,
    readiness,
    recordings,
    relays,
    schedule,
    stills,
    uploads,
    validations,
    whep,
    whep_room,
    whip,
)
from server.http.cors import cors_middleware
from server.http.openapi import openapi_document
from server.http.pages import add_pages
from server.http.problems import problems_middleware
from server.http.routing import Operation, add_operations
from server.http.security import add_security, is_own_origin
from server.live import enforcement
from server.live.messages import MESSAGES
from server.live.reports import follow_reports
from server.live.sockets import Sockets
from server.live.wakeup import listen
from server.media.control import MediaControl
from server.migrations import check_schema
from server.observability import Check, health_routes, observe_middleware
from server.services import SERVICES, Services
from server.version import VERSION
from server.wiring import open_services

OPERATIONS: tuple[Operation, ...] = (
    *login.OPERATIONS,
    *accounts.OPERATIONS,
    *members.OPERATIONS,
    *validations.OPERATIONS,
    *schedule.OPERATIONS,
    *invitations.OPERATIONS,
    *media_tokens.OPERATIONS,
    *join.OPERATIONS,
    *criteria.OPERATIONS,
    *commands.OPERATIONS,
    *uploads.OPERATIONS,
    *items.OPERATIONS,
    *custody.OPERATIONS,
    *recordings.OPERATIONS,
    *stills.OPERATIONS,
    *access_log.OPERATIONS,
    *whip.OPERATIONS,
    *whep_room.OPERATIONS,
    *whep.OPERATIONS,
    *relays.OPERATIONS,
    *readiness.OPERATIONS,
    *exports.OPERATIONS,
    *ledger.OPERATIONS,
)
log = structlog.get_logger()
PING_S = 10
"""A socket that does not answer two pings is taken for lost, and its page comes back with what it missed."""
MESSAGE_LIMIT_BYTES = 256 * 1024


def document() -> dict[str, object]:
    """Return the OpenAPI document of this version."""
    return dict(openapi_document(OPERATIONS, MESSAGES, version=VERSION))


@functools.cache
def _written_document() -> bytes:
    return json.dumps(document()).encode()


def build_app(services: Services, *, crashed: Callable[[], None]) -> web.Application:
    """Return the API process's application: every route, the socket, and the tasks that follow the ledger.

    Args: crashed: called when one of those tasks ends by itself; the process should then end and be started again.
    """
    app = web.Application(middlewares=[observe_middleware, cors_middleware, problems_middleware], client_max_size=0)
    app[SERVICES] = services
    add_security(app)
    add_operations(app, OPERATIONS)

    async def openapi(_request: web.Request) -> web.Response:
        # Made once and off the loop: it takes as long as some hundred requests.
        return web.Response(body=await asyncio.to_thread(_written_document), content_type="application/json")

    async def database_answers() -> None:
        async with services.database.read() as tx:
            await tx.execute(text("SELECT 1"))

    def own_origin(origin: str, environ: Mapping[str, str]) -> bool:
        return is_own_origin(origin, environ.get("HTTP_HOST", ""), services.settings)

    checks: dict[str, Check] = {"database": database_answers}
    for number, media in enumerate(services.media.controls.values()):
        checks[f"media-{number}" if number else "media"] = functools.partial(_answers, media)
    app.router.add_get("/openapi.json", openapi)
    app.router.add_routes(health_routes(checks, services.settings.metrics_token.get_secret_value()))
    sockets_server = socketio.AsyncServer(
        async_mode="aiohttp",
        async_handlers=False,
        transports=["websocket"],
        cors_allowed_origins=own_origin,
        ping_interval=PING_S,
        ping_timeout=PING_S,
        max_http_buffer_size=MESSAGE_LIMIT_BYTES,
        client_manager=_fan_out(services.settings),
    )
    sockets_server.attach(app)
    add_pages(app)
    bell = asyncio.Event()
    sockets = Sockets(services, sockets_server, bell)

    async def hang_up(_app: web.Application) -> None:
        await sockets.close()
        await _close_fan_out(sockets_server.manager)

    app.on_shutdown.append(hang_up)
    app.cleanup_ctx.append(_following(services, sockets, bell, crashed))
    return app


async def _answers(media: MediaControl) -> None:
    await media.health()


def _fan_out(settings: Settings) -> socketio.AsyncManager:
    redis = settings.redis_url.get_secret_value()
    if not redis:
        return socketio.AsyncManager()
    # Named here, because the client would look for its own version in files, on the loop, at each connection.
    ours = DriverInfo(name="sightline", lib_version=VERSION)
    return socketio.AsyncRedisManager(redis, redis_options={"driver_info": ours})


async def _close_fan_out(manager: socketio.AsyncManager) -> None:
    """End what the library leaves running; it connects with the first socket, so there may be nothing to end."""
    if isinstance(manager, socketio.AsyncRedisManager) and manager.redis is not None:
        manager.thread.cancel()
        await asyncio.wait([manager.thread])
        await manager.pubsub.aclose()
        await manager.redis.aclose()


def _following(
    services: Services, sockets: Sockets, bell: asyncio.Event, crashed: Callable[[], None]
) -> Callable[[web.Application], AsyncIterator[None]]:
    async def context(_app: web.Application) -> AsyncIterator[None]:
        def ended(task: asyncio.Task[None]) -> None:
            if not task.cancelled():
                log.error("task ended", task=task.get_name(), error=repr(task.exception()))
                crashed()

        followers = {
            "listen": listen(services.database, bell),
            "broadcast": sockets.broadcaster.run(),
            "recheck": sockets.recheck(),
            "pauses": sockets.pauses.run(),
            "enforcement": enforcement.run(services),
            "reports": follow_reports(services),
        }
        running = [asyncio.create_task(follower, name=name) for name, follower in followers.items()]
        for task in running:
            task.add_done_callback(ended)
        yield
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    return context


async def run_api(settings: Settings, stop: asyncio.Event) -> None:
    """Serve the API and the pages until `stop` is set."""
    await check_schema(settings.database)
    async with open_services(settings) as services:
        runner = web.AppRunner(build_app(services, crashed=stop.set), access_log=None, shutdown_timeout=2.0)
        await runner.setup()
        site = web.TCPSite(runner, settings.host, settings.port, ssl_context=_tls(settings), reuse_address=True)
        await site.start()
        try:
            await stop.wait()
        finally:
            await runner.cleanup()


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if not settings.tls_certificate or not settings.tls_key:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.tls_certificate, settings.tls_key)
    return context
