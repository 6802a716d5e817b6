"""Structured logs, health and metrics."""

import hmac
import logging
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from structlog.tracebacks import ExceptionDictTransformer

from evidence.errors import EvidenceError
from evidence.ids import uuid7
from server.errors import NotPermitted, ServerError

REGISTRY = CollectorRegistry()
REQUESTS = Counter("sightline_http_requests", "Requests by route and status", ["route", "status"], registry=REGISTRY)
SECONDS = Histogram("sightline_http_seconds", "Time to answer, in seconds", ["route"], registry=REGISTRY)
COMMANDS = Counter("sightline_commands", "Commands by type and outcome", ["type", "outcome"], registry=REGISTRY)
MEDIA_SHARE = Gauge("sightline_media_core_share", "Share of a core that packets take", ["process"], registry=REGISTRY)
MEDIA_SOURCES = Gauge("sightline_media_sources", "Live sources", ["process"], registry=REGISTRY)
MEDIA_VIEWERS = Gauge("sightline_media_viewers", "Viewers", ["process"], registry=REGISTRY)
MEDIA_DATAGRAMS = Gauge(
    "sightline_media_datagrams",
    "Datagrams lost or left unread since the process began: dropped, strangers, refused, given_up",
    ["process", "fate"],
    registry=REGISTRY,
)
Check = Callable[[], Awaitable[None]]
"""Returns when its part answers, raises otherwise."""


def configure_logs(process: Literal["serve", "api", "media", "work", "cli"]) -> None:
    """Send logs to standard error, one JSON object a line, each naming its process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without local variables: they may be passwords and tokens.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    structlog.contextvars.bind_contextvars(process=process)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)


@web.middleware
async def observe_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count and time each request by its route template, and give it an id that logs and answers carry."""
    request_id = str(uuid7())
    started = time.monotonic()
    resource = request.match_info.route.resource
    route = resource.canonical if resource else "unknown"
    with structlog.contextvars.bound_contextvars(request_id=request_id):
        response = await handler(request)
    REQUESTS.labels(route, str(response.status)).inc()
    SECONDS.labels(route).observe(time.monotonic() - started)
    if not response.prepared:
        response.headers["X-Request-Id"] = request_id
    return response


def health_routes(checks: Mapping[str, Check], metrics_token: str) -> list[web.RouteDef]:
    """Return /healthz (the process runs), /readyz (every part answers) and /metrics (loopback or token)."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_request: web.Request) -> web.Response:
        parts = {}
        for name, check in checks.items():
            try:
                await check()
                parts[name] = "ok"
            except (OSError, TimeoutError, SQLAlchemyError, EvidenceError, ServerError) as error:
                parts[name] = type(error).__name__
        ready = all(state == "ok" for state in parts.values())
        return web.json_response({"ready": ready, "parts": parts}, status=200 if ready else 503)

    async def metrics(request: web.Request) -> web.Response:
        bearer = request.headers.get("Authorization", "").encode(errors="surrogateescape")
        # A proxy on this machine also comes from loopback; the header it adds tells a stranger behind it.
        local = request.remote in {"127.0.0.1", "::1"} and "X-Forwarded-For" not in request.headers
        if not local and not (metrics_token and hmac.compare_digest(bearer, f"Bearer {metrics_token}".encode())):
            raise NotPermitted
        return web.Response(body=generate_latest(REGISTRY), content_type="text/plain")

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]
