"""A page's socket: a real Socket.IO client that keeps what it hears."""

from uuid import uuid4

import aiohttp
import socketio

from evidence.records import Json
from tests.waiting import wait_until

Heard = list[dict[str, Json]]


def problem(answer: dict[str, Json]) -> dict[str, Json]:
    """Return the problem object of a refusal."""
    found = answer["problem"]
    assert isinstance(found, dict)
    return found


class Line:
    """One connected page of one validation."""

    def __init__(self, url: str, cookie: str, validation_id: str) -> None:
        """Take the server's address, the cookie header and the validation it asks about."""
        self.validation_id = validation_id
        self.entries: Heard = []
        self.hints: Heard = []
        self.paused: Heard = []
        self.revoked: Heard = []
        self.photos: list[dict[str, Json | bytes]] = []
        self._url = url
        self._headers = {"Cookie": cookie}
        self._http = aiohttp.ClientSession()
        self.client = socketio.AsyncClient(reconnection=False, http_session=self._http)
        self.client.on("entries", self._take_entries)
        self.client.on("hint", self.hints.append)
        self.client.on("paused", self.paused.append)
        self.client.on("revoked", self.revoked.append)
        self.client.on("photo", self.photos.append)

    async def connect(self, **headers: str) -> None:
        """Open the connection. Raises: socketio.exceptions.ConnectionError when it is refused."""
        await self.client.connect(self._url, headers=self._headers | headers, transports=["websocket"])

    async def subscribe(self, after: int = -1, **fields: Json) -> dict[str, Json]:
        """Ask for the case from here on and return the ack."""
        return await self.call("subscribe", {"validation_id": self.validation_id, "after": after, **fields})

    async def command(self, kind: str, /, **fields: Json) -> dict[str, Json]:
        """Send a command and return the ack; `command_id` is made when it is not given."""
        command: dict[str, Json] = {"type": kind, "command_id": str(uuid4()), **fields}
        return await self.call("command", {"validation_id": self.validation_id, "command": command})

    async def call(self, event: str, message: Json) -> dict[str, Json]:
        """Send a message and return its ack."""
        answer: dict[str, Json] = await self.client.call(event, message, timeout=30)
        return answer

    async def hint(self, kind: str, /, **fields: Json) -> None:
        """Send a hint."""
        await self.client.emit("hint", {"validation_id": self.validation_id, "kind": kind} | fields)

    async def photo(self, source_id: str, data: bytes) -> dict[str, Json]:
        """Send a photo of a camera and return the ack."""
        message = {"validation_id": self.validation_id, "source_id": source_id, "travel_ms": 900, "data": data}
        answer: dict[str, Json] = await self.client.call("photo", message, timeout=30)
        return answer

    def seqs(self) -> list[int]:
        """Return the seq of every entry heard, in the order heard."""
        return [int(str(entry["seq"])) for entry in self.entries]

    async def heard(self, seq: int) -> None:
        """Wait until the entry has come."""
        await wait_until(lambda: seq in self.seqs(), within_s=20)

    def drop(self) -> None:
        """Lose the connection without a word, as a phone in a steel hall does."""
        self.client.eio.ws._response.connection.transport.abort()  # noqa: SLF001

    async def close(self) -> None:
        """Hang up."""
        await self.client.disconnect()
        await self._http.close()

    def _take_entries(self, message: dict[str, Json]) -> None:
        rows = message["entries"]
        assert isinstance(rows, list)
        self.entries += [row for row in rows if isinstance(row, dict)]
