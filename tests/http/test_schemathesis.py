"""Made-up requests to every operation of the OpenAPI document: whatever is asked, no bug answers."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode
from uuid import uuid4

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core import NotSet
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.transport.serialization import Binary
from yarl import URL

from server.app import document
from tests.http.house import Visitor
from tests.parts.outsiders import fill_case, let_outsiders_in
from tests.parts.site import Site

if TYPE_CHECKING:
    from schemathesis.specs.openapi.schemas import OpenApiOperation

PEOPLE: Final = ("lead", "contact", "stranger")
EXAMPLES: Final = 5
"""Right and wrong ones each, of every operation: what two cores make up and answer in a minute."""
LAST: Final = frozenset({"DELETE /api/login", "DELETE /api/invitations/{invitation_id}"})


@dataclass(frozen=True)
class MadeUp:
    """A request as it goes over the wire."""

    operation: str
    url: URL
    headers: Mapping[str, str]
    body: bytes | None


@schemathesis.serializer("application/offset+octet-stream", "application/sdp", "text/csv")
def plain(_context: schemathesis.SerializationContext, made: object) -> bytes:
    """Let schemathesis make up bodies of these types; it knows none that are neither JSON nor text."""
    return made.data if isinstance(made, Binary) else str(made).encode(errors="replace")


def make_up(ids: Mapping[str, str]) -> list[MadeUp]:
    """Return requests to every operation, two of three about things that there are."""
    made: list[MadeUp] = []
    for result in schemathesis.openapi.from_dict(document()).get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        for mode in GenerationMode:

            @settings(
                max_examples=EXAMPLES,
                phases=[Phase.generate],
                derandomize=True,
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            )
            @given(operation.as_strategy(generation_mode=mode))
            def keep(case: "schemathesis.Case[OpenApiOperation]") -> None:
                made.append(_wire(case, ids if len(made) % 3 else {}))

            keep()
    return sorted(made, key=lambda one: one.operation in LAST)


def _wire(case: "schemathesis.Case[OpenApiOperation]", ids: Mapping[str, str]) -> MadeUp:
    case.path_parameters = {name: ids.get(name, value) for name, value in (case.path_parameters or {}).items()}
    query = urlencode(case.query or {}, doseq=True, errors="replace")
    headers = {name: str(value) for name, value in (case.headers or {}).items()}
    if case.media_type:
        headers["Content-Type"] = case.media_type
    row = f"{case.operation.method.upper()} {case.operation.path}"
    url = URL(case.formatted_path + (f"?{query}" if query else ""), encoded=True)
    return MadeUp(row, url, headers, _body(case.body))


def _body(made: object) -> bytes | None:
    if isinstance(made, NotSet):
        return None
    if isinstance(made, Binary):
        return made.data
    return made if isinstance(made, bytes) else json.dumps(made).encode()


async def test_no_made_up_request_finds_a_bug(embedded_site: Site) -> None:
    """A refusal is a problem with a code; there is no media process and no worker, and their operations say so."""
    site = embedded_site
    await let_outsiders_in(site)
    await site.go_live()
    ids = await fill_case(site) | {"login_id": str(uuid4()), "member_id": site.ids["member"], "edition_id": "0"}
    made = await asyncio.to_thread(make_up, ids)
    bugs = [
        (name, one, told)
        for number, one in enumerate(made)
        for name in [PEOPLE[number % len(PEOPLE)]]
        if (told := await _bug(site.people[name], one))
    ]
    assert bugs == []
    assert len({one.operation for one in made}) == len([1 for path in _paths() for _ in path])


def _paths() -> list[Mapping[str, object]]:
    paths = document()["paths"]
    assert isinstance(paths, dict)
    return list(paths.values())


async def _bug(visitor: Visitor, one: MadeUp) -> str:
    """Return what is wrong with the answer, nothing when nothing is."""
    method, _, _ = one.operation.partition(" ")
    headers = {"Sec-Fetch-Site": "same-origin"} | dict(one.headers)
    async with visitor.client.request(method, one.url, headers=headers, data=one.body) as response:
        content = await response.read()
    if response.status < 400 or method == "HEAD":
        return "" if response.status < 500 else str(response.status)
    problem = json.loads(content)
    away = (response.status, problem["code"]) in {(503, "media_unavailable"), (503, "not_ready")}
    return "" if response.status < 500 or away else f"{response.status} {problem}"
