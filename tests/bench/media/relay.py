"""The plain aiortc relay: every track decoded and encoded anew. `python -m tests.bench.media.relay SOCKET`."""

import asyncio
import signal
import sys
from collections import defaultdict

from aiohttp import web
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay


class Relay:
    """The peer connections, and the tracks of each publication."""

    def __init__(self) -> None:
        self._relay = MediaRelay()
        self._tracks: defaultdict[str, list[MediaStreamTrack]] = defaultdict(list)
        self._connections: list[RTCPeerConnection] = []

    async def publish(self, request: web.Request) -> web.Response:
        """Take a publication."""
        connection = self._connection()
        connection.on("track", self._tracks[request.match_info["source"]].append)
        return await self._answer(connection, request)

    async def watch(self, request: web.Request) -> web.Response:
        """Send a publication."""
        connection = self._connection()
        for track in self._tracks[request.match_info["source"]]:
            connection.addTrack(self._relay.subscribe(track))
        return await self._answer(connection, request)

    def _connection(self) -> RTCPeerConnection:
        self._connections.append(RTCPeerConnection(RTCConfiguration(iceServers=[])))
        return self._connections[-1]

    @staticmethod
    async def _answer(connection: RTCPeerConnection, request: web.Request) -> web.Response:
        await connection.setRemoteDescription(RTCSessionDescription(sdp=await request.text(), type="offer"))
        await connection.setLocalDescription()
        return web.Response(text=str(connection.localDescription.sdp))


async def main(path: str) -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    relay = Relay()
    app = web.Application()
    app.router.add_post("/publish/{source}", relay.publish)
    app.router.add_post("/watch/{source}", relay.watch)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.UnixSite(runner, path).start()
    await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
