"""Evidence bytes on their way out: with Range, of a fixed safe type, and never run by a browser."""

import re
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from typing import Final, Literal
from urllib.parse import quote

from aiohttp import web

from server.errors import RangeUnsatisfiable
from server.http.routing import Header

_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"})
SAFE_INLINE = _PICTURES | {"video/webm", "audio/webm", "video/mp4", "audio/mp4"}
"""Types a browser shows without running anything; everything else is a download."""
DOWNLOAD = "application/octet-stream"
RANGE = re.compile(r"^bytes=(\d{0,15})-(\d{0,15})$")
ASKED: Final = (Header("Range", ".*", required=False), Header("If-None-Match", ".*", required=False))
SENT: Final = (
    Header("ETag", '^"[0-9a-f]{64}"$'),
    Header("Accept-Ranges", "^bytes$"),
    Header("Content-Disposition", "^(inline|attachment); filename"),
)
PARTS: Final = (HTTPStatus.PARTIAL_CONTENT, HTTPStatus.NOT_MODIFIED)
"""What an operation that sends bytes says of itself: the headers it reads and gives, and its other successes."""
Opener = Callable[[int, int], AsyncIterator[bytes]]
"""Opens the bytes from a start up to, not including, an end."""


async def send_bytes(
    request: web.Request,
    opener: Opener,
    *,
    size: int,
    media_type: str,
    digest: str,
    filename: str,
    disposition: Literal["inline", "attachment"] = "inline",
) -> web.StreamResponse:
    """Stream an object, whole or one range of it.

    Raises: RangeUnsatisfiable; StoreUnavailable and ObjectMissing when the store fails before the first byte.
    """
    start, end, partial = _range(request.headers.get("Range"), size)
    inline = disposition == "inline" and media_type in SAFE_INLINE
    headers = {
        "Content-Type": media_type if inline else DOWNLOAD,
        "Content-Disposition": f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(filename, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'; media-src 'self'; img-src 'self'",
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "bytes",
        "ETag": f'"{digest}"',
        "Cache-Control": "private, no-cache",
        "Content-Length": str(end - start),
    }
    if partial:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    if request.headers.get("If-None-Match") == headers["ETag"] and not partial:
        return web.Response(status=304, headers={"ETag": headers["ETag"]})
    response = web.StreamResponse(status=206 if partial else 200, headers=headers)
    # The first piece is read before the headers go: a store that fails then still gives a problem.
    pieces = opener(start, end)
    first = await anext(pieces, b"")
    await response.prepare(request)
    await response.write(first)
    async for piece in pieces:
        await response.write(piece)
    await response.write_eof()
    return response


def _range(header: str | None, size: int) -> tuple[int, int, bool]:
    """Return start, end (exclusive) and whether it is a part. Several ranges at once are answered whole, RFC 9110."""
    match = RANGE.match(header) if header else None
    if match is None or not any(match.groups()):
        return 0, size, False
    first, last = match.groups()
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last) + 1, size) if first and last else size
    if start >= end:
        raise RangeUnsatisfiable(size=size)
    return start, end, True
