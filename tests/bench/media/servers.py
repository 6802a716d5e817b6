"""The servers that are measured, each started as its users start it and pinned to a core, and how peers reach them."""

import asyncio
import os
import subprocess
import sys
from abc import abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

import aiohttp

from evidence.ids import CaseId, SourceId
from server.config import load_settings
from server.media.control import MediaControl
from server.media.errors import MediaUnavailable
from server.media.wire import Publish, SourceKind
from tests.bench.media.peer import LoadPeer
from tests.waiting import wait_until

SERVER_CORE, LOAD_CORE = 0, 1
START_S = 20.0
GO_FIRST = "echo -20 > /proc/self/autogroup"
"""Before others of the machine that measure nothing; niceness counts within a session only, so a new one is begun."""


class Server(Protocol):
    """What the load needs of a server: signalling, and the process that it measures."""

    pid: int

    @abstractmethod
    async def publish(self, peer: LoadPeer) -> UUID:
        """Offer a publication and take the answer; return what it is watched by."""
        ...

    @abstractmethod
    async def watch(self, peer: LoadPeer, source: UUID) -> None:
        """Agree on watching a publication."""
        ...


class Ours:
    """`sightline media`, asked through its control socket as the API asks it."""

    def __init__(self, pid: int, control: MediaControl, *, record: bool) -> None:
        self.pid = pid
        self.control = control
        self._record = record

    async def publish(self, peer: LoadPeer) -> UUID:
        """Publish into a room of its own."""
        source = SourceId(uuid4())
        answer = await self.control.publish(
            Publish(
                room_id=uuid4(),
                case_id=CaseId(uuid4()),
                source_id=source,
                kind=SourceKind.CAMERA,
                offer_sdp=peer.offer(),
                record=self._record,
            )
        )
        peer.accept(answer.answer_sdp)
        return source

    async def watch(self, peer: LoadPeer, source: UUID) -> None:
        """Watch one source."""
        answered = await self.control.watch(SourceId(source), peer_id=uuid4(), offer_sdp=peer.offer())
        peer.accept(answered.answer_sdp)


class Relay:
    """`tests.bench.media.relay`: the plain aiortc relay, asked over HTTP."""

    def __init__(self, pid: int, client: aiohttp.ClientSession) -> None:
        self.pid = pid
        self._client = client

    async def publish(self, peer: LoadPeer) -> UUID:
        """Publish."""
        source = uuid4()
        await self._ask("publish", peer, source)
        return source

    async def watch(self, peer: LoadPeer, source: UUID) -> None:
        """Watch one source."""
        await self._ask("watch", peer, source)

    async def _ask(self, what: str, peer: LoadPeer, source: UUID) -> None:
        async with self._client.post(f"http://relay/{what}/{source}", data=peer.offer()) as response:
            response.raise_for_status()
            peer.accept(await response.text())


@asynccontextmanager
async def pinned(command: list[str], folder: Path, **environment: str) -> AsyncIterator[int]:
    """Run a program on the server's core while the block lasts, and give its process id."""
    with (folder / "log").open("wb") as log:
        child = await asyncio.create_subprocess_exec(
            *("sh", "-c", f'{GO_FIRST}; exec taskset -c {SERVER_CORE} "$@"', "sh", *command),
            env={**os.environ, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield child.pid
        finally:
            child.terminate()
            try:
                async with asyncio.timeout(START_S):
                    await child.wait()
            except TimeoutError:
                child.kill()
                await child.wait()


@asynccontextmanager
async def our_server(folder: Path, host: str, *, record: bool = False) -> AsyncIterator[Ours]:
    """Run the media process in a data folder of its own."""
    environment = {"SIGHTLINE_DATA": str(folder / "data"), "SIGHTLINE_MEDIA_ADDRESSES": host}
    settings = load_settings(environment)
    control = MediaControl(settings.runtime / f"{settings.media_name}.sock")

    async def answers() -> bool:
        try:
            await control.health()
        except MediaUnavailable:
            return False
        return True

    async with pinned([sys.executable, "-m", "server", "media"], folder, **environment) as pid:
        await wait_until(answers, within_s=START_S)
        try:
            yield Ours(pid, control, record=record)
        finally:
            await control.close()


@asynccontextmanager
async def relay_server(folder: Path) -> AsyncIterator[Relay]:
    """Run the aiortc relay."""
    path = folder / "relay.sock"
    async with (
        pinned([sys.executable, "-m", "tests.bench.media.relay", str(path)], folder) as pid,
        aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(path))) as client,
    ):
        await wait_until(path.exists, within_s=START_S)
        yield Relay(pid, client)
