"""Before the day: does this person's network let the media through, and by which path."""

from uuid import uuid4

from aiohttp import web

from server.http.routing import Call, Operation, read_body
from server.http.whip import SDP
from server.media.wire import SDP_LIMIT


async def try_path(call: Call) -> web.Response:
    """Answer an offer that only tries a path: the media process completes the connection and closes it. No media."""
    await call.services.limits.admit_probe(call.principal.login_id)
    offer = (await read_body(call.request, SDP_LIMIT)).decode(errors="replace")
    answer = await call.services.media.probe(uuid4(), offer)
    return web.Response(status=201, text=answer, content_type=SDP)


OPERATIONS = (
    Operation(
        "POST",
        "/api/probes",
        try_path,
        "Try a path to the media port",
        status=201,
        raw_body=(SDP,),
        raw_answer=(SDP,),
    ),
)
