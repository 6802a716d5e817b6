"""Evidence bytes from an origin of their own, so that whatever a file is, it never runs where our cookies are.

Where `SIGHTLINE_CONTENT_URL` is set, the pages' origin gives out no evidence but sends a browser on with a ticket, and
the other origin gives out nothing else. A ticket is of one login and one path; each request looks login and access up.
"""

import re
from http import HTTPStatus
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from server.auth.links import read_ticket, sign_ticket
from server.auth.logins import recognise_login
from server.config import Settings
from server.errors import NotFound
from server.http.routing import VISITOR
from server.services import SERVICES

BYTES_PATHS: Final = re.compile(r"/api/(items/[^/]+/(content|thumbnail|pages/[^/]+)|recordings/[^/]+/content)")
"""Paths whose answers are evidence bytes."""
TICKET: Final = "ticket"


def is_content_host(request: web.Request) -> bool:
    """Say whether the request came to the origin of evidence bytes."""
    settings = request.app[SERVICES].settings
    return settings.content_url != "" and request.host == host_of(settings.content_url)


def host_of(url: str) -> str:
    """Return host and port of an origin as a Host header has them."""
    return URL(url).host_port_subcomponent or ""


def image_sources(settings: Settings) -> tuple[str, ...]:
    """Return the origins besides its own that a page may show pictures and recordings from."""
    return (settings.content_url,) if settings.content_url else ()


@web.middleware
async def second_origin_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Send requests for evidence bytes to their own origin, and let nothing else be asked there.

    Raises: NotFound.
    """
    services = request.app[SERVICES]
    content_url = services.settings.content_url
    if not content_url:
        return await handler(request)
    is_bytes = request.method in {"GET", "HEAD"} and BYTES_PATHS.fullmatch(request.path) is not None
    if is_content_host(request):
        if not is_bytes:
            raise NotFound
        request.pop(VISITOR, None)  # a cookie has no say here
        login_id = read_ticket(services.link_secret, request.query.get(TICKET, ""), request.path)
        visitor = None if login_id is None else await recognise_login(services.database, login_id)
        if visitor is not None:
            request[VISITOR] = visitor
        return await handler(request)
    if is_bytes and VISITOR in request:
        ticket = sign_ticket(services.link_secret, request[VISITOR].login_id, request.path)
        target = URL(content_url).join(request.rel_url).update_query({TICKET: ticket})
        headers = {"Location": str(target), "Cache-Control": "no-store"}
        return web.Response(status=HTTPStatus.TEMPORARY_REDIRECT, headers=headers)
    return await handler(request)
