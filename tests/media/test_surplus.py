"""A media process that is no longer wanted: what it recorded is filed, and then it is over."""

import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from evidence.ids import SegmentId, SourceId
from evidence.objects.local import LocalStore
from server.config import Settings, load_settings
from server.media.control import MediaControl
from server.media.errors import MediaUnavailable
from server.media.processes import MediaProcesses, Retired
from server.media.reports import SegmentClosed, SourceEnded
from server.media.spool import spool_path
from server.media.wire import SourceKind
from server.media.worker import MediaSettings, serving_media
from server.surplus import spool_is_needed, surplus_names
from tests.media.peers import Tone
from tests.media.room import Room
from tests.parts.running import LOOPBACK, outside
from tests.waiting import wait_until

NAME = "media-1"


async def leave_behind(settings: Settings) -> Room:
    """Record something in a second media process whose store is away, and end it."""
    socket_path = settings.runtime / f"{NAME}.sock"
    await asyncio.to_thread(partial(settings.runtime.mkdir, exist_ok=True, mode=0o700))
    await asyncio.to_thread((settings.root / "objects").write_text, "not a folder")
    where = MediaSettings(settings.root, socket_path, NAME, (LOOPBACK,))
    control = MediaControl(socket_path)
    room = Room(where, control)
    with ThreadPoolExecutor(1) as executor:
        async with serving_media(where, LocalStore(settings.root / "objects", executor=executor)):
            await room.publish(Tone(440), record=True, kind=SourceKind.MICROPHONE)
            await wait_until(lambda: list((settings.root / "media" / f"spool-{NAME}").glob("*.webm")))
        await room.close()
    await asyncio.to_thread((settings.root / "objects").unlink)
    await control.close()
    return room


async def test_spool_of_a_process_too_many_is_emptied_and_then_it_ends(tmp_path: Path, short_socket: Path) -> None:
    """It files and reports; its segments are freed as any; until then whoever frees one hears that it is away."""
    environment = {"SIGHTLINE_DATA": str(tmp_path), "SIGHTLINE_MEDIA_ADDRESSES": LOOPBACK}
    settings = load_settings(environment)
    room = await leave_behind(settings)
    assert await asyncio.to_thread(surplus_names, settings) == (NAME,)
    assert await room.reported(SegmentClosed, await only_source(room)) == []
    async with AsyncExitStack() as stack:
        control = MediaControl(settings.runtime / f"{NAME}.sock")
        left = Retired(NAME, control, partial(spool_is_needed, settings, NAME))
        media = MediaProcesses({"media-0": MediaControl(short_socket)}, retired=[left])
        stack.push_async_callback(media.close)
        with pytest.raises(MediaUnavailable):
            await media.spool_freed(some_segment())
        command = [sys.executable, "-m", "server", "media", "--number", "1"]
        process = await asyncio.to_thread(subprocess.Popen, command, env={**outside(), **environment})
        stack.callback(process.kill)
        (segment,) = await wait_until(partial(room.segments, await only_source(room)), within_s=20)
        assert await asyncio.to_thread(room.stored(segment).exists)
        assert process.poll() is None
        await control.spool_freed(segment.segment_id)
        assert await asyncio.to_thread(process.wait, 20) == 0
        assert not await asyncio.to_thread(left.is_needed)


async def only_source(room: Room) -> SourceId:
    """Return the source that was recorded."""
    (ended,) = [one for one in await room.reports() if isinstance(one, SourceEnded)]
    return ended.source_id


def some_segment() -> SegmentId:
    """Return the id of a segment that nobody knows."""
    return SegmentId(uuid4())


async def test_process_that_is_over_for_good_is_waited_for_by_nobody(tmp_path: Path, short_socket: Path) -> None:
    """While its spool has something it may come back; afterwards it is as if it had never been."""
    needed = [True]
    over = Retired(NAME, MediaControl(short_socket.with_name("1")), lambda: needed[0])
    with ThreadPoolExecutor(1) as executor:
        where = MediaSettings(tmp_path, short_socket, "media-0", (LOOPBACK,))
        async with serving_media(where, LocalStore(tmp_path / "objects", executor=executor)):
            media = MediaProcesses({"media-0": MediaControl(where.socket_path)}, retired=[over])
            for tell in (media.spool_freed, media.refile):
                with pytest.raises(MediaUnavailable):
                    await tell(some_segment())
            needed[0] = False
            await media.spool_freed(some_segment())
            assert not await media.refile(some_segment())
            assert (await media.health()).silent == frozenset()
            await media.hide(uuid4(), reason="a badge")
            await media.close()


def test_spool_that_nobody_can_read_is_still_needed(tmp_path: Path) -> None:
    """It may be a recording that is nowhere else; whoever asks goes on."""
    settings = load_settings({"SIGHTLINE_DATA": str(tmp_path)})
    assert not spool_is_needed(settings, NAME)
    folder = spool_path(settings.root, NAME)
    folder.mkdir(parents=True)
    (folder / f"{uuid4()}.json").write_text("{")
    assert spool_is_needed(settings, NAME)
