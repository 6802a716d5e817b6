"""The built web front end: hashed assets for ever, the page itself never cached, every other path the page."""

from pathlib import Path

from aiohttp import web

from server.errors import NotFound

FOR_EVER = "public, max-age=31536000, immutable"
STATIC = Path(__file__).parent.parent / "static"


def page_routes(folder: Path = STATIC) -> list[web.RouteDef]:
    """Return the routes that serve the front end from `folder`."""
    root = folder.resolve()

    async def page(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name.startswith(("api/", "socket.io", "problems/")):
            raise NotFound
        path = (root / name).resolve()
        if name and path.is_relative_to(root) and path.is_file():
            immutable = name.startswith("assets/")
            return web.FileResponse(path, headers={"Cache-Control": FOR_EVER if immutable else "no-cache"})
        if name.startswith("assets/") or not (root / "index.html").is_file():
            raise NotFound
        return web.FileResponse(root / "index.html", headers={"Cache-Control": "no-cache"})

    return [web.get("/{name:.*}", page)]
