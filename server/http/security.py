"""Who sent a request, whether it came from our own pages, and the headers that keep pages and answers safe."""

from datetime import timedelta
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Final, NamedTuple

import secure
from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from server.auth.logins import COOKIE, LIFE, Browser, recognise
from server.auth.media_tokens import is_media_secret
from server.config import Settings
from server.errors import CrossSiteRequest
from server.http.problems import TUS_VERSION
from server.http.routing import MEDIA_SECRET, VISITOR
from server.http.second_origin import image_sources, is_content_host, second_origin_middleware
from server.services import SERVICES


class Cookie(NamedTuple):
    """A cookie that no script can read: its name, the path that gets it, and how long the browser keeps it."""

    name: str
    path: str
    life: timedelta


LOGIN_COOKIE: Final = Cookie(COOKIE, "/", LIFE)
BROWSER_COOKIE: Final = Cookie("sightline_browser", "/api/join", timedelta(days=90))
"""Tells one browser from another, so that a join link stays with the first that opens it."""
_COOKIES_TO_SET: Final = web.RequestKey("cookies_to_set", dict[Cookie, str])
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_BEARER: Final = "bearer "
_YEAR_S: Final = 365 * 24 * 3600


def add_security(app: web.Application) -> None:
    """Add the middlewares and headers of this file; the problems middleware and the services must be in place."""
    app.middlewares.extend((same_site_middleware, identify_middleware, second_origin_middleware))
    settings = app[SERVICES].settings
    headers = _headers(https=settings.origin.startswith("https:"), shown_from=image_sources(settings))

    async def set_headers(request: web.Request, response: web.StreamResponse) -> None:
        if is_content_host(request):  # the pages are of another origin and show what comes from here
            response.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
        # A handler that serves evidence sets stricter headers of its own.
        for name, value in headers:
            response.headers.setdefault(name, value)
        if request.path.startswith("/api/uploads"):
            response.headers.setdefault("Tus-Resumable", TUS_VERSION)
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")

    app.on_response_prepare.append(set_headers)


def _headers(*, https: bool, shown_from: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    policy = (
        secure.ContentSecurityPolicy()
        .default_src("'self'")
        .img_src("'self'", "blob:", "data:", *shown_from)
        .media_src("'self'", "blob:", *shown_from)
        .connect_src("'self'", "ws:", "wss:")
        .object_src("'none'")
        .base_uri("'none'")
        .frame_ancestors("'none'")
        .form_action("'self'")
    )
    # The presets of the library switch camera, microphone and place off, and with them this product.
    own = secure.PermissionsPolicy().camera("self").microphone("self").geolocation("self")
    kept = secure.Secure(
        csp=policy,
        permissions=own,
        referrer=secure.ReferrerPolicy().no_referrer(),
        coop=secure.CrossOriginOpenerPolicy().same_origin(),
        corp=secure.CrossOriginResourcePolicy().same_origin(),
        xcto=secure.XContentTypeOptions().nosniff(),
        xfo=secure.XFrameOptions().deny(),
        hsts=secure.StrictTransportSecurity().max_age(_YEAR_S) if https else None,
    )
    return tuple(kept.header_items())


@web.middleware
async def same_site_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse an unsafe request that a page of another site made with our cookies.

    Raises: CrossSiteRequest.
    """
    if request.method not in _SAFE_METHODS and "Cookie" in request.headers and not _is_own(request):
        raise CrossSiteRequest
    return await handler(request)


def _is_own(request: web.Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    # No browser leaves both out of a cross-site request with a body; a program may, and nobody borrows its cookies.
    return origin is None or is_own_origin(origin, request.host, request.app[SERVICES].settings)


def is_own_origin(origin: str, host: str, settings: Settings) -> bool:
    """Say whether an `Origin` is that of our pages: of the host that was asked, or of the address people are given."""
    return _host(origin) in {host, _host(settings.origin)}


def _host(origin: str) -> str:
    try:
        return URL(origin).host_port_subcomponent or ""
    except ValueError:
        return ""


@web.middleware
async def identify_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Set the request's visitor to the person behind the login cookie or bearer token, if there is one.

    A media token is nobody's login: who sends one asks as that token alone, whatever cookie comes with it.
    """
    bearer = bearer_token(request)
    if bearer is not None and is_media_secret(bearer):
        request[MEDIA_SECRET] = bearer
    token = None if MEDIA_SECRET in request else login_token(request)
    services = request.app[SERVICES]
    visitor = None if token is None else await recognise(services.database, token)
    if visitor is not None:
        request[VISITOR] = visitor
    response = await handler(request)
    for cookie, value in request.get(_COOKIES_TO_SET, {}).items():
        _set_cookie(response, cookie, value, https=services.settings.origin.startswith("https:"))
    return response


def login_token(request: web.Request) -> str | None:
    """Return the login's token: from the cookie, else from the Authorization header of a program."""
    cookie = request.cookies.get(LOGIN_COOKIE.name)
    if cookie:
        return cookie
    return bearer_token(request)


def bearer_token(request: web.Request) -> str | None:
    """Return the token of the Authorization header; None without one, and when there are two of them.

    Source: RFC 6750, 2.1; the scheme is written in any case (RFC 9110, 11.1).
    """
    headers = request.headers.getall("Authorization", [])
    if len(headers) != 1 or not headers[0].lower().startswith(_BEARER):
        return None
    return headers[0][len(_BEARER) :].strip()


def give_cookie(request: web.Request, cookie: Cookie, value: str) -> None:
    """Let the answer to this request set the cookie; an empty value takes it away."""
    request.setdefault(_COOKIES_TO_SET, {})[cookie] = value


def _set_cookie(response: web.StreamResponse, cookie: Cookie, value: str, *, https: bool) -> None:
    response.set_cookie(
        cookie.name,
        value,
        max_age=int(cookie.life.total_seconds()) if value else 0,
        path=cookie.path,
        httponly=True,
        samesite="Lax",
        secure=https,
    )


def browser_of(request: web.Request) -> Browser:
    """Return where the request comes from; both parts are claims of the other side as far as the log goes."""
    name = request.headers.get("User-Agent", "").encode("ascii", "replace").decode()
    printable = "".join(character for character in name if character.isprintable())
    return Browser(address=client_address(request), user_agent=printable[:200])


def client_address(request: web.Request) -> str:
    """Return the network address that rate limits count by.

    Behind a proxy that the operator has named it is the last address the proxy itself has added to X-Forwarded-For;
    whatever stands before it was written by the client.
    """
    remote = request.remote or ""
    if not _is_trusted(remote, request.app[SERVICES].settings.trusted_proxies):
        return remote[:64]
    return request.headers.get("X-Forwarded-For", remote).rsplit(",", 1)[-1].strip()[:64]


@lru_cache(maxsize=1024)
def _is_trusted(address: str, proxies: str) -> bool:
    try:
        peer = ip_address(address)
    except ValueError:
        return False
    return any(peer in ip_network(proxy) for proxy in proxies.split())
