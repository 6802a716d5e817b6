"""What WHIP and WHEP share: answers to offers, and fragments that renew ICE. RFC 9725, 4.3; RFC 8840, 9."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from uuid import UUID

from aiohttp import web

from server.errors import PreconditionMissing
from server.http.routing import Answer, Call, Header, Operation, Who, read_body
from server.media.wire import ANY_ICE_SESSION, FRAGMENT_LIMIT, Answered

SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"
_ETAG = '^"[A-Za-z0-9+/]{1,60}"$'
_CREATED = (Header("Location", "^/api/wh[ie]p/"), Header("ETag", _ETAG))
"""Headers of the 201 of WHIP and WHEP."""
_IF_MATCH = (Header("If-Match", rf"^(\*|{_ETAG[1:-1]})$"),)
_RESTARTED = (Header("ETag", _ETAG),)
"""Headers of the answer to a fragment."""


def offering(path: str, handler: Callable[..., Awaitable[Answer]], summary: str, who: Who) -> Operation:
    """Return the operation that takes an offer and answers it."""
    raw = (SDP,)
    return Operation(
        "POST", path, handler, summary, who, status=HTTPStatus.CREATED, raw_body=raw, raw_answer=raw, gives=_CREATED
    )


def restarting(path: str, handler: Callable[..., Awaitable[Answer]], summary: str, who: Who) -> Operation:
    """Return the operation that takes a fragment of what such an offer began."""
    raw, also = (FRAGMENT,), (HTTPStatus.NO_CONTENT,)
    return Operation(
        "PATCH", path, handler, summary, who, raw_body=raw, raw_answer=raw, takes=_IF_MATCH, gives=_RESTARTED, also=also
    )


def sdp_answer(answered: Answered, location: str) -> web.Response:
    """Return the 201 of WHIP and WHEP: the answer, where the resource is, and the tag of its ICE session."""
    headers = {"Location": location, "ETag": f'"{answered.etag}"'}
    return web.Response(status=HTTPStatus.CREATED, text=answered.answer_sdp, content_type=SDP, headers=headers)


async def patch_ice(call: Call, peer_id: UUID) -> web.Response:
    """Hand the fragment in the request to the media process and return what it says.

    Raises: PreconditionMissing; what `MediaControl.patch` raises.
    """
    condition = call.request.headers.get("If-Match")
    if condition is None:
        raise PreconditionMissing(header="If-Match")
    fragment = (await read_body(call.request, FRAGMENT_LIMIT)).decode(errors="replace")
    if_match = ANY_ICE_SESSION if condition.strip() == ANY_ICE_SESSION else condition.strip()[:62].strip('"')[:60]
    patched = await call.services.media.patch(peer_id, fragment=fragment, if_match=if_match)
    headers = {"ETag": f'"{patched.etag}"'}
    if patched.fragment is None:
        return web.Response(status=HTTPStatus.NO_CONTENT, headers=headers)
    return web.Response(text=patched.fragment, content_type=FRAGMENT, headers=headers)
