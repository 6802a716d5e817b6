"""Every route by everyone who has no business with it: outsiders learn and change nothing.

A new operation fails here until it has a request below, and one that belongs to no case until it says who may call it.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

import pytest

from evidence.records import Json
from server.app import OPERATIONS
from server.http.routing import Operation
from tests.parts.outsiders import OUTSIDERS, fill_case, let_outsiders_in
from tests.parts.site import Site
from tests.parts.sockets import problem
from tests.parts.tus import metadata

REFUSED: Final = frozenset({401, 403, 404})


@dataclass(frozen=True)
class Request:
    """What makes a request to an operation complete, so that only the person can be what is wrong with it."""

    body: Mapping[str, Json] | None = None
    raw: bytes | None = None
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    insider: str = "lead"


SDP: Final = Request(raw=b"v=0\r\n", headers={"Content-Type": "application/sdp"}, insider="phone")
PLAIN: Final = Request()
BECAUSE: Final = Request({"reason": "Nobody came."})
OF_A_CASE: Final[Mapping[str, Request]] = {
    "GET /api/validations/{validation_id}": PLAIN,
    "POST /api/validations/{validation_id}/participants": Request({"role": "member_expert", "person_id": "<person>"}),
    "POST /api/validations/{validation_id}/sessions": Request(
        {"site_id": "<site>", "starts_at_local": "2026-11-30T09:00", "duration_min": 60, "recording": True}
    ),
    "POST /api/validation-sessions/{validation_session_id}/reschedule": Request(
        {"starts_at_local": "2026-11-30T09:00", "duration_min": 60, "reason": "Rain."}
    ),
    "POST /api/validation-sessions/{validation_session_id}/cancel": BECAUSE,
    "POST /api/validation-sessions/{validation_session_id}/no-show": BECAUSE,
    "GET /api/validation-sessions/{validation_session_id}/invitations": PLAIN,
    "POST /api/validation-sessions/{validation_session_id}/invitations": Request({"participant_id": "<guest>"}),
    "DELETE /api/invitations/{invitation_id}": PLAIN,
    "GET /api/validations/{validation_id}/criteria": PLAIN,
    "POST /api/validations/{validation_id}/commands": Request({"type": "request.close", "request_id": "<new>"}),
    "GET /api/validations/{validation_id}/snapshot": PLAIN,
    "GET /api/validations/{validation_id}/entries": PLAIN,
    "POST /api/uploads": Request(insider="contact", headers={"Upload-Length": "5", "Upload-Metadata": "<metadata>"}),
    "HEAD /api/uploads/{upload_id}": Request(insider="contact"),
    "PATCH /api/uploads/{upload_id}": Request(
        raw=b"b",
        insider="contact",
        headers={"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"},
    ),
    "DELETE /api/uploads/{upload_id}": Request(insider="contact"),
    "GET /api/validations/{validation_id}/items": PLAIN,
    "GET /api/items/{item_id}": PLAIN,
    "GET /api/items/{item_id}/content": PLAIN,
    "GET /api/items/{item_id}/thumbnail": PLAIN,
    "GET /api/validations/{validation_id}/recordings": PLAIN,
    "GET /api/recordings/{lane_id}/content": PLAIN,
    "POST /api/validation-sessions/{validation_session_id}/server-stills": Request({"still_id": "<new>"}),
    "POST /api/validations/{validation_id}/views": Request({"subject": "ledger"}),
    "GET /api/validations/{validation_id}/access-log": PLAIN,
    "POST /api/whip/{validation_session_id}": SDP,
    "DELETE /api/whip/{validation_session_id}/{source_id}": Request(insider="phone"),
    "POST /api/whep/{source_id}": SDP,
    "DELETE /api/whep/{source_id}/{peer_id}": PLAIN,
    "POST /api/validations/{validation_id}/exports": PLAIN,
    "GET /api/validations/{validation_id}/exports": PLAIN,
    "GET /api/exports/{export_id}": PLAIN,
    "GET /api/exports/{export_id}/content": PLAIN,
    "GET /api/validations/{validation_id}/receipt": PLAIN,
    "GET /api/validations/{validation_id}/checkpoints": PLAIN,
    "GET /api/validations/{validation_id}/proofs/{seq}": Request(query="size=1"),
    "GET /api/validations/{validation_id}/growth": Request(query="first=1&size=1"),
}
"""Operations whose path or body names a case, or a thing of one."""

SCSS, REVIEWER, OPERATOR, STRANGER = "unlisted_scss", "unlisted_reviewer", "operator", "stranger"
ACCOUNTS: Final = frozenset({SCSS, REVIEWER, OPERATOR, STRANGER})
SIGNED_IN: Final = ACCOUNTS | {"other_guest"}
OF_NO_CASE: Final[Mapping[str, tuple[Request, frozenset[str]]]] = {
    "POST /api/login": (Request({"email": "nobody@office.example", "password": "wrong"}), frozenset()),
    "POST /api/login/link": (Request({"token": "wrong"}), frozenset()),
    "POST /api/join": (Request({"token": "wrong"}), frozenset()),
    "DELETE /api/login": (PLAIN, SIGNED_IN),
    "GET /api/me": (PLAIN, SIGNED_IN),
    "GET /api/logins": (PLAIN, SIGNED_IN),
    "DELETE /api/logins/{login_id}": (PLAIN, frozenset()),
    "PUT /api/me/password": (Request({"password": "a short way to gate 1"}), ACCOUNTS),
    "GET /api/accounts": (PLAIN, frozenset({SCSS, OPERATOR})),
    "POST /api/accounts": (
        Request({"email": "new@office.example", "name": "New", "office_role": "scss"}),
        frozenset({OPERATOR}),
    ),
    "GET /api/members": (PLAIN, frozenset({SCSS, REVIEWER, STRANGER})),
    "POST /api/members": (Request({"name": "New", "entity_types": ["importer"]}), frozenset({SCSS})),
    "GET /api/members/{member_id}": (PLAIN, frozenset({SCSS, REVIEWER})),
    "POST /api/members/{member_id}/sites": (
        Request({"name": "Plant", "address": "Road 1", "country": "MX", "time_zone": "America/Monterrey"}),
        frozenset({SCSS}),
    ),
    "POST /api/members/{member_id}/people": (
        Request({"name": "New", "email": "new@member.example", "language": "en"}),
        frozenset({SCSS}),
    ),
    "GET /api/worklist": (PLAIN, ACCOUNTS),
    "GET /api/validations": (PLAIN, ACCOUNTS),
    "POST /api/validations": (
        Request({"member_id": "<member>", "site_id": "<site>", "method": "virtual"}),
        frozenset({SCSS}),
    ),
    "POST /api/editions/{edition_id}/texts": (
        Request(raw=b"criterion,text\n", headers={"Content-Type": "text/csv"}),
        frozenset(),
    ),
}
"""Operations without a case, and which of the outsiders may call them; a member id is the case's company's."""


def key(operation: Operation) -> str:
    """Return how an operation is named in the tables."""
    return f"{operation.method} {operation.path}"


def test_every_operation_has_its_row() -> None:
    """A new route says here whom it is for."""
    assert sorted(key(operation) for operation in OPERATIONS) == sorted([*OF_A_CASE, *OF_NO_CASE])


@dataclass
class Asker:
    """Asks every operation about one case."""

    site: Site
    ids: dict[str, str]

    async def answer(self, name: str, row: str, request: Request) -> tuple[int, str]:
        """Return status and text of the answer to a person's request."""
        method, _, path = row.partition(" ")
        headers = {"Sec-Fetch-Site": "same-origin"} | {
            header: self._metadata() if value == "<metadata>" else value for header, value in request.headers.items()
        }
        content = request.raw
        if request.body is not None:
            content = json.dumps({field: self._filled(value) for field, value in request.body.items()}).encode()
            headers["Content-Type"] = "application/json"
        url = path.format_map(self.ids) + (f"?{request.query}" if request.query else "")
        data = None if content is None else io.BytesIO(content)
        async with self.site.people[name].client.request(method, url, headers=headers, data=data) as response:
            return response.status, (await response.read()).decode(errors="replace")

    def _filled(self, value: Json) -> Json:
        if not isinstance(value, str) or not value.startswith("<"):
            return value
        return str(uuid4()) if value == "<new>" else self.site.ids[value.strip("<>")]

    def _metadata(self) -> str:
        told = {"kind": "photo", "filename": "a.jpg", "filetype": "image/jpeg", "sha256": "0" * 64}
        return metadata(validation_id=self.site.ids["validation"], **told)


@pytest.fixture
async def asker(embedded_site: Site) -> Asker:
    """Give a live case with something of everything in it, and outsiders."""
    site = embedded_site
    await let_outsiders_in(site)
    await site.go_live()
    return Asker(
        site, await fill_case(site) | {"login_id": str(uuid4()), "member_id": site.ids["member"], "edition_id": "0"}
    )


async def close(asker: Asker, phase: str) -> None:
    """Bring the case from its live session to the phase."""
    if phase in {"ended", "closed"}:
        await asker.site.in_session("lead", "session.end")
    if phase == "closed":
        told: dict[str, Json] = {"criterion_id": "3.1", "verdict": "met", "method": "live", "base_version": 0}
        await asker.site.obeyed("lead", "answer.record", **told)
        await asker.site.obeyed("reviewer", "review.mark", criterion_id="3.1", answer_version=1, mark="supported")
        await asker.site.obeyed("reviewer", "review.sign", statement="Seen.")


@pytest.mark.parametrize("phase", ["live", "ended", "closed"])
async def test_outsiders_are_refused_everything_of_a_case(asker: Asker, phase: str) -> None:
    """And the same requests are not refused to whom they are for, so that it is the person who was refused."""
    await close(asker, phase)
    before = await asker.site.entries()
    for row, request in OF_A_CASE.items():
        for name in OUTSIDERS:
            status, _ = await asker.answer(name, row, _command(request))
            assert status in REFUSED, (name, row, status)
    assert await asker.site.entries() == before


async def test_insiders_are_not_refused(asker: Asker) -> None:
    """What the other test asks is complete: it is refused for who asks, not for what is asked."""
    rows = sorted(OF_A_CASE.items(), key=lambda row: (row[0].startswith("DELETE"), "invitation" in row[0]))
    for row, request in rows:
        status, _ = await asker.answer(request.insider, row, _command(request))
        assert status not in {400, 401, 403, 405, 415, 422, 500}, (row, status)


async def test_operations_of_no_case_are_for_those_who_may(asker: Asker) -> None:
    """Everybody else is refused, and a list of those who may shows nothing of the case."""
    rows = sorted(OF_NO_CASE.items(), key=lambda row: row[0] == "DELETE /api/login")
    for row, (request, may) in rows:
        for name in OUTSIDERS:
            status, text = await asker.answer(name, row, request)
            assert (status < 400) == (name in may), (name, row, status)
            assert name in may or status in REFUSED | {410}, (name, row, status)
            assert asker.site.ids["validation"] not in text, (name, row)


async def test_outsiders_are_refused_on_the_socket(asker: Asker) -> None:
    """Those who are signed in connect, and hear nothing of the case."""
    before = await asker.site.entries()
    for name in OUTSIDERS[1:]:
        line = await asker.site.line(name)
        refusals = [
            problem(await line.subscribe())["code"],
            problem(await line.command("request.close", request_id=str(uuid4())))["code"],
        ]
        assert refusals == ["validation_not_found"] * 2
        await line.hint("presence")
        await asker.site.obeyed("lead", "request.open", request_id=str(uuid4()), text="A photo, please.")
        assert (line.entries, line.hints) == ([], [])
    tags = [row["tag"] for row in (await asker.site.entries())[len(before) :]]
    assert tags == ["checklist.request_opened"] * len(OUTSIDERS[1:])


def _command(request: Request) -> Request:
    if request.body is None or "type" not in request.body:
        return request
    return Request({**request.body, "command_id": str(uuid4())})
