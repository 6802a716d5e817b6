"""A media process inside the test's loop, and peers that talk to it."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from evidence.objects.local import LocalStore
from server.media.control import MediaControl
from server.media.worker import MediaSettings, serving_media
from tests.media.room import Room


@pytest.fixture
def short_socket() -> Iterator[Path]:
    """Give a path for a unix socket; pytest's own folders are too deep for one."""
    with TemporaryDirectory(prefix="sightline-") as folder:
        yield Path(folder) / "media.sock"


@pytest.fixture
async def room(tmp_path: Path, short_socket: Path) -> AsyncIterator[Room]:
    """Run a media process in this loop with a local store; everything in it ends with the test."""
    async with AsyncExitStack() as stack:
        executor = stack.enter_context(ThreadPoolExecutor(1))
        settings = MediaSettings(tmp_path, short_socket, "media-0", ("127.0.0.1",))
        objects = LocalStore(tmp_path / "objects", executor=executor)
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
