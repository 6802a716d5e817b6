"""Lanes in a real browser: one timeline through gaps and sizes, sought by Range, in both containers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from evidence.segments.playback import LanePiece, build_lane
from evidence.segments.rules import Container
from tests.media.browser import chromium, open_page
from tests.parts import segments

PAGE = """<!doctype html><title>lane</title><video muted></video><script>
const video = document.querySelector("video");
const happens = (name) => new Promise((resolve, reject) => {
  video.addEventListener(name, resolve, { once: true });
  video.addEventListener("error", () => reject(new Error(video.error.message)), { once: true });
});
window.load = async () => {
  video.src = "/lane";
  await happens("loadedmetadata");
  return video.duration;
};
window.seek = async (at_s) => {
  video.currentTime = at_s;
  await happens("seeked");
  return video.videoWidth;
};
window.play = async () => {
  await video.play();
  await happens("ended");
  return [video.currentTime, video.getVideoPlaybackQuality().totalVideoFrames];
};
</script>"""


@asynccontextmanager
async def served(lane: Path) -> AsyncIterator[str]:
    """Serve a page and the lane, with Range; give the address."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def file(_: web.Request) -> web.FileResponse:
        return web.FileResponse(lane)

    app = web.Application()
    app.add_routes([web.get("/", page), web.get("/lane", file)])
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("container", ["webm", "mp4"])
async def test_lane_is_played_and_sought_through_gaps_and_sizes(tmp_path: Path, container: Container) -> None:
    """A camera that came late, went, came back larger, and went before the end."""
    for name, size in (("a", (320, 240)), ("b", (640, 480))):
        segments.write(tmp_path / f"{name}.{container}", seconds=3, tone_hz=440, size=size)
    pieces = [
        LanePiece(tmp_path / f"a.{container}", 12_000, 15_000),
        LanePiece(tmp_path / f"b.{container}", 17_000, 20_000),
    ]
    lane = tmp_path / f"lane.{container}"
    build_lane(pieces, duration_ms=21_000, out_path=lane, container=container)
    async with served(lane) as url, chromium() as browser:
        page = await open_page(browser, url)
        assert abs(await page.evaluate("window.load()") - 21) < 0.1
        for at_s, width in ((13, 320), (18.5, 640), (16, 320), (20.5, 640), (12.2, 320)):
            assert await page.evaluate("at_s => window.seek(at_s)", at_s) == width
        await page.evaluate("window.seek(14)")
        end_s, frames = await page.evaluate("window.play()")
        assert abs(end_s - 21) < 0.1
        assert frames >= 35
