"""A resumable upload as a page makes it: tus 1.0 over the wire."""

import hashlib
import io
from base64 import b64encode
from typing import NamedTuple

from evidence.records import Json
from tests.http.house import Visitor

OWN = {"Sec-Fetch-Site": "same-origin", "Tus-Resumable": "1.0.0"}


class Told(NamedTuple):
    """What the server answered: status, headers, and the problem when it is one."""

    status: int
    headers: dict[str, str]
    problem: dict[str, Json]

    @property
    def offset(self) -> int:
        """How much the server has."""
        return int(self.headers["Upload-Offset"])

    @property
    def item(self) -> str:
        """The item it became."""
        return self.headers["Sightline-Item"]


async def _told(visitor: Visitor, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> Told:
    async with visitor.client.request(method, path, headers=OWN | headers, data=body and io.BytesIO(body)) as response:
        problem = await response.json() if response.content_type == "application/problem+json" else {}
        return Told(response.status, dict(response.headers), problem)


def metadata(**fields: str) -> str:
    """Return the value of Upload-Metadata."""
    return ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in fields.items())


async def create(visitor: Visitor, validation_id: str, content: bytes, **fields: str) -> Told:
    """Open an upload; digest and type are the file's unless they are given."""
    told = {
        "validation_id": validation_id,
        "kind": "photo",
        "filename": "gate 2.jpg",
        "filetype": "image/jpeg",
        "sha256": hashlib.sha256(content).hexdigest(),
    } | fields
    headers = {"Upload-Length": str(len(content)), "Upload-Metadata": metadata(**told)}
    return await _told(visitor, "POST", "/api/uploads", headers)


async def patch(visitor: Visitor, location: str, chunk: bytes, *, offset: int, **more: str) -> Told:
    """Send bytes. Args: more: further headers, `_` for a dash."""
    headers = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
    return await _told(visitor, "PATCH", location, headers | _named(more), chunk)


async def post(visitor: Visitor, location: str, chunk: bytes, *, offset: int, **more: str) -> Told:
    """Do as `patch` by a POST, which says in a header what it stands for."""
    headers = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
    return await _told(visitor, "POST", location, headers | _named(more), chunk)


async def options(visitor: Visitor) -> Told:
    """Ask what of tus is there."""
    return await _told(visitor, "OPTIONS", "/api/uploads", {})


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


async def head(visitor: Visitor, location: str) -> Told:
    """Ask how far it is."""
    return await _told(visitor, "HEAD", location, {})


async def cancel(visitor: Visitor, location: str) -> Told:
    """Give it up."""
    return await _told(visitor, "DELETE", location, {})


async def upload(visitor: Visitor, validation_id: str, content: bytes, **fields: str) -> Told:
    """Upload a file in one piece and return the answer to its last byte."""
    created = await create(visitor, validation_id, content, **fields)
    assert created.status == 201, created.problem
    return await patch(visitor, created.headers["Location"], content, offset=0)
