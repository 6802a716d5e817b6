"""A media process inside the test's loop, and peers that talk to it."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from evidence.objects.local import LocalStore
from server.media.control import MediaControl
from server.media.worker import MediaSettings, serving_media
from tests.media.room import Room
from tests.parts.running import LOOPBACK, LOOPBACK_V6


@pytest.fixture
def short_socket() -> Iterator[Path]:
    """Give a path for a unix socket; pytest's own folders are too deep for one."""
    with TemporaryDirectory(prefix="sightline-") as folder:
        yield Path(folder) / "media.sock"


@pytest.fixture
async def room(tmp_path: Path, short_socket: Path) -> AsyncIterator[Room]:
    """Run a media process in this loop with a local store; everything in it ends with the test."""
    async with _running_room(MediaSettings(tmp_path, short_socket, "media-0", (LOOPBACK,))) as room:
        yield room


@pytest.fixture
async def both_families(tmp_path: Path, short_socket: Path) -> AsyncIterator[Room]:
    """Run one as `room` does, at an address of IPv4 and one of IPv6."""
    async with _running_room(MediaSettings(tmp_path, short_socket, "media-0", (LOOPBACK, LOOPBACK_V6))) as room:
        yield room


@asynccontextmanager
async def _running_room(settings: MediaSettings) -> AsyncIterator[Room]:
    async with AsyncExitStack() as stack:
        executor = stack.enter_context(ThreadPoolExecutor(1))
        objects = LocalStore(settings.root / "objects", executor=executor)
        await stack.enter_async_context(serving_media(settings, objects))
        control = MediaControl(settings.socket_path)
        stack.push_async_callback(control.close)
        room = Room(settings, control)
        stack.push_async_callback(room.close)
        yield room


@pytest.fixture
async def apart(tmp_path: Path, short_socket: Path) -> AsyncIterator[Room]:
    """Give a room whose media process the test starts and kills itself."""
    settings = MediaSettings(tmp_path, short_socket, "media-0", ("127.0.0.1",))
    async with AsyncExitStack() as stack:
        control = MediaControl(settings.socket_path)
        stack.push_async_callback(control.close)
        room = Room(settings, control)
        stack.push_async_callback(room.close)
        yield room
