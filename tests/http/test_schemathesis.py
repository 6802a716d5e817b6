"""Made-up requests to every operation of the OpenAPI document: whatever is asked, it answers as the document says."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid4

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CheckContext
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.transport.serialization import Binary

from evidence.ids import CaseId, case_log
from server.app import document
from server.jobs.checkpoints import ask_checkpoint
from tests.parts.outsiders import fill_case, let_outsiders_in
from tests.parts.site import Site

if TYPE_CHECKING:
    from schemathesis.specs.openapi.schemas import OpenApiOperation

    Case = schemathesis.Case[OpenApiOperation]

PEOPLE: Final = ("lead", "contact", "stranger", "supervisor")
EXAMPLES: Final = 16
"""Right and wrong ones each, of every operation: what two cores make up and answer in a minute."""
FIRST: Final = ("GET /api/validations/{validation_id}/receipt",)
"""Before the log grows: no worker is there to sign it anew."""
LAST: Final = (
    "POST /api/validations/{validation_id}/commands",
    "POST /api/validations/{validation_id}/close",
    "DELETE /api/invitations/{invitation_id}",
    "DELETE /api/login",
)
CHECKS: Final = SchemathesisConfig.from_dict(
    {
        "checks": {
            # What a schema cannot say is refused with a code of its own: a time that is past (422), bytes that have
            # another checksum (460), a link that was used (410). That such a refusal is not `request_invalid`,
            # `is_taken_when_it_fits` sees to.
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", "304", "401", "403", "404", "409", "410", "422", "460"]
            },
            # 412 is what tus says to a request that does not tell its version.
            "negative_data_rejection": {
                "expected-statuses": ["400", "401", "403", "404", "406", "412", "422", "428", "429", "5xx"]
            },
            # These two compare an answer with those before it in one scenario; each request here stands alone.
            "use_after_free": {"enabled": False},
            "ensure_resource_availability": {"enabled": False},
        }
    }
)
TAKES_NOTHING: Final = frozenset({"OPTIONS /api/uploads"})
"""Of which nothing can be wrong: no login, no parameter, no body."""
OPAQUE: Final = frozenset({"POST /api/uploads"})
"""Whose header is a list of base64 values: no schema says what they hold."""


@schemathesis.serializer(
    "application/offset+octet-stream", "application/sdp", "application/trickle-ice-sdpfrag", "text/csv"
)
def plain(_context: schemathesis.SerializationContext, made: object) -> bytes:
    """Let schemathesis make up bodies of these types; it knows none that are neither JSON nor text."""
    return made.data if isinstance(made, Binary) else str(made).encode(errors="replace")


def sign_in(schema: schemathesis.BaseSchema, tokens: list[str]) -> None:
    """Sign in each made-up request as the next of the people; `ignored_auth` then asks again without and with wrong."""
    whose = cycle(tokens)

    @schema.auth(refresh_interval=None)
    class Login:
        def get(self, _case: "Case", _context: schemathesis.AuthContext) -> str:
            return next(whose)

        def set(self, case: "Case", data: str, _context: schemathesis.AuthContext) -> None:
            case.cookies = {"sightline_login": data}


def is_refused_as_documented(_context: CheckContext, response: Response, case: "Case") -> bool | None:
    """A refusal has a code that the operation names, and a bug is none that it may have."""
    if response.status_code < 400 or case.method == "HEAD":
        return None
    named = case.operation.definition.raw["x-problems"]
    code = response.json()["code"]
    if code not in named:
        raise AssertionError(f"{code} is none of {named}")
    return None


def is_taken_when_it_fits(_context: CheckContext, response: Response, case: "Case") -> bool | None:
    """What the schemas allow is never called malformed."""
    positive = case.meta is not None and case.meta.generation.mode.is_positive
    if positive and case.operation.label not in OPAQUE and response.status_code in {415, 422}:
        problem = response.json()
        if problem["code"] in {"request_invalid", "unsupported_media_type"}:
            raise AssertionError(f"{problem}: {case.body!r}")
    return None


@dataclass
class Asking:
    """Asks every operation, two of three times about things that there are; keeps what is wrong, and what was done."""

    url: str
    ids: Mapping[str, str]
    wrong: list[str] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    numbers: Callable[[], int] = field(default_factory=lambda: count().__next__)

    def ask(self, session: requests.Session, operation: "OpenApiOperation", mode: GenerationMode) -> None:
        """Make up requests to one operation, right ones or wrong ones."""

        @settings(
            max_examples=EXAMPLES,
            phases=[Phase.generate],
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def each(case: "Case") -> None:
            self.check(session, case)

        each()

    def check(self, session: requests.Session, case: "Case") -> None:
        """Send a request and hold its answer against the document."""
        if self.numbers() % 3:
            self._name_what_there_is(case)
        response = case.call(base_url=self.url, session=session, headers={"Sec-Fetch-Site": "same-origin"}, timeout=60)
        self.asked.add(case.operation.label)
        if response.status_code < 400:
            self.done.add(case.operation.label)
        try:
            case.validate_response(
                response,
                additional_checks=[is_refused_as_documented, is_taken_when_it_fits],
                transport_kwargs={"base_url": self.url},
            )
        except FailureGroup as group:
            self.wrong += [f"{case.operation.label}: {one}" for one in group.exceptions]
        except Failure as one:
            self.wrong.append(f"{case.operation.label}: {one}")

    def _name_what_there_is(self, case: "Case") -> None:
        assert case.meta is not None
        if not case.meta.is_negative_at(ParameterLocation.PATH):
            known = {name: self.ids.get(name, value) for name, value in (case.path_parameters or {}).items()}
            case.path_parameters = known
        if isinstance(case.body, dict) and case.meta.generation.mode.is_positive:
            case.body = {name: self.ids.get(name, value) if value else value for name, value in case.body.items()}


def ask_everything(asking: Asking, tokens: list[str]) -> None:
    """Ask every operation of the document."""
    schema = schemathesis.openapi.from_dict(document(), config=CHECKS)
    sign_in(schema, tokens)
    operations = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    turn = {label: place for place, label in enumerate(LAST, 1)} | dict.fromkeys(FIRST, -1)
    with requests.Session() as session:
        for operation in sorted(operations, key=lambda one: turn.get(one.label, 0)):
            modes = [GenerationMode.POSITIVE] if operation.label in TAKES_NOTHING else list(GenerationMode)
            for mode in modes:
                asking.ask(session, operation, mode)


async def test_every_answer_is_as_the_document_says(live_site: Site) -> None:
    """Status, type, headers and body of it, and the code of a refusal; nothing malformed is taken, nobody unknown."""
    site = live_site
    await let_outsiders_in(site)
    ids = await fill_case(site) | {"login_id": str(uuid4()), "member_id": site.ids["member"], "edition_id": "msc-2020"}
    things = {"site_id": "site", "person_id": "person", "participant_id": "guest", "account_id": "stranger"}
    ids |= {name: site.ids[value] for name, value in things.items()} | {"criterion_id": "3.1"}
    async with site.services.database.write() as tx:
        await ask_checkpoint(tx, case_log(CaseId(UUID(site.ids["validation"]))))
    await site.work()
    asking = Asking(site.url, ids)
    tokens = [str(site.people[name].cookie("sightline_login")) for name in PEOPLE]
    await asyncio.to_thread(ask_everything, asking, tokens)
    assert asking.wrong == [], "\n".join(asking.wrong)
    assert len(asking.asked) == sum(len(operations) for operations in _paths())
    # Some refuse whatever is made up, a sign-in link or an offer for one; what only reads never does.
    assert [label for label in sorted(asking.asked - asking.done) if label.startswith("GET")] == []


def _paths() -> list[Mapping[str, object]]:
    paths = document()["paths"]
    assert isinstance(paths, dict)
    return list(paths.values())
