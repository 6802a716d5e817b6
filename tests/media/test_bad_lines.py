"""A browser on a line that moves, is cut, and comes back."""

from contextlib import AsyncExitStack
from uuid import uuid4

import pytest
from playwright.async_api import Page

from evidence.ids import SourceId
from server.media.reports import SourceEnded, SourceInterrupted, SourceResumed
from tests.media.browser import chromium, open_page, page_server
from tests.media.live_page import Way
from tests.media.room import Room, media_process
from tests.media.touring import Props, Tour, make_props, touring
from tests.waiting import wait_until

FRAMES = "() => window.seen()[0]"
START_BPS = 1_500_000


@pytest.fixture(scope="module")
def props(tmp_path_factory: pytest.TempPathFactory) -> Props:
    """Give what tours of the front end's own code need."""
    return make_props(tmp_path_factory.mktemp("props"))


async def plays_on(viewer: Page, *, within_s: float) -> None:
    """Wait until thirty more pictures were shown."""
    before = await viewer.evaluate(FRAMES)

    async def more() -> bool:
        return bool(await viewer.evaluate(FRAMES) > before + 30)

    await wait_until(more, within_s=within_s)


async def test_publisher_moves_and_is_cut_off_and_comes_back_on_the_same_connection(apart: Room) -> None:
    """A new address is followed; after a cut that the browser noticed, a restart of ICE brings the same source back."""
    room, source_id = apart, SourceId(uuid4())
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(media_process(room.settings, room.control))
        way = Way(stack)
        url = await stack.enter_async_context(page_server(room, source_id, detour=way.detour))
        browser = await stack.enter_async_context(chromium())
        publisher, viewer = await open_page(browser, url), await open_page(browser, url)
        await publisher.evaluate("window.publish({ width: 320, height: 180, frameRate: 15 })")
        await viewer.evaluate("source => window.watch(source)", str(source_id))
        await plays_on(viewer, within_s=30)
        line = way.lines[0]
        await line.move()
        await plays_on(viewer, within_s=15)
        line.is_cut = True
        await publisher.wait_for_function("() => window.pc.iceConnectionState === 'disconnected'", timeout=40_000)
        assert await room.reported(SourceInterrupted, source_id)
        line.is_cut = False
        await publisher.evaluate("() => window.restart('/publish')")
        await plays_on(viewer, within_s=15)
        assert await wait_until(lambda: room.reported(SourceResumed, source_id))
        assert await room.reported(SourceEnded, source_id) == []


async def moved_on(tour: Tour) -> None:
    """Wait until the viewer was shown thirty more pictures."""
    before = (await tour.seen())["frames"]

    async def more() -> bool:
        return (await tour.seen())["frames"] > before + 30

    await wait_until(more, within_s=30)


async def test_sender_follows_a_good_line_up(props: Props) -> None:
    """What it may send grows well beyond what it began with; without feedback that it understands, it only shrinks."""
    async with touring(props) as tour:

        async def is_good() -> bool:
            return ((await tour.sent())["availableOutgoingBitrate"] or 0) > START_BPS * 1.2

        await wait_until(is_good, within_s=60)


async def test_page_mends_its_broken_line_by_itself(props: Props) -> None:
    """After a cut of the line and of the page's requests the same source goes on."""
    async with touring(props) as tour:
        await moved_on(tour)
        source_id = (await tour.sent())["sourceId"]
        tour.out.cut(on=True)
        broken = "line.states.some(([, state]) => state === 'reconnecting')"
        await wait_until(lambda: tour.publisher.evaluate(broken), within_s=30)
        tour.out.cut(on=False)
        await moved_on(tour)
        assert (await tour.sent())["sourceId"] == source_id


async def test_camera_on_a_thin_line_sends_photos_and_comes_back_by_itself(props: Props) -> None:
    """At 120 kbit/s its video rests and photos arrive; on a wide line it is found out, and the video moves again."""
    async with touring(props) as tour:
        await moved_on(tour)
        tour.out.up.kbps = 120
        told = "line.modes.at(-1)?.[1] === true && line.photos.length >= 2"
        await wait_until(lambda: tour.publisher.evaluate(told), within_s=120)
        tour.out.up.kbps = 0
        await wait_until(lambda: tour.publisher.evaluate("line.modes.at(-1)[1] === false"), within_s=120)
        await moved_on(tour)
