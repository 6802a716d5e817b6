"""The front end's own publisher and watcher in a browser, on lines that a test makes bad."""

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from aiohttp import web

from evidence.ids import SourceId
from server.media.errors import IceSessionChanged
from tests.media.line import Line, Quality, line_to
from tests.media.room import Room
from tests.parts.running import LOOPBACK
from tests.waiting import let_pass

WEB = Path(__file__).parents[2] / "web"
CANDIDATE = re.compile(rf"(a=candidate:1 1 udp \d+ {LOOPBACK}) (\d+)")
UFRAG = re.compile(r"a=ice-ufrag:(\S+)")
SENT_AGAIN_S = (0.0, 1.0, 3.0, 7.0, 15.0)
"""When the first packet of a TCP connection is sent, and sent once more (RFC 6298, 2 and 5.5)."""
Answer = Callable[[], Awaitable[web.Response]]


@dataclass
class Way:
    """All lines of one person's page: they are good, bad and cut together, and so are the requests of the page."""

    stack: AsyncExitStack
    up: Quality = field(default_factory=Quality)
    down: Quality = field(default_factory=Quality)
    lines: list[Line] = field(default_factory=list)
    is_cut: bool = False

    async def detour(self, answer: str) -> str:
        """Put a line's port in the place of the media process's."""
        found = CANDIDATE.search(answer)
        assert found is not None
        line = await self.stack.enter_async_context(line_to((LOOPBACK, int(found[2]))))
        line.up, line.down, line.is_cut = self.up, self.down, self.is_cut
        self.lines.append(line)
        return CANDIDATE.sub(rf"\1 {line.port}", answer)

    def cut(self, *, on: bool) -> None:
        """Lose everything from now on, or nothing more."""
        self.is_cut = on
        for line in self.lines:
            line.is_cut = on

    async def carry(self, answer: Answer) -> web.Response:
        """Answer a request as soon as one of its packets comes through."""
        began = asyncio.get_running_loop().time()
        for at in SENT_AGAIN_S:
            await let_pass(began + at - asyncio.get_running_loop().time())
            if not self.is_cut:
                return await answer()
        raise web.HTTPGatewayTimeout


def bundle_page(folder: Path) -> Path:
    """Build the page's script."""
    script = folder / "line.js"
    source = WEB / "src" / "testing" / "linePage.ts"
    command = ["npx", "--no", "rolldown", str(source), "--file", str(script), "--format", "iife"]
    subprocess.run(command, check=True, capture_output=True, cwd=WEB, timeout=120)
    return script


@asynccontextmanager
async def live_page(room: Room, script: Path, out: Way, into: Way) -> AsyncIterator[str]:
    """Serve the page, and WHIP and WHEP as the API would; give the address.

    Args: out: the way of who publishes; into: the way of who watches.
    """
    site = _Site(room, script, out, into)
    app = web.Application()
    app.add_routes(
        [
            web.get("/", site.show),
            web.get("/line.js", site.script),
            web.post("/api/whip/line", site.publish),
            web.get("/api/ice", site.ice),
            web.post("/api/whep/rooms/line", site.watch),
            web.put("/api/whep/rooms/line/{peer_id}/slots", site.slots),
            web.post("/photo", site.photo),
        ]
    )
    for path in ("/api/whip/line/{peer_id}", "/api/whep/rooms/line/{peer_id}"):
        app.router.add_route("PATCH", path, site.patch)
        app.router.add_route("DELETE", path, site.end)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    listening = web.TCPSite(runner, LOOPBACK, 0)
    await listening.start()
    try:
        yield f"http://{LOOPBACK}:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


class _Site:
    def __init__(self, room: Room, script: Path, out: Way, into: Way) -> None:
        self._room = room
        self._script = script
        self._ways = {"whip": out, "whep": into}
        self._ports: dict[UUID, int] = {}

    async def show(self, _: web.Request) -> web.Response:
        return web.Response(
            text="<!doctype html><title>line</title><body><script src=/line.js></script>", content_type="text/html"
        )

    async def script(self, _: web.Request) -> web.FileResponse:
        return web.FileResponse(self._script)

    async def publish(self, request: web.Request) -> web.Response:
        offer, source_id = await request.text(), SourceId(uuid4())
        return await self._ways["whip"].carry(
            lambda: self._answer(request, source_id, lambda: self._room.call(source_id, offer, record=True))
        )

    async def watch(self, request: web.Request) -> web.Response:
        offer, peer_id = await request.text(), uuid4()

        async def call() -> str:
            answered = await self._room.control.watch_room(
                self._room.room_id, case_id=self._room.case_id, peer_id=peer_id, offer_sdp=offer
            )
            return answered.answer_sdp

        return await self._ways["whep"].carry(lambda: self._answer(request, peer_id, call))

    async def slots(self, request: web.Request) -> web.Response:
        asked = (await request.json())["sources"]
        peer_id = UUID(request.match_info["peer_id"])
        sources = tuple(None if one is None else SourceId(UUID(one)) for one in asked)

        async def call() -> web.Response:
            shown = await self._room.control.show(peer_id, sources)
            return web.json_response({"sources": [None if one is None else str(one) for one in shown]})

        return await self._ways["whep"].carry(call)

    async def ice(self, _: web.Request) -> web.Response:
        return web.json_response({"items": [], "expires_at": "2100-01-01T00:00:00Z"})

    async def photo(self, request: web.Request) -> web.Response:
        size = len(await request.read())

        async def take() -> web.Response:
            for line in self._ways["whip"].lines[-1:]:
                await line.share_up(size)
            return web.Response()

        return await self._ways["whip"].carry(take)

    async def _answer(self, request: web.Request, peer_id: UUID, call: Callable[[], Awaitable[str]]) -> web.Response:
        way = self._ways[request.path.split("/")[2]]
        answer = await way.detour(await call())
        self._ports[peer_id] = way.lines[-1].port
        found = UFRAG.search(answer)
        assert found is not None
        headers = {"Location": f"{request.path}/{peer_id}", "ETag": f'"{found[1]}"'}
        return web.Response(status=201, text=answer, content_type="application/sdp", headers=headers)

    async def patch(self, request: web.Request) -> web.Response:
        fragment, peer_id = await request.text(), UUID(request.match_info["peer_id"])
        if_match = request.headers["If-Match"].strip('"')
        return await self._ways[request.path.split("/")[2]].carry(lambda: self._patch(peer_id, fragment, if_match))

    async def _patch(self, peer_id: UUID, fragment: str, if_match: str) -> web.Response:
        try:
            patched = await self._room.control.patch(peer_id, fragment=fragment, if_match=if_match)
        except IceSessionChanged as error:
            problem = {"type": "about:blank", "title": error.code, "status": 412, "code": error.code, **error.fields}
            return web.json_response(problem, status=412, content_type="application/problem+json")
        headers = {"ETag": f'"{patched.etag}"'}
        if patched.fragment is None:
            return web.Response(status=204, headers=headers)
        return web.Response(text=CANDIDATE.sub(rf"\1 {self._ports[peer_id]}", patched.fragment), headers=headers)

    async def end(self, request: web.Request) -> web.Response:
        peer_id = UUID(request.match_info["peer_id"])
        await self._room.control.unpublish(SourceId(peer_id))
        await self._room.control.unwatch(peer_id)
        return web.Response()
