"""One operation of the wire: its route, who may call it, and the records it takes and gives.

A handler is `async def name(call, *, path, query, body) -> Record | None | web.StreamResponse`; it declares only the
parameters it needs, and their annotations are the schema. `server/http/openapi.py` reads the same table.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import get_type_hints

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from evidence.records import Record
from server.auth.principal import Principal
from server.errors import BodyTooLarge, NotFound, NotPermitted, NotSignedIn, RequestInvalid, UnsupportedMediaType
from server.services import SERVICES, Services
from sessions.roster.rules import Side

VISITOR = web.RequestKey("visitor", Principal)
"""The person behind a request; absent when nobody is signed in. Set by `server/http/security.py`."""
MEDIA_SECRET = web.RequestKey("media_secret", str)
"""The media token that a request came with, not looked up yet; set by `server/http/security.py`."""
JSON_LIMIT_BYTES = 2 * 1024 * 1024
Answer = Record | web.StreamResponse | None


class Who(StrEnum):
    """The coarse gate of an operation; what a role may do in a case is decided by `sessions`."""

    ANYONE = "anyone"
    MEDIA = "media"
    """Who is signed in, and equipment with a media token, which the handler looks up."""
    SIGNED_IN = "signed_in"
    ACCOUNT = "account"
    GOVERNMENT = "government"


@dataclass(frozen=True)
class Call:
    """One request on its way through a handler."""

    request: web.Request
    services: Services
    visitor: Principal | None

    @property
    def principal(self) -> Principal:
        """The signed-in person; raises NotSignedIn when there is none."""
        if self.visitor is None:
            raise NotSignedIn
        return self.visitor

    @property
    def media_secret(self) -> str | None:
        """The media token of the request; it proves nothing before it is looked up."""
        return self.request.get(MEDIA_SECRET)


@dataclass(frozen=True)
class Header:
    """A header of a request or an answer: its name, the pattern of its value, and whether it must be there."""

    name: str
    pattern: str
    required: bool = True


@dataclass(frozen=True)
class Operation:
    """One row of the route table.

    `roles` narrows a government operation to these office roles; `raw_body` and `raw_answer` are media types of bodies
    that are not JSON. `takes` are headers it reads, `gives` headers of its answer, and `also` other statuses of
    success. What it may refuse is in `server/http/refusals.py`.
    """

    method: str
    path: str
    handler: Callable[..., Awaitable[Answer]]
    summary: str
    who: Who = Who.SIGNED_IN
    status: int = 200
    roles: tuple[str, ...] = ()
    raw_body: tuple[str, ...] = ()
    raw_answer: tuple[str, ...] = ()
    takes: tuple[Header, ...] = ()
    gives: tuple[Header, ...] = ()
    also: tuple[HTTPStatus, ...] = ()
    parts: Mapping[str, type[object]] = field(init=False)

    def __post_init__(self) -> None:
        """Read the handler's annotations once; an undeclared part is a programming error."""
        hints = get_type_hints(self.handler)
        names = [name for name in inspect.signature(self.handler).parameters if name != "call"]
        if not set(names) <= {"path", "query", "body"}:
            raise TypeError(f"{self.handler.__qualname__} takes {names}")
        object.__setattr__(self, "parts", {name: hints[name] for name in names} | {"return": hints["return"]})


def add_operations(app: web.Application, operations: tuple[Operation, ...]) -> None:
    """Register each operation on the router."""
    for operation in operations:
        adapters: dict[str, TypeAdapter[object]] = {
            name: TypeAdapter(part) for name, part in operation.parts.items() if name != "return"
        }
        app.router.add_route(operation.method, operation.path, _endpoint(operation, adapters))


def _endpoint(
    operation: Operation, adapters: Mapping[str, TypeAdapter[object]]
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def endpoint(request: web.Request) -> web.StreamResponse:
        visitor = request.get(VISITOR)
        call = Call(request, request.app[SERVICES], visitor)
        admit(operation, visitor, has_media_secret=call.media_secret is not None)
        answer = await operation.handler(call, **await _read_parts(request, operation, adapters))
        if isinstance(answer, web.StreamResponse):
            return answer
        if answer is None:
            return web.Response(status=204 if operation.status == 200 else operation.status)  # noqa: PLR2004
        return web.Response(body=answer.model_dump_json(), status=operation.status, content_type="application/json")

    return endpoint


def admit(operation: Operation, visitor: Principal | None, *, has_media_secret: bool = False) -> None:
    """Let the visitor through the operation's coarse gate.

    Raises: NotSignedIn, NotPermitted.
    """
    if operation.who is Who.ANYONE:
        return
    if operation.who is Who.MEDIA and has_media_secret:
        return
    if visitor is None:
        raise NotSignedIn
    if operation.who not in {Who.MEDIA, Who.SIGNED_IN} and visitor.kind != "account":
        raise NotPermitted
    if operation.who is Who.GOVERNMENT and visitor.side is not Side.GOVERNMENT:
        raise NotPermitted
    if operation.roles and visitor.office_role not in operation.roles:
        raise NotPermitted


async def _read_parts(
    request: web.Request, operation: Operation, adapters: Mapping[str, TypeAdapter[object]]
) -> dict[str, object]:
    parts: dict[str, object] = {}
    if "path" in adapters:
        try:
            parts["path"] = adapters["path"].validate_strings(dict(request.match_info))
        except ValidationError:
            raise NotFound from None
    if "query" in adapters:
        parts["query"] = _validated(lambda: adapters["query"].validate_strings(dict(request.query)), "query")
    if operation.raw_body and request.content_type not in operation.raw_body:
        raise UnsupportedMediaType(given=request.content_type)
    if "body" in adapters:
        if request.content_type != "application/json":
            raise UnsupportedMediaType(given=request.content_type)
        content = await read_body(request, JSON_LIMIT_BYTES)
        parts["body"] = _validated(lambda: adapters["body"].validate_json(content), "body")
    return parts


async def read_body(request: web.Request, limit_bytes: int) -> bytes:
    """Return the whole body; raises BodyTooLarge beyond `limit_bytes` without reading on."""
    content = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        content += chunk
        if len(content) > limit_bytes:
            raise BodyTooLarge(limit_bytes=limit_bytes)
    return bytes(content)


def _validated(read: Callable[[], object], where: str) -> object:
    try:
        return read()
    except ValidationError as error:
        # Inputs are left out: they may be secrets, and a body that is not UTF-8 cannot be echoed at all.
        rows = error.errors(include_url=False, include_input=False, include_context=False)
        raise RequestInvalid(tuple((".".join(map(str, (where, *row["loc"]))), row["msg"]) for row in rows)) from None
