"""The built front end: what is served for which path, for how long, and nothing from outside its folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from server.http.pages import add_pages
from server.http.problems import problems_middleware
from tests.parts.running import LOOPBACK

INDEX = "<!doctype html><title>Sightline</title>"


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[aiohttp.ClientSession]:
    """Serve a small front end; a file that must not be reached lies beside its folder."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(INDEX)
    (folder / "assets" / "index-4f3a.js").write_text("start()")
    (folder / "favicon.svg").write_text("<svg/>")
    (tmp_path / "secret").write_text("key")
    (folder / "way-out").symlink_to(tmp_path / "secret-of-later")
    app = web.Application(middlewares=[problems_middleware])
    add_pages(app, folder)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, 0).start()
    (tmp_path / "secret-of-later").write_text("key")
    async with aiohttp.ClientSession(f"http://{LOOPBACK}:{runner.addresses[0][1]}") as client:
        yield client
    await runner.cleanup()


@pytest.mark.parametrize("path", ["/", "/index.html", "/validations/5", "/room/1/2", "/join", "/apis", "/enter?x=1"])
async def test_every_page_is_the_one_page(pages: aiohttp.ClientSession, path: str) -> None:
    """The front end routes; the page itself is asked for each time."""
    async with pages.get(path) as answer:
        assert (answer.status, answer.content_type, await answer.text()) == (200, "text/html", INDEX)
        assert answer.headers["Cache-Control"] == "no-cache"


async def test_assets_are_kept_for_ever(pages: aiohttp.ClientSession) -> None:
    """Their names change with their content; an old page that asks for a gone one is not given a page for a script."""
    async with pages.get("/assets/index-4f3a.js") as answer:
        assert (answer.status, await answer.text()) == (200, "start()")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    async with pages.get("/assets/index-gone.js") as answer:
        assert (answer.status, answer.content_type) == (404, "application/problem+json")
    async with pages.get("/favicon.svg") as answer:
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    "path",
    ["/../secret", "/%2e%2e/secret", "/..%2fsecret", "/assets/..%2f..%2fsecret", "/%00", "/way-out"],
)
async def test_nothing_outside_the_folder_is_reached(pages: aiohttp.ClientSession, path: str) -> None:
    """Not by dots, escapes, a zero byte, or a link made later."""
    async with pages.get(URL(path, encoded=True)) as answer:
        text = await answer.text()
        assert "key" not in text
        assert answer.status in {200, 400, 404}


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/unknown", "/socket.io/x", "/problems/not_found"])
async def test_paths_of_programs_are_no_pages(pages: aiohttp.ClientSession, path: str) -> None:
    """Whatever the method."""
    for method in ("GET", "POST", "DELETE"):
        async with pages.request(method, path) as answer:
            assert (answer.status, (await answer.json())["code"]) == (404, "not_found")


async def test_page_is_only_read(pages: aiohttp.ClientSession) -> None:
    """Another method is refused with what is allowed."""
    async with pages.post("/validations") as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD")
        assert (await answer.json())["code"] == "method_not_allowed"
    async with pages.head("/") as answer:
        assert answer.status == 200
