"""A running API over a real database, and the people of two member companies who use it through browsers."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

import aiohttp
from aiohttp import web
from argon2 import PasswordHasher
from yarl import URL

from evidence.ids import uuid7
from evidence.ledger.transaction import Transaction
from evidence.records import Json
from server.app import document
from server.auth.logins import Browser, open_login
from server.auth.store import set_password_hash
from server.config import Settings, prepare_folders
from server.http import accounts, criteria, invitations, join, login, members, schedule, validations
from server.http.problems import BUG, problems_middleware
from server.http.routing import Operation, add_operations
from server.http.security import add_security
from server.jobs.mail import send_mail
from server.jobs.worker import take_turn
from server.services import SERVICES, Services
from server.wiring import open_services
from sessions.criteria.rules import EntityType
from sessions.ids import AccountId, MemberId
from sessions.roster import actions
from sessions.roster import store as roster
from sessions.roster.records import Account
from sessions.roster.rules import OfficeRole, side_of

PASSWORD = "a long walk to gate 2"
OPERATIONS: tuple[Operation, ...] = (
    *login.OPERATIONS,
    *accounts.OPERATIONS,
    *members.OPERATIONS,
    *validations.OPERATIONS,
    *schedule.OPERATIONS,
    *invitations.OPERATIONS,
    *join.OPERATIONS,
    *criteria.OPERATIONS,
)
Answer = tuple[int, dict[str, Json]]


def listed(answer: dict[str, Json], name: str = "items") -> list[dict[str, Json]]:
    """Return the records of a list in an answer."""
    rows = answer[name]
    assert isinstance(rows, list)
    assert all(isinstance(row, dict) for row in rows)
    return [row for row in rows if isinstance(row, dict)]


@cache
def _refusals() -> tuple[tuple[re.Pattern[str], frozenset[Json]], ...]:
    """Return a pattern of method and path for each operation of the document, and the codes it may refuse with."""
    found: list[tuple[re.Pattern[str], frozenset[Json]]] = []
    paths = document()["paths"]
    assert isinstance(paths, dict)
    for path, operations in paths.items():
        for method, operation in operations.items():
            place = re.sub(r"\\{[a-z_]+\\}", "[^/]+", re.escape(f"{method.upper()} {path}"))
            found.append((re.compile(rf"{place}(\?.*)?"), frozenset(operation["x-problems"])))
    return tuple(found)


def is_documented(method: str, path: str, code: Json) -> bool:
    """Say whether the document names the code of this refusal, or of a bug, which any operation may have.

    Of paths that are no operation it says nothing.
    """
    named = [codes for place, codes in _refusals() if place.fullmatch(f"{method} {path}")]
    return not named or code == BUG or any(code in codes for codes in named)


class SetClock:
    """A clock that a test moves. It begins on Tuesday 24 November 2026, 12:00 UTC."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the moment that was set."""
        return self.now

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by


class Visitor:
    """One browser: its cookies and its requests."""

    def __init__(self, client: aiohttp.ClientSession) -> None:
        self.client = client

    async def ask(
        self, method: str, path: str, body: object = None, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request under `/api` and return status and body; an empty body is an empty object."""
        given = {"Sec-Fetch-Site": "same-origin"} | dict(headers or {})
        async with self.client.request(method, f"/api{path}", headers=given, json=body) as response:
            content = await response.read()
        answer = json.loads(content) if content else {}
        assert response.status < 400 or is_documented(method, f"/api{path}", answer["code"]), (method, path, answer)
        return response.status, answer

    async def get(self, path: str) -> Answer:
        """Read."""
        return await self.ask("GET", path)

    async def post(self, path: str, body: object) -> Answer:
        """Write."""
        return await self.ask("POST", path, body)

    async def made(self, path: str, body: object) -> dict[str, Json]:
        """Write, and return what was made; anything but success fails the test."""
        status, answer = await self.post(path, body)
        assert status in {200, 201}, answer
        return answer

    async def seen(self, path: str) -> dict[str, Json]:
        """Read, and return what there is; anything but success fails the test."""
        status, answer = await self.get(path)
        assert status == 200, answer
        return answer

    def cookie(self, name: str, path: str = "/") -> str | None:
        """Return the value of a cookie that would be sent to `path`."""
        sent = self.client.cookie_jar.filter_cookies(URL(str(self.client._base_url)).with_path(path))  # noqa: SLF001
        return sent[name].value if name in sent else None


@dataclass
class House:
    """The API under test and what a test needs around it."""

    services: Services
    clock: SetClock
    url: str
    _stack: AsyncExitStack
    ids: dict[str, str] = field(default_factory=dict)
    people: dict[str, Visitor] = field(default_factory=dict)

    async def browser(self, **headers: str) -> Visitor:
        """Open a browser with no cookies."""
        jar = aiohttp.CookieJar(unsafe=True)
        client = aiohttp.ClientSession(self.url, cookie_jar=jar, headers=headers)
        return Visitor(await self._stack.enter_async_context(client))

    async def send_mails(self) -> list[Path]:
        """Empty the outbox into the data folder; return its files, the oldest first."""
        while await take_turn(self.services, {"send_mail": send_mail}):
            pass
        return sorted((self.services.settings.root / "outbox").glob("*.eml"))


@asynccontextmanager
async def open_house(database_url: str, folder: Path, **settings: object) -> AsyncIterator[House]:
    """Run the API on a port of the loopback until the block ends."""
    read = Settings.model_validate({"data": folder / "data", "database_url": database_url, **settings})
    await asyncio.to_thread(prepare_folders, read)
    clock = SetClock()
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(open_services(read, clock))
        app = web.Application(middlewares=[problems_middleware])
        app[SERVICES] = services
        add_security(app)
        add_operations(app, OPERATIONS)
        runner = web.AppRunner(app, access_log=None)
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        yield House(services, clock, f"http://127.0.0.1:{port}", stack)


OFFICES = {
    "supervisor": OfficeRole.SUPERVISOR,
    "lead": OfficeRole.SCSS,
    "second": OfficeRole.SCSS,
    "reviewer": OfficeRole.REVIEWER,
    "operator": OfficeRole.OPERATOR,
    "contact": OfficeRole.MEMBER,
    "stranger": OfficeRole.MEMBER,
}


@cache
def password_hash() -> str:
    """Return the hash of the supervisor's password; made once, for it is slow by design."""
    return PasswordHasher().hash(PASSWORD)


async def settle_in(house: House) -> None:
    """Let everybody be there and signed in: one transaction, for these are the facts that all tests begin with.

    People: supervisor (the only one with a password), lead, second, reviewer, operator, contact (account of the
    member), stranger (account of another member). Ids: theirs, and member, site, person (a contact without account),
    other_member, other_site, other_person.
    """
    tokens: dict[str, str] = {}
    async with house.services.database.write() as tx:
        supervisor = account_record("supervisor")
        await roster.insert_account(tx, supervisor)
        await add_company(house, tx, supervisor, prefix="", name="Acero del Norte", zone="America/Monterrey")
        await add_company(house, tx, supervisor, prefix="other_", name="Harbor Freight", zone="America/New_York")
        companies = {"contact": house.ids["member"], "stranger": house.ids["other_member"]}
        for name in OFFICES:
            account = supervisor if name == "supervisor" else account_record(name, companies.get(name))
            if name != "supervisor":
                await roster.insert_account(tx, account)
            house.ids[name] = str(account.id)
            opened = await open_login(tx, Browser("127.0.0.1", name), way="link", account_id=account.id)
            tokens[name] = opened.token
        await set_password_hash(tx, supervisor.id, await asyncio.to_thread(password_hash))
    for name, token in tokens.items():
        house.people[name] = await house.browser()
        house.people[name].client.cookie_jar.update_cookies({"sightline_login": token}, URL(house.url))


def account_record(name: str, member_id: str | None = None) -> Account:
    """Return the account of one of the people; the supervisor's address is of the office."""
    office = OFFICES[name]
    return Account(
        id=AccountId(uuid7()),
        email=f"{name}@office.example",
        name=name.title(),
        office_role=office,
        side=side_of(office),
        member_id=None if member_id is None else MemberId(UUID(member_id)),
        language="en",
    )


async def add_company(house: House, tx: Transaction, by: Account, *, prefix: str, name: str, zone: str) -> None:
    """Make a company known with a site and a contact person; their ids begin with the prefix."""
    member = await actions.create_member(tx, by, name=name, entity_types=[EntityType.FOREIGN_MANUFACTURER])
    site = await actions.add_site(
        tx, by, member.id, name="Plant 1", address="Industrial Avenue 100", country="MX", time_zone=zone
    )
    guard = await actions.add_person(
        tx, by, member.id, name="Ana Ruiz", title="Guard", email="ana@member.example", language="es"
    )
    house.ids |= {f"{prefix}member": str(member.id), f"{prefix}site": str(site.id), f"{prefix}person": str(guard.id)}


def _id(record: Json) -> str:
    assert isinstance(record, dict)
    return str(record["id"])


async def open_case(house: House, *, starts_at_local: str = "2026-11-24T09:00") -> None:
    """Open a validation of the member with its lead, one session in Monterrey, and everybody on the roster.

    Ids: validation, session, guest (participant without account), and `<name>_participant` for second, reviewer and
    contact. 09:00 in Monterrey is 15:00 UTC.
    """
    lead, ids = house.people["lead"], house.ids
    wish = {"member_id": ids["member"], "site_id": ids["site"], "method": "virtual"}
    ids["validation"] = _id(await lead.made("/validations", wish))
    of = f"/validations/{ids['validation']}"
    plan = {"site_id": ids["site"], "starts_at_local": starts_at_local, "duration_min": 120, "recording": True}
    ids["session"] = _id(await lead.made(f"{of}/sessions", plan))
    guest = await lead.made(f"{of}/participants", {"role": "camera_operator", "person_id": ids["person"]})
    ids["guest"] = _id(guest)
    for name, role in (("second", "scss"), ("reviewer", "reviewer"), ("contact", "member_poc")):
        added = await lead.made(f"{of}/participants", {"role": role, "account_id": ids[name]})
        ids[f"{name}_participant"] = _id(added)


async def invited(house: House) -> str:
    """Invite the guest and return the token of the join link."""
    path = f"/validation-sessions/{house.ids['session']}/invitations"
    made = await house.people["lead"].made(path, {"participant_id": house.ids["guest"]})
    invitation, link = made["invitation"], str(made["link"])
    house.ids["invitation"] = _id(invitation)
    return link.partition("#")[2]
