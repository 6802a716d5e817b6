"""Every route by everybody in every phase: each is answered as the rules say, and nobody learns or changes more.

A new operation fails here until it has a row in `tests/http/operations.py` that says whom it is for and when.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from evidence.custody.store import get_custody, lock_item, save_custody
from evidence.ids import ItemId
from evidence.items.errors import ItemNotFound
from evidence.records import Json
from server.app import document
from tests.http.operations import OF_A_CASE, OF_NO_CASE, Request
from tests.parts import tus
from tests.parts.everybody import (
    ANSWERED,
    BY_LINK,
    EVERYBODY,
    OF_COMPANIES,
    PHASES,
    Phase,
    close_case,
    fill_planned,
    gather_everybody,
    move_on,
    open_another,
    plan_spare,
)
from tests.parts.files import jpeg
from tests.parts.outsiders import OUTSIDERS, let_outsiders_in
from tests.parts.site import Site
from tests.parts.sockets import problem

ABSENT = "not_found"
DENIED = frozenset({"not_permitted", "not_allowed", "not_admitted"})
Row = tuple[str, Request]


def operations() -> dict[str, dict[str, Json]]:
    """Return the operations of the OpenAPI document by method and path."""
    paths = document()["paths"]
    assert isinstance(paths, dict)
    found: dict[str, dict[str, Json]] = {}
    for path, methods in paths.items():
        assert isinstance(methods, dict)
        for method, operation in methods.items():
            assert isinstance(operation, dict)
            found[f"{method.upper()} {path}"] = operation
    return found


def test_every_operation_has_its_row() -> None:
    """A new route says whom it is for, and no row says more than the coarse gate of the document lets through."""
    documented = operations()
    assert sorted(documented) == sorted([*OF_A_CASE, *OF_NO_CASE])
    shut_out = {
        "anyone": frozenset[str](),
        "media": {"anonymous"},
        "signed_in": {"anonymous"},
        "account": {"anonymous"} | BY_LINK,
        "government": {"anonymous"} | OF_COMPANIES,
    }
    for row, request in [*OF_A_CASE.items(), *OF_NO_CASE.items()]:
        assert not request.may & shut_out[str(documented[row]["x-who"])], row


@dataclass
class Asker:
    """Asks every operation about one case."""

    site: Site
    ids: dict[str, str]
    documented: dict[str, dict[str, Json]] = field(default_factory=operations)

    async def told(self, name: str, row: str, request: Request, phase: Phase) -> str:
        """Return the code of the refusal of a person's request, nothing when it was done."""
        path = dict(self.ids)
        if request.spare and name in request.may and phase not in request.told:
            path["validation_session_id"] = await plan_spare(self.site)
        if request.own_case and name in request.may and phase not in request.told:
            path["validation_id"] = await open_another(self.site)
        if request.held is not None:
            await self._set_held(ItemId(UUID(path["item_id"])), held=request.held)
        status, text = await self.answer(name, row, request, path)
        assert status < 500 or status == 503, (name, row, phase, text)
        if row.startswith("HEAD"):
            return {200: "", 401: "not_signed_in", 404: ABSENT}[status]
        if status < 400:
            return ""
        code, named = str(json.loads(text)["code"]), self.documented[row]["x-problems"]
        assert isinstance(named, list)
        assert code in named, (name, row, phase, code)
        return code

    async def told_of_nothing(self, name: str, row: str, request: Request) -> str:
        """Return what a person is told of things that are not there."""
        nothing = {key: value if key in {"seq", "page"} else str(uuid4()) for key, value in self.ids.items()}
        return await Asker(self.site, nothing, self.documented).told(name, row, request, "live")

    async def answer(self, name: str, row: str, request: Request, path: Mapping[str, str]) -> tuple[int, str]:
        """Return status and text of the answer to a person's request."""
        method, _, template = row.partition(" ")
        headers = {"Sec-Fetch-Site": "same-origin"} | {
            header: self._metadata() if value == "<metadata>" else value for header, value in request.headers.items()
        }
        content = request.raw
        if request.body is not None:
            content = json.dumps({field: self._filled(value) for field, value in request.body.items()}).encode()
            headers["Content-Type"] = "application/json"
        url = template.format_map(path) + (f"?{request.query}" if request.query else "")
        data = None if content is None else io.BytesIO(content)
        async with self.site.people[name].client.request(method, url, headers=headers, data=data) as response:
            return response.status, (await response.read()).decode(errors="replace")

    async def _set_held(self, item_id: ItemId, *, held: bool) -> None:
        """Change the row without an entry; nothing but the refusal is looked at here."""
        async with self.site.services.database.write() as tx:
            try:
                item = await lock_item(tx, item_id)
            except ItemNotFound:
                return
            await save_custody(tx, (await get_custody(tx, item)).model_copy(update={"held": held}))

    def _filled(self, value: Json) -> Json:
        if not isinstance(value, str) or not value.startswith("<"):
            return value
        if value.startswith("<new>"):
            return value.replace("<new>", str(uuid4()))
        return self.site.ids[value.strip("<>")]

    def _metadata(self) -> str:
        told = {"kind": "photo", "filename": "a.jpg", "filetype": "image/jpeg", "sha256": "0" * 64}
        return tus.metadata(validation_id=self.site.ids["validation"], **told)


def is_denial(code: str, name: str) -> bool:
    """Say whether the refusal is for who asks: it tells a stranger nothing but that there is nothing."""
    if name == "anonymous":
        return code == "not_signed_in"
    return code in DENIED or code.endswith(ABSENT)


async def refuse(asker: Asker, phase: Phase) -> None:
    """Refuse everybody who may not; nothing is written down."""
    found: list[tuple[str, ...]] = []
    before = await asker.site.entries()
    for row, request in OF_A_CASE.items():
        for name in EVERYBODY:
            if name not in request.may:
                code = await asker.told(name, row, request, phase)
                found += [] if is_denial(code, name) else [(phase, row, name, code)]
    assert (found, await asker.site.entries()) == ([], before)


async def answer(asker: Asker, phase: Phase) -> None:
    """Answer those who may, as the phase lets them."""
    found: list[tuple[str, ...]] = []
    for row, request in OF_A_CASE.items():
        for name in sorted(request.may):
            code = await asker.told(name, row, request, phase)
            found += [] if code == request.told.get(phase, "") else [(phase, row, name, code)]
    assert found == []


async def test_everybody_is_answered_as_the_rules_say_in_every_phase(embedded_site: Site) -> None:
    """The case goes from planned to closed; who may not is refused in each phase, who may in the wrong one too."""
    await gather_everybody(embedded_site)
    asker = Asker(embedded_site, await fill_planned(embedded_site))
    for phase in PHASES:
        asker.ids |= await move_on(embedded_site, phase)
        await refuse(asker, phase)
        await answer(asker, phase)


async def test_strangers_do_not_learn_what_there_is(embedded_site: Site) -> None:
    """A thing of another's case and one that never was are answered alike."""
    await gather_everybody(embedded_site)
    asker = Asker(embedded_site, await fill_planned(embedded_site))
    asker.ids |= await move_on(embedded_site, "live")
    for row, request in OF_A_CASE.items():
        for name in OUTSIDERS:
            real, made_up = (
                await asker.told(name, row, request, "live"),
                await asker.told_of_nothing(name, row, request),
            )
            assert real == made_up, (name, row)


async def test_operations_of_no_case_are_for_those_who_may(embedded_site: Site) -> None:
    """Everybody else is refused, and what outsiders are shown has nothing of the case."""
    site = embedded_site
    await gather_everybody(site)
    asker = Asker(site, {"login_id": str(uuid4()), "member_id": site.ids["member"], "edition_id": "0"})
    for row, request in OF_NO_CASE.items():
        for name in EVERYBODY:
            status, text = await asker.answer(name, row, request, asker.ids)
            code = "" if status < 400 else str(json.loads(text)["code"])
            assert (code == request.told.get("live", "")) == (name in request.may), (name, row, code)
            assert name in request.may or status in {401, 403, 404, 410}, (name, row, status)
            assert name not in OUTSIDERS or site.ids["validation"] not in text, (name, row)


async def test_outsiders_are_refused_on_the_socket(embedded_site: Site) -> None:
    """Those who are signed in connect, and hear nothing of the case."""
    site = embedded_site
    await let_outsiders_in(site)
    await site.go_live()
    before = await site.entries()
    for name in OUTSIDERS[1:]:
        line = await site.line(name)
        refusals = [
            problem(await line.subscribe())["code"],
            problem(await line.command("request.close", request_id=str(uuid4())))["code"],
        ]
        assert refusals == ["validation_not_found"] * 2
        await line.hint("presence")
        await site.obeyed("lead", "request.open", request_id=str(uuid4()), text="A photo, please.")
        assert (line.entries, line.hints) == ([], [])
    tags = [row["tag"] for row in (await site.entries())[len(before) :]]
    assert tags == ["checklist.request_opened"] * len(OUTSIDERS[1:])


async def test_closed_case_takes_no_evidence_that_was_on_its_way(embedded_site: Site) -> None:
    """The bytes of an upload begun in time are whole after the close: neither an item nor a quarantined one."""
    site, photo = embedded_site, jpeg()
    contact = site.people["contact"]
    begun = [await tus.create(contact, site.ids["validation"], content) for content in (photo, photo[:-1] + b"!")]
    await site.obeyed("lead", "answer.record", **ANSWERED)
    await close_case(site)
    before = await site.entries()
    for upload in begun:
        whole = await tus.patch(contact, upload.headers["Location"], photo, offset=0)
        assert (whole.status, whole.problem["code"]) == (409, "wrong_phase")
    assert await site.entries() == before


async def test_invitation_is_withdrawn_whatever_became_of_its_session(embedded_site: Site) -> None:
    """A guest who waits at the door of a session that is then called off loses the way in all the same."""
    site = embedded_site
    await site.join()
    await site.arrive("phone")
    path = f"/validation-sessions/{site.ids['session']}/cancel"
    await site.people["lead"].made(path, {"reason": "Rain."})
    status, _ = await site.people["lead"].ask("DELETE", f"/invitations/{site.ids['invitation']}")
    assert status == 204
    assert (await site.people["phone"].get("/me"))[0] == 401
