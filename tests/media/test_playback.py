"""Lanes in real browsers: one timeline through gaps and sizes, sought by Range, in both containers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from evidence.records import Json
from evidence.segments.playback import LanePiece, build_lane
from evidence.segments.rules import Container
from tests.media.browser import chromium, open_page
from tests.media.firefox import firefox
from tests.media.webkit import webkit
from tests.parts import segments

PAGE = """<!doctype html><title>lane</title><video muted></video><script>
const video = document.querySelector("video");
const happens = (name) => new Promise((resolve, reject) => {
  video.addEventListener(name, resolve, { once: true });
  video.addEventListener("error", () => reject(new Error(video.error.message)), { once: true });
});
window.load = async (container) => {
  video.src = `/lane.${container}`;
  await happens("loadedmetadata");
  return video.duration;
};
window.seek = async (at_s) => {
  video.currentTime = at_s;
  await happens("seeked");
  return video.videoWidth;
};
let shown = 0;
const count = () => { shown += 1; video.requestVideoFrameCallback(count); };
video.requestVideoFrameCallback(count);
window.play = async (rate) => {
  shown = 0;
  video.playbackRate = rate;
  await video.play();
  await happens("ended");
  return [video.currentTime, shown];
};
</script>"""
TYPES = {"mp4": 'video/mp4; codecs="avc1.42E01F, opus"', "webm": 'video/webm; codecs="vp8, opus"'}
"""What the review's page asks a browser for before it shows a lane."""
SOUGHT = ((13, 320), (18.5, 640), (14.5, 320), (17.5, 640), (12.2, 320))
HELD = ((16, 320), (20.5, 640))
"""Where to seek and how wide the picture is there: in a recording, and behind one, where its last picture stays.

There WebKitGTK draws nothing, and the page's own words tell why there is no picture.
"""
CONTAINERS: tuple[Container, ...] = ("webm", "mp4")
Ask = Callable[..., Awaitable[Json]]
"""Calls a function of the page with what is given."""


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[str]:
    """Serve a page and the lanes of a folder, with Range; give the address."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def file(request: web.Request) -> web.FileResponse:
        return web.FileResponse(folder / request.path.removeprefix("/"))

    app = web.Application()
    app.add_routes([web.get("/", page), web.get("/lane.webm", file), web.get("/lane.mp4", file)])
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


def write_lane(folder: Path, container: Container) -> None:
    """Write the lane of two segments, the second one larger, with gaps before, between and behind."""
    for name, size in (("a", (320, 240)), ("b", (640, 480))):
        segments.write(folder / f"{name}.{container}", seconds=3, tone_hz=440, size=size)
    pieces = [
        LanePiece(folder / f"a.{container}", 12_000, 15_000),
        LanePiece(folder / f"b.{container}", 17_000, 20_000),
    ]
    build_lane(pieces, duration_ms=21_000, out_path=folder / f"lane.{container}", container=container)


@asynccontextmanager
async def page_in(engine: str, url: str) -> AsyncIterator[Ask]:
    """Open the page in a browser."""
    if engine == "webkit":
        async with webkit() as window:
            await window.open(url)
            yield window.call
    elif engine == "firefox":
        async with firefox() as browser:
            tab = await browser.open_page(url)
            await tab.show()
            yield tab.call
    else:
        async with chromium() as browser:
            page = await open_page(browser, url)
            yield lambda function, *given: page.evaluate(f"given => ({function})(...given)", given)


@pytest.mark.parametrize("engine", ["chromium", "firefox", "webkit"])
async def test_lane_is_played_and_sought_through_gaps_and_sizes(tmp_path: Path, engine: str) -> None:
    """A camera that came late, went, came back larger, and went before the end; in both containers."""
    for container in CONTAINERS:
        write_lane(tmp_path, container)
    async with served(tmp_path) as url, page_in(engine, url) as ask:
        for container in CONTAINERS:
            assert await ask("(type) => document.querySelector('video').canPlayType(type)", TYPES[container]) != ""
            assert abs(number(await ask("window.load", container)) - 21) < 0.1
            for at_s, width in SOUGHT if engine == "webkit" else SOUGHT + HELD:
                assert await ask("window.seek", at_s) == width, (container, at_s)
            await ask("window.seek", 14)
            played = await ask("window.play", 4)
            assert isinstance(played, list)
            assert abs(number(played[0]) - 21) < 0.1
            assert number(played[1]) >= 20


def number(told: Json) -> float:
    """Return a number that a page told."""
    assert isinstance(told, int | float)
    return told
