"""The whole API as it is served, on a real database and a folder, with a worker and a media process beside it."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from aiohttp import web

from evidence.objects.local import LocalStore
from evidence.records import Json
from server.app import build_app
from server.clock import system_clock
from server.config import Settings, prepare_folders
from server.jobs.worker import JobHandler, take_turn
from server.jobs.working import job_handlers, worker_custodian, worker_signer
from server.media.worker import MediaSettings, serving_media
from server.services import Services
from server.wiring import open_services
from tests.http.house import Answer, House, SetClock, Visitor, invited, open_case, settle_in
from tests.media.room import media_process
from tests.parts.networks import MEDIA, Network
from tests.parts.running import LOOPBACK, free_port
from tests.parts.sockets import Line
from tests.waiting import wait_until

MONTERREY = ZoneInfo("America/Monterrey")


class ShiftedClock(SetClock):
    """The real time, which the media process has too, and what a test adds to it."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """Return the real time and what was added."""
        return system_clock() + self._ahead

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self._ahead += by


@dataclass
class Site(House):
    """A running Sightline: the people of `settle_in`, their sockets, and the work that waits."""

    handlers: dict[str, JobHandler] = field(default_factory=dict)
    app_stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    crashes: list[str] = field(default_factory=list)
    runner: web.AppRunner | None = None

    @property
    def validation(self) -> str:
        """The path of the validation that `open_case` opened."""
        return f"/validations/{self.ids['validation']}"

    async def command(self, name: str, kind: str, /, **fields: Json) -> Answer:
        """Send a command of a person over HTTP; `command_id` is made when it is not given."""
        body = {"type": kind, "command_id": str(uuid4())} | fields
        return await self.people[name].post(f"{self.validation}/commands", body)

    async def obeyed(self, name: str, kind: str, /, **fields: Json) -> int:
        """Send a command that must be carried out, and return the seq it was acknowledged with."""
        status, answer = await self.command(name, kind, **fields)
        assert status == 200, answer
        return int(str(answer["seq"]))

    async def in_session(self, name: str, kind: str, /, **fields: Json) -> int:
        """Do as `obeyed` with the session that `open_case` planned."""
        return await self.obeyed(name, kind, validation_session_id=self.ids["session"], **fields)

    async def line(self, name: str, url: str | None = None) -> Line:
        """Connect a person's socket, to this API or the one at `url`."""
        token = self.people[name].cookie("sightline_login")
        line = Line(url or self.url, f"sightline_login={token}", self.ids["validation"])
        self._stack.push_async_callback(line.close)
        await line.connect()
        return line

    async def entries(self, name: str = "lead") -> list[dict[str, Json]]:
        """Return the entries of the case as a person reads them over HTTP."""
        answer = await self.people[name].seen(f"{self.validation}/entries?limit=1000")
        rows = answer["items"]
        assert isinstance(rows, list)
        return [row for row in rows if isinstance(row, dict)]

    async def stated(self, tag: str, /, **fields: Json) -> list[dict[str, Json]]:
        """Return the data of every entry with the tag whose data has these fields."""
        found = [row["data"] for row in await self.entries() if row["tag"] == tag]
        return [data for data in found if isinstance(data, dict) and fields.items() <= data.items()]

    async def work(self) -> int:
        """Do every job that is due and return how many that were."""
        done = 0
        while await take_turn(self.services, self.handlers):
            done += 1
        return done

    async def worked_until(self, tag: str, /, *, within_s: float = 30, **fields: Json) -> dict[str, Json]:
        """Work until the log has an entry with the tag and these fields; return its data."""

        async def seen() -> list[dict[str, Json]]:
            await self.work()
            return await self.stated(tag, **fields)

        return (await wait_until(seen, within_s=within_s))[0]

    async def join(self) -> Visitor:
        """Let the guest open the join link on a phone."""
        phone = await self.browser()
        status, answer = await phone.post("/join", {"token": await invited(self)})
        assert status == 200, answer
        self.people["phone"] = phone
        return phone

    async def arrive(self, name: str, *, recording: bool = True) -> None:
        """Let a person consent and come to the door."""
        await self.in_session(name, "consent.give", recording=recording, language="en", text_id="consent-1")
        await self.in_session(name, "lobby.enter", camera=True, microphone=True, user_agent_label="Chromium 140")

    async def go_live(self) -> None:
        """Start the session with the lead and the guest's phone in the room."""
        await self.join()
        await self.in_session("lead", "session.start")
        await self.arrive("lead")
        await self.arrive("phone")
        await self.in_session("lead", "participant.admit", participant_id=self.ids["guest"])

    def on_close(self, close: Callable[[], Awaitable[None]]) -> None:
        """Have this done when the site closes, before the API ends."""
        self._stack.push_async_callback(close)

    async def stop_api(self) -> None:
        """End the API as a signal does; services and media stay."""
        await self.app_stack.aclose()

    async def start_api(self) -> None:
        """Serve the API on the same port."""
        self.app_stack = AsyncExitStack()
        self.runner = await self.app_stack.enter_async_context(_served(self.services, self.crashes))

    async def answer_at(self, line: socket.socket) -> None:
        """Serve the API at this socket too, which listens in another network."""
        assert self.runner is not None
        await web.SockSite(self.runner, line).start()

    @asynccontextmanager
    async def another_api(self) -> AsyncIterator[str]:
        """Run a second API on the same parts until the block ends, and give its address."""
        settings = self.services.settings.model_copy(update={"port": free_port()})
        async with open_services(settings, self.clock) as services, _served(services, self.crashes):
            yield f"http://{LOOPBACK}:{settings.port}"


@asynccontextmanager
async def _served(services: Services, crashes: list[str]) -> AsyncIterator[web.AppRunner]:
    app = build_app(services, crashed=lambda: crashes.append("crashed"))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
    try:
        await runner.setup()
        await web.TCPSite(runner, LOOPBACK, services.settings.port, reuse_address=True).start()
        yield runner
    finally:
        await runner.cleanup()


async def open_handlers(services: Services) -> dict[str, JobHandler]:
    """Return what the worker can do, with the deployment's signing key."""
    return dict(job_handlers(await worker_signer(services), worker_custodian(services)))


@asynccontextmanager
async def open_site(database_url: str, folder: Path, **settings: object) -> AsyncIterator[Site]:
    """Serve Sightline on loopback until the block ends, with a case opened by `open_case` that starts in an hour."""
    wanted = {"data": folder / "data", "port": free_port(), "database_url": database_url, "demo": False}
    read = Settings.model_validate(wanted | settings)
    await asyncio.to_thread(prepare_folders, read)
    clock = ShiftedClock()
    async with AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, read.runtime)
        services = await stack.enter_async_context(open_services(read, clock))
        site = Site(services, clock, f"http://{LOOPBACK}:{read.port}", stack)
        site.handlers = await open_handlers(services)
        stack.push_async_callback(site.stop_api)
        await site.start_api()
        await settle_in(site)
        starts = (clock() + timedelta(hours=1)).astimezone(MONTERREY)
        await open_case(site, starts_at_local=starts.strftime("%Y-%m-%dT%H:%M"))
        yield site
        assert site.crashes == []


@asynccontextmanager
async def media_beside(site: Site) -> AsyncIterator[None]:
    """Run the site's media process in this loop until the block ends."""
    settings = site.services.settings
    where = MediaSettings(
        root=settings.root,
        socket_path=settings.runtime / f"{settings.media_name}.sock",
        name=settings.media_name,
        addresses=(LOOPBACK,),
    )
    objects = LocalStore(settings.root / "objects", executor=site.services.store)
    async with serving_media(where, objects):
        yield


@asynccontextmanager
async def media_apart(site: Site, *, inside: Network | None = None) -> AsyncIterator[None]:
    """Run a media process apart until the block ends: browsers answer from addresses that the suite's guard refuses.

    Args: inside: the network that media and API are to be in.
    """
    settings = site.services.settings
    where = MediaSettings(
        root=settings.root,
        socket_path=settings.runtime / f"{settings.media_name}.sock",
        name=settings.media_name,
        addresses=(LOOPBACK if inside is None else MEDIA,),
    )
    if inside is not None:
        await site.answer_at(await asyncio.to_thread(inside.listening_socket, settings.port))
    async with media_process(where, site.services.media.controls[where.name], inside=inside):
        yield
        await site.stop_api()
