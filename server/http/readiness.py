"""Before the day: does this person's network let the media through, and by which path."""

from uuid import uuid4

from aiohttp import web
from pydantic import StrictBool

from evidence.records import Record
from server.auth.visits import access_session_of
from server.http.paths import SessionPath
from server.http.routing import Call, Operation, read_body
from server.http.sdp import SDP
from server.media.wire import SDP_LIMIT
from sessions.readiness.actions import state_line_test
from sessions.readiness.records import LineTest
from sessions.readiness.rules import Way


class LineReport(Record):
    """Whether each way worked; one that was not tried is left out. The names are those of `Way`."""

    direct: StrictBool
    relay_udp: StrictBool | None = None
    relay_tcp: StrictBool | None = None
    relay_tls: StrictBool | None = None


async def try_path(call: Call) -> web.Response:
    """Answer an offer that only tries a path: the media process completes the connection and closes it. No media."""
    await call.services.limits.admit_probe(call.principal.login_id)
    offer = (await read_body(call.request, SDP_LIMIT)).decode(errors="replace")
    answer = await call.services.media.probe(uuid4(), offer, who=call.principal.login_id)
    return web.Response(status=201, text=answer, content_type=SDP)


async def report_line_test(call: Call, *, path: SessionPath, body: LineReport) -> LineTest:
    """Keep what a participant's page found; who plans the session sees it."""
    await call.services.limits.admit_line_test(call.principal.login_id)
    ways = {Way(name): works for name, works in body if works is not None}
    async with call.services.database.write() as tx:
        access, session = await access_session_of(tx, call.principal, path.validation_session_id)
        return await state_line_test(
            tx, access, session.id, tried=ways, worked=[way for way, works in ways.items() if works]
        )


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
    Operation(
        "POST",
        "/api/validation-sessions/{validation_session_id}/line-tests",
        report_line_test,
        "Keep a test of one's line",
    ),
)
