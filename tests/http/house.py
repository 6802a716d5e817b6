"""A running API over a real database, and the people of two member companies who use it through browsers."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from aiohttp import web
from yarl import URL

from evidence.records import Json
from server.auth.accounts import add_first_account
from server.config import Settings, prepare_folders
from server.http import accounts, criteria, invitations, join, login, members, schedule, validations
from server.http.problems import problems_middleware
from server.http.routing import Operation, add_operations
from server.http.security import add_security
from server.jobs.mail import send_mail
from server.jobs.worker import take_turn
from server.services import SERVICES, Services
from server.wiring import open_services
from sessions.roster.rules import OfficeRole

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
        sent = {"json": body} if body is not None else {}
        given = {"Sec-Fetch-Site": "same-origin"} | dict(headers or {})
        async with self.client.request(method, f"/api{path}", headers=given, **sent) as response:
            content = await response.read()
            return response.status, json.loads(content) if content else {}

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

    async def enter(self, link: Json) -> Visitor:
        """Sign in by a single-use link in a new browser."""
        visitor = await self.browser()
        status, answer = await visitor.post("/login/link", {"token": str(link).partition("#")[2]})
        assert status == 200, answer
        return visitor

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


async def settle_in(house: House) -> None:
    """Let a supervisor come by password, and everybody else through the API.

    People: supervisor, lead, second, reviewer, operator, contact (account of the member), stranger (account of another
    member). Ids: member, site, person (a contact without account), other_member, other_site, other_person.
    """
    await add_first_account(
        house.services,
        email="supervisor@office.example",
        name="Sam Visor",
        office_role=OfficeRole.SUPERVISOR,
        password=PASSWORD,
    )
    supervisor = await house.browser()
    signed_in, _ = await supervisor.post("/login", {"email": "supervisor@office.example", "password": PASSWORD})
    assert signed_in == 204
    house.people["supervisor"] = supervisor
    await _add_company(house, "", "Acero del Norte", "America/Monterrey")
    await _add_company(house, "other_", "Harbor Freight Lines", "America/New_York")
    offices = {"lead": "scss", "second": "scss", "reviewer": "reviewer", "operator": "operator"}
    members = {"contact": "member", "stranger": "other_member"}
    for name in (*offices, *members):
        wish = {"email": f"{name}@sightline.example", "name": name.title(), "office_role": offices.get(name, "member")}
        if name in members:
            wish["member_id"] = house.ids[members[name]]
        made = await supervisor.made("/accounts", wish)
        house.ids[name] = _id(made["account"])
        house.people[name] = await house.enter(made["link"])


async def _add_company(house: House, prefix: str, name: str, time_zone: str) -> None:
    by = house.people["supervisor"]
    member = await by.made("/members", {"name": name, "entity_types": ["foreign_manufacturer"]})
    place = {"name": "Plant 1", "address": "Industrial Avenue 100", "country": "MX", "time_zone": time_zone}
    site = await by.made(f"/members/{member['id']}/sites", place)
    guard = {"name": "Ana Ruiz", "title": "Guard", "email": "ana@member.example", "language": "es"}
    person = await by.made(f"/members/{member['id']}/people", guard)
    house.ids |= {f"{prefix}member": _id(member), f"{prefix}site": _id(site), f"{prefix}person": _id(person)}


def _id(record: Json) -> str:
    assert isinstance(record, dict)
    return str(record["id"])
