"""Janus from Debian with the video room alone, asked over its WebSocket: what the engine is measured against."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import aiohttp

from evidence.records import Json
from tests.bench.media.peer import LoadPeer
from tests.bench.media.servers import START_S, pinned
from tests.parts.running import program
from tests.waiting import wait_until

INSTALLED = Path("/usr/lib/x86_64-linux-gnu/janus")
PORT = 8188
BITS_A_S = 3_000_000
ANSWER_WITHIN_S = 20.0


class Janus:
    """A video room for each publisher, a handle for each peer."""

    def __init__(self, pid: int, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.pid = pid
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[dict[str, Json]]] = {}
        self._session: dict[str, Json] = {}
        self._feeds: dict[UUID, tuple[int, int]] = {}

    async def open(self) -> None:
        """Open the session."""
        self._session = {"session_id": _number(await self._ask("create"))}

    async def read(self) -> None:
        """Bring what Janus says to who waits for it, until the socket closes."""
        async for message in self._socket:
            told: dict[str, Json] = message.json()
            waiting = self._waiting.get(str(told.get("transaction")))
            if waiting is not None and told["janus"] != "ack" and not waiting.done():
                waiting.set_result(told)

    async def publish(self, peer: LoadPeer) -> UUID:
        """Publish into a room of its own."""
        handle, room = await self._attach(), next(self._numbers)
        await self._say(handle, {"request": "create", "room": room, "publishers": 2, "bitrate": BITS_A_S})
        wish: dict[str, Json] = {"request": "joinandconfigure", "ptype": "publisher", "room": room}
        told = await self._say(handle, wish, {"type": "offer", "sdp": peer.offer()})
        peer.accept(_sdp(told))
        feed = _found(told, "plugindata", "data", "id")
        source = UUID(int=room)
        self._feeds[source] = room, int(str(feed))
        return source

    async def watch(self, peer: LoadPeer, source: UUID) -> None:
        """Watch one source; here it is the server who offers."""
        handle, (room, feed) = await self._attach(), self._feeds[source]
        wish: dict[str, Json] = {"request": "join", "ptype": "subscriber", "room": room, "streams": [{"feed": feed}]}
        answer = peer.answer(_sdp(await self._say(handle, wish)))
        await self._say(handle, {"request": "start"}, {"type": "answer", "sdp": answer})

    async def _attach(self) -> int:
        return _number(await self._ask("attach", plugin="janus.plugin.videoroom"))

    async def _say(self, handle: int, body: dict[str, Json], jsep: Json = None) -> dict[str, Json]:
        extra: dict[str, Json] = {} if jsep is None else {"jsep": jsep}
        return await self._ask("message", handle_id=handle, body=body, **extra)

    async def _ask(self, what: str, **fields: Json) -> dict[str, Json]:
        name = str(next(self._numbers))
        self._waiting[name] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"janus": what, "transaction": name, **self._session, **fields})
        async with asyncio.timeout(ANSWER_WITHIN_S):
            told = await self._waiting[name]
        del self._waiting[name]
        if told["janus"] == "error" or "error" in str(_found(told, "plugindata", "data")):
            raise RuntimeError(str(told))
        return told


@asynccontextmanager
async def janus_server(folder: Path, *, event_loops: int = 0) -> AsyncIterator[Janus]:
    """Run Janus as installed, or with so many event loops."""
    command = [program("janus"), "--configs-folder", str(_configured(folder, event_loops)), "--disable-colors"]
    async with pinned(command, folder) as pid, aiohttp.ClientSession() as client:

        async def opened() -> aiohttp.ClientWebSocketResponse | None:
            try:
                return await client.ws_connect(f"ws://127.0.0.1:{PORT}", protocols=("janus-protocol",), heartbeat=None)
            except aiohttp.ClientError:
                return None

        socket = await wait_until(opened, within_s=START_S)
        assert socket is not None
        janus = Janus(pid, socket)
        reading = asyncio.create_task(janus.read())
        try:
            await janus.open()
            yield janus
        finally:
            await socket.close()
            await reading


def _configured(folder: Path, event_loops: int) -> Path:
    """Write a folder of settings: only the video room and the WebSocket, nobody outside is asked for anything."""
    for kind, part in (("plugins", "libjanus_videoroom.so"), ("transports", "libjanus_websockets.so")):
        (folder / kind).mkdir()
        (folder / kind / part).symlink_to(INSTALLED / kind / part)
    loops = f"event_loops = {event_loops}\n" if event_loops else ""
    (folder / "janus.jcfg").write_text(
        f'general: {{\nplugins_folder = "{folder}/plugins"\ntransports_folder = "{folder}/transports"\n'
        f'session_timeout = 0\ndebug_level = 2\n{loops}}}\nmedia: {{\n}}\nnat: {{\nice_ignore_list = "lo"\n}}\n'
    )
    (folder / "janus.transport.websockets.jcfg").write_text(
        f'general: {{\nws = true\nws_port = {PORT}\nws_ip = "127.0.0.1"\nwss = false\n}}\n'
    )
    (folder / "janus.plugin.videoroom.jcfg").write_text("general: {\n}\n")
    return folder


def _found(told: Json, *path: str) -> Json:
    for name in path:
        told = told.get(name) if isinstance(told, dict) else None
    return told


def _number(told: dict[str, Json]) -> int:
    return int(str(_found(told, "data", "id")))


def _sdp(told: dict[str, Json]) -> str:
    return str(_found(told, "jsep", "sdp"))
