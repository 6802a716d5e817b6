"""WHIP and WHEP for pages of other sites (RFC 9725, 4.2 and 4.7): with a bearer token, never with our cookies."""

from http import HTTPStatus
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

_DOORS: Final = ("/api/whip/", "/api/whep/")
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "POST, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match",
    "Access-Control-Max-Age": "7200",
    "Accept-Post": "application/sdp",
    "Accept-Patch": "application/trickle-ice-sdpfrag",
}


@web.middleware
async def cors_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer preflights of WHIP and WHEP, and let other sites' scripts read their answers.

    Any site may: without `Access-Control-Allow-Credentials` a browser sends no cookie, and the token is the caller's.
    """
    if not request.path.startswith(_DOORS):
        return await handler(request)
    if request.method == "OPTIONS":
        response: web.StreamResponse = web.Response(status=HTTPStatus.NO_CONTENT, headers=_PREFLIGHT)
    else:
        response = await handler(request)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Location, ETag, Link"
    return response
