"""The built web front end: hashed assets for ever, the page itself never cached, every other path the page."""

import asyncio
from pathlib import Path

from aiohttp import web

from server.errors import NotFound

FOR_EVER = "public, max-age=31536000, immutable"
STATIC = Path(__file__).parent.parent / "static"
INDEX = "index.html"
PAGES = r"/{name:(?!(?:api|socket\.io|problems)(?:/|$)).*}"
"""Every path but those of programs, which answer an unknown path or method as a problem."""


def add_pages(app: web.Application, folder: Path = STATIC) -> None:
    """Serve the front end from `folder` as it is at start: a request opens only what was found then."""
    files: set[str] = set()

    async def look(_app: web.Application) -> None:
        files.update(await asyncio.to_thread(_files, folder))

    async def page(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name in files:
            cached = FOR_EVER if name.startswith("assets/") else "no-cache"
            return web.FileResponse(folder / name, headers={"Cache-Control": cached})
        if name.startswith("assets/") or INDEX not in files:
            raise NotFound
        return web.FileResponse(folder / INDEX, headers={"Cache-Control": "no-cache"})

    app.on_startup.append(look)
    app.router.add_get(PAGES, page)


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
