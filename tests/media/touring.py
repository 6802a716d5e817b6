"""A tour of two pages over lines of a test's own: one publishes, one watches, by the front end's own code."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Page

from server.media.control import MediaControl
from server.media.worker import MediaSettings
from tests.media.browser import chromium, open_page
from tests.media.live_page import Way, bundle_page, live_page
from tests.media.room import Room, media_process
from tests.parts.clips import make_noisy_camera
from tests.parts.running import LOOPBACK
from tests.waiting import wait_until

CAMERA = {"width": 1280, "height": 720, "frameRate": 30}


@dataclass(frozen=True)
class Props:
    """What every tour needs: the page's script, and what its camera shows."""

    script: Path
    clip: Path


def make_props(folder: Path) -> Props:
    """Build the script and the clip."""
    clip = folder / "camera.mjpeg"
    make_noisy_camera(clip)
    return Props(bundle_page(folder), clip)


@dataclass
class Tour:
    """One who publishes and one who watches, each on a way of their own."""

    out: Way
    into: Way
    publisher: Page
    viewer: Page

    async def sent(self) -> dict[str, float]:
        """Return what the publisher's browser counts."""
        counted: dict[str, float] = await self.publisher.evaluate("line.sent()")
        return counted

    async def seen(self) -> dict[str, float]:
        """Return what the viewer's browser counts."""
        counted: dict[str, float] = await self.viewer.evaluate("line.seen()")
        return counted

    async def back_after(self, at_ms: float, *, within_s: float) -> float | None:
        """Return how many seconds after a moment the first new picture was shown; None when there was none."""
        first = "at => line.shownAt.find((one) => one > at) ?? 0"
        try:
            shown_ms = await wait_until(lambda: self.viewer.evaluate(first, at_ms), within_s=within_s)
        except AssertionError:
            return None
        return round((float(shown_ms) - at_ms) / 1000, 2)


@asynccontextmanager
async def touring(props: Props) -> AsyncIterator[Tour]:
    """Begin a tour on clean lines; the picture moves when the block is entered."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="sightline-lines-")))
        settings = MediaSettings(folder, folder / "media.sock", "media-0", (LOOPBACK,))
        control = MediaControl(settings.socket_path)
        stack.push_async_callback(control.close)
        room = Room(settings, control)
        await stack.enter_async_context(media_process(settings, control))
        out, into = Way(stack), Way(stack)
        url = await stack.enter_async_context(live_page(room, props.script, out, into))
        browser = await stack.enter_async_context(chromium(None, f"--use-file-for-fake-video-capture={props.clip}"))
        publisher, viewer = await open_page(browser, url), await open_page(browser, url)
        tour = Tour(out, into, publisher, viewer)
        await publisher.evaluate("camera => line.publish(camera)", CAMERA)
        source = "line.sent().then((sent) => sent.frames !== null && sent.framesEncoded > 0 && sent.sourceId)"
        source_id = await wait_until(lambda: publisher.evaluate(source), within_s=20)
        await viewer.evaluate("source => line.watch(source)", source_id)
        await wait_until(lambda: viewer.evaluate("line.shownAt.length"), within_s=20)
        yield tour
