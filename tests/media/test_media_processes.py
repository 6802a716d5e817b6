"""Two media processes as one: rooms stay whole, whoever asks finds them, and one that is away takes nobody along."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from socket import AF_INET, AF_UNIX, SOCK_DGRAM, socket
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import pytest

from evidence.ids import CaseId, SegmentId, SourceId
from evidence.objects.local import LocalStore
from server.live.enforcement import keep_private, measure
from server.media.control import MediaControl
from server.media.errors import MediaBusy, MediaUnavailable, SourceUnknown
from server.media.pressure import RETRY_S, Newcomer, Pressure
from server.media.processes import MediaProcesses, pinned
from server.media.wire import Publish, SourceKind
from server.media.worker import MediaSettings, serving_media
from server.observability import REGISTRY
from tests.media.offers import chromium
from tests.parts.running import LOOPBACK
from tests.waiting import wait_until

NAMES = ["media-0", "media-1"]


@dataclass
class House:
    """Two processes, each of which a test can end, and the controls of two API processes."""

    media: MediaProcesses
    other: MediaProcesses
    ends: dict[str, AsyncExitStack]
    paths: dict[str, Path] = field(default_factory=dict)

    async def publish(self, room: UUID) -> SourceId:
        """Publish into a room; nothing need flow."""
        source_id = SourceId(uuid4())
        await self.media.publish(
            Publish(
                room_id=room,
                case_id=CaseId(uuid4()),
                source_id=source_id,
                kind=SourceKind.CAMERA,
                offer_sdp=chromium("sendonly"),
                record=False,
            )
        )
        return source_id

    async def places(self) -> dict[SourceId, str]:
        """Return where each source is."""
        state = await self.other.health()
        return {one.source_id: name for name, health in state.processes.items() for one in health.sources}


@pytest.fixture
async def house(tmp_path: Path, short_socket: Path) -> AsyncIterator[House]:
    """Run both in this loop."""
    async with AsyncExitStack() as stack:
        store = LocalStore(tmp_path / "objects", executor=stack.enter_context(ThreadPoolExecutor(1)))
        ends: dict[str, AsyncExitStack] = {}
        for name in NAMES:
            settings = MediaSettings(tmp_path, short_socket.with_name(name), name, (LOOPBACK,))
            ends[name] = await stack.enter_async_context(AsyncExitStack())
            await ends[name].enter_async_context(serving_media(settings, store))
        opened = []
        for _ in range(2):
            opened.append(MediaProcesses({name: MediaControl(short_socket.with_name(name)) for name in NAMES}))
            stack.push_async_callback(opened[-1].close)
        yield House(opened[0], opened[1], ends, {name: short_socket.with_name(name) for name in NAMES})


def room_of(name: str) -> UUID:
    """Return a room that belongs to a process."""
    return next(room for room in (uuid4() for _ in range(1000)) if pinned(room, NAMES) == name)


async def test_rooms_are_taken_by_their_processes_and_all_are_seen(house: House) -> None:
    rooms = {name: room_of(name) for name in NAMES}
    published = {await house.publish(room): name for name, room in rooms.items() for _ in range(2)}
    assert await house.places() == published
    state = await house.media.health()
    assert ({one.source_id for one in state.sources}, state.silent) == (set(published), frozenset())


async def test_another_api_process_finds_sources_and_viewers_it_never_heard_of(house: House) -> None:
    """It asks all, and remembers."""
    sources = [await house.publish(room_of(name)) for name in NAMES]
    peers = [uuid4(), uuid4()]
    for source_id, peer_id in zip(sources, peers, strict=True):
        await house.other.watch(source_id, peer_id=peer_id, offer_sdp=chromium("recvonly"))
    assert (await house.media.health()).viewers == 2
    for peer_id in peers:
        await house.media.unwatch(peer_id)
    assert (await house.media.health()).viewers == 0
    for source_id in sources:
        await house.other.unpublish(source_id)
    assert await house.places() == {}


async def test_what_no_process_knows_is_unknown(house: House) -> None:
    with pytest.raises(SourceUnknown):
        await house.media.still(SourceId(uuid4()))
    assert not await house.media.refile(SegmentId(uuid4()))
    await house.media.spool_freed(SegmentId(uuid4()))


async def test_show_do_not_store_reaches_the_room_and_no_other(house: House) -> None:
    rooms = [room_of(name) for name in NAMES]
    for room in rooms:
        await house.publish(room)
    await house.other.hide(rooms[1], reason="a screen")
    assert {one.room_id: one.private for one in (await house.media.health()).sources} == {
        rooms[0]: False,
        rooms[1]: True,
    }


async def split(house: House) -> tuple[UUID, SourceId]:
    """Return a room with a source in each process, as it is after another API process did not know of the first."""
    room = room_of("media-1")
    few = MediaProcesses({"media-0": house.media.controls["media-0"]})
    await House(few, few, {}).publish(room)
    more = MediaProcesses({"media-1": house.media.controls["media-1"]})
    return room, await House(more, more, {}).publish(room)


async def hidden(house: House) -> list[bool]:
    """Return whether each source is shown without storing, in the order of the processes."""
    return [one.private for one in (await house.media.health()).sources]


async def test_show_do_not_store_reaches_every_process_that_has_a_source_of_the_room(house: House) -> None:
    """Whether or not this API process has looked since the room was split, and whoever has it by its id."""
    room, second = await split(house)
    await house.other.hide(room, reason="a screen")
    assert await hidden(house) == [True, True]
    late = await house.publish(room)
    assert (await house.places())[late] == (await house.places())[second]
    assert await hidden(house) == [True, True, True]


async def test_each_process_is_brought_in_line_by_itself(house: House) -> None:
    """One that was away when the room was hidden, and one that was away at its end."""
    room, _ = await split(house)
    await house.media.hide_at("media-1", room, reason="a screen")
    await keep_private(house.media, await house.media.health(), {room: "a screen"})
    assert await hidden(house) == [True, True]
    await keep_private(house.media, await house.media.health(), {})
    assert await hidden(house) == [False, False]


async def test_end_that_was_decided_before_a_new_beginning_ends_nothing(house: House) -> None:
    """Told, then looked at, then committed and told again: the look knew of no commit, and is carried out last."""
    await house.publish(room := room_of("media-0"))
    await house.media.hide(room, reason="a screen")
    looked = await house.other.health()
    await house.media.hide(room, reason="a screen")
    await keep_private(house.other, looked, {})
    assert await hidden(house) == [True]


async def test_room_is_hidden_unless_a_process_that_may_have_it_is_silent(house: House) -> None:
    """One that is stopped may go on recording when it wakes; one that is dead records nothing."""
    await house.publish(room := room_of("media-0"))
    async with silent_process(house, "media-1"):
        with pytest.raises(MediaUnavailable):
            await house.other.hide(room, reason="nobody knows what it has")
        await house.media.hide(room, reason="it answered before, and had nothing of this room")
        with pytest.raises(MediaUnavailable):
            await house.media.hide(room_of("media-1"), reason="it takes this room")
    await house.media.hide(room_of("media-1"), reason="it is dead")


@asynccontextmanager
async def silent_process(house: House, name: str, *, within_s: float = 0.3) -> AsyncIterator[None]:
    """Let a process answer nobody until the block ends, and be dead after it."""
    await house.media.health()
    await house.ends[name].aclose()
    path = house.paths[name]
    path.unlink()
    with socket(AF_UNIX) as deaf:
        deaf.bind(str(path))
        deaf.listen()
        for media in (house.media, house.other):
            await media.controls[name].close()
            media.controls[name] = MediaControl(path, timeout=timedelta(seconds=within_s))
        yield
    path.unlink()


async def test_process_that_hangs_is_not_waited_for_when_another_is_told(house: House) -> None:
    """Nobody knows whose the viewer is, so all are told, and the one that has it ends it while the other hangs."""
    source_id, peer_id = await house.publish(room_of("media-1")), uuid4()
    await house.media.watch(source_id, peer_id=peer_id, offer_sdp=chromium("recvonly"))
    async with silent_process(house, "media-0", within_s=30):
        telling = asyncio.create_task(house.other.unwatch(peer_id))

        async def is_gone() -> bool:
            return not (await house.media.controls["media-1"].health()).viewers

        await wait_until(is_gone)
        assert not telling.done()
        health = await house.media.health()
        assert ([*health.processes], health.silent, telling.done()) == (["media-1"], frozenset({"media-0"}), False)
        telling.cancel()


async def test_room_stays_where_it_is_when_a_process_is_added(house: House) -> None:
    """Its next source joins the live ones, although the room's id alone would now say otherwise."""
    room = room_of("media-1")
    few = MediaProcesses({"media-0": house.media.controls["media-0"]})
    source_id = SourceId(uuid4())
    await few.publish(
        Publish(
            room_id=room,
            case_id=CaseId(uuid4()),
            source_id=source_id,
            kind=SourceKind.CAMERA,
            offer_sdp=chromium("sendonly"),
            record=False,
        )
    )
    await house.media.health()
    second = await house.publish(room)
    assert await house.places() == {source_id: "media-0", second: "media-0"}


async def test_metrics_tell_what_each_process_left_unread(house: House) -> None:
    """And lost: how much of it, and in which process."""
    answer = await house.media.controls["media-1"].probe(uuid4(), chromium("recvonly"), who=uuid4())
    candidate = next(line.split() for line in answer.splitlines() if line.startswith("a=candidate:"))
    with socket(AF_INET, SOCK_DGRAM) as nobody:
        nobody.sendto(b"\x80 and nobody", (candidate[4], int(candidate[5])))

    async def is_counted() -> bool:
        measure(await house.media.health())
        return counted("media-1", "strangers") == 1

    await wait_until(is_counted)
    assert counted("media-0", "strangers") == counted("media-1", "refused") == counted("media-1", "given_up") == 0


def counted(name: str, fate: str) -> float | None:
    """Return what `/metrics` tells of a process."""
    return REGISTRY.get_sample_value("sightline_media_datagrams", {"process": name, "fate": fate})


async def test_process_that_is_away_takes_nobody_along(house: House) -> None:
    """Its rooms are refused, not moved: it comes back with their spool; those of the other go on."""
    kept = await house.publish(room_of("media-0"))
    lost = await house.publish(room_of("media-1"))
    await house.media.health()
    await house.ends["media-1"].aclose()
    state = await house.media.health()
    assert ([one.source_id for one in state.sources], state.silent) == ([kept], frozenset({"media-1"}))
    await house.media.watch(kept, peer_id=uuid4(), offer_sdp=chromium("recvonly"))
    with pytest.raises(MediaUnavailable):
        await house.media.watch(lost, peer_id=uuid4(), offer_sdp=chromium("recvonly"))
    with pytest.raises(MediaUnavailable):
        await house.publish(room_of("media-1"))
    with pytest.raises(MediaUnavailable):
        await house.media.refile(SegmentId(uuid4()))
    await house.ends["media-0"].aclose()
    with pytest.raises(MediaUnavailable):
        await house.media.health()


async def test_busy_process_refuses_rooms_before_sources_before_viewers_and_repeats_nobody(tmp_path: Path) -> None:
    """Through its control socket, as the API hears it; what is in already is answered as before."""
    pressure = Pressure(lambda: 0.0)
    async with AsyncExitStack() as stack:
        store = LocalStore(tmp_path / "objects", executor=stack.enter_context(ThreadPoolExecutor(1)))
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="sightline-")))
        settings = MediaSettings(tmp_path, folder / "media.sock", "media-0", (LOOPBACK,))
        await stack.enter_async_context(serving_media(settings, store, pressure))
        media = MediaProcesses({"media-0": MediaControl(settings.socket_path)})
        stack.push_async_callback(media.close)
        house, room = House(media, media, {}), uuid4()
        source_id = await house.publish(room)
        pressure.share = (Newcomer.ROOM + Newcomer.SOURCE) / 2
        with pytest.raises(MediaBusy) as refused:
            await house.publish(uuid4())
        assert refused.value.fields == {"retry_after_s": RETRY_S}
        await house.publish(room)
        pressure.share = (Newcomer.SOURCE + Newcomer.VIEWER) / 2
        with pytest.raises(MediaBusy):
            await house.publish(room)
        peer_id, offer = uuid4(), chromium("recvonly")
        answer = await media.watch(source_id, peer_id=peer_id, offer_sdp=offer)
        pressure.share = 1.0
        assert await media.watch(source_id, peer_id=peer_id, offer_sdp=offer) == answer
        with pytest.raises(MediaBusy):
            await media.watch(source_id, peer_id=uuid4(), offer_sdp=offer)
