"""The demo validation in a database of the test's own, and the people in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from evidence.ids import DEPLOYMENT_LOG, SourceId, case_log, uuid7
from evidence.ledger.events import Entry
from evidence.ledger.rules import Audience
from evidence.ledger.store import read_entries
from server.db import Database
from sessions.actions import perform
from sessions.commands import COMMAND
from sessions.ids import ValidationSessionId
from sessions.roster.access import Access, access_validation
from sessions.roster.records import Account
from sessions.seed import Seeded, seed
from sessions.state import CaseState, fold
from sessions.tour.actions import open_source
from sessions.tour.rules import SourceKind
from sessions.tour.sources import own_feed

IN_A_SESSION = ("session.", "participant.", "consent.", "lobby.", "room.", "privacy.", "tour.", "still.request")
"""Beginnings of the commands that name a session."""


class HandClock:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time it was set to."""
        return self.now

    def forward(self, step: timedelta) -> None:
        """Move it on."""
        self.now += step


class DemoCase:
    """The validation whose session starts now; people are named by the first word of their name, in lower case."""

    def __init__(self, database: Database, clock: HandClock, seeded: Seeded) -> None:
        self.database = database
        self.clock = clock
        self.seeded = seeded
        self.session_id: ValidationSessionId = seeded.validation_session.id
        self.accounts = {account.name.split()[0].lower(): account for account in seeded.accounts}

    def account(self, name: str) -> Account:
        """Return the account of a person of the demo."""
        return self.accounts[name]

    async def access(self, name: str) -> Access:
        """Return what a person is in the validation; `mateo` comes by link."""
        async with self.database.read() as tx:
            if name == "mateo":
                guide = self.seeded.guide.id
                return await access_validation(tx, validation_id=self.seeded.validation.id, participant_id=guide)
            account_id = self.accounts[name].id
            return await access_validation(tx, validation_id=self.seeded.validation.id, account_id=account_id)

    async def say(self, name: str, command_type: str, /, **fields: object) -> None:
        """Carry out a command of a person; `validation_session_id` is filled in where the command has one."""
        told: dict[str, object] = {"type": command_type, "command_id": uuid4(), **fields}
        if command_type.startswith(IN_A_SESSION):
            told.setdefault("validation_session_id", self.session_id)
        access = await self.access(name)
        async with self.database.write() as tx:
            await perform(tx, access, COMMAND.validate_python(told))

    async def answer(self, criterion_id: str, verdict: str, *, base_version: int = 0, **fields: object) -> None:
        """Let the lead answer a criterion."""
        said: dict[str, object] = {"method": "live", "note": "What was seen.", **fields}
        await self.say(
            "ruth", "answer.record", criterion_id=criterion_id, verdict=verdict, base_version=base_version, **said
        )

    async def enter(self, name: str, *, recording: bool = True, codecs: tuple[str, ...] | None = None) -> None:
        """Let a person consent and come to the door. Args: codecs: what the browser was measured to send and show."""
        await self.say(name, "consent.give", recording=recording, language="en", text_id="consent-1")
        devices: dict[str, object] = {"camera": True, "microphone": True, "user_agent_label": "Chromium"}
        await self.say(name, "lobby.enter", **devices, decodes=codecs, encodes=codecs)

    async def go_live(self) -> None:
        """Start the session with the lead and the guide in the room."""
        await self.enter("ruth")
        await self.say("ruth", "session.start")
        await self.enter("mateo")
        await self.say("ruth", "participant.admit", participant_id=self.seeded.guide.id)

    async def send(self, name: str, kind: SourceKind = SourceKind.CAMERA) -> tuple[SourceId, bool]:
        """Open a source of a person; returns its id and whether it is recorded."""
        access, source_id = await self.access(name), SourceId(uuid7())
        async with self.database.write() as tx:
            return source_id, await open_source(tx, access, self.session_id, source_id, own_feed(kind))

    async def entries(self, audience: Audience = Audience.GOVERNMENT) -> tuple[Entry, ...]:
        """Return the entries of the validation as an audience reads them."""
        log_id = case_log(self.seeded.validation.id)
        async with self.database.read() as tx:
            return tuple(await read_entries(tx, log_id, after=-1, limit=10_000, audience=audience))

    async def state(self, audience: Audience = Audience.GOVERNMENT) -> CaseState:
        """Return the fold of those entries."""
        return fold(await self.entries(audience))

    async def tags(self) -> list[str]:
        """Return the tags of the validation's entries."""
        return [entry.tag or "" for entry in await self.entries()]

    async def deployment_tags(self) -> list[str]:
        """Return the tags of the deployment log."""
        async with self.database.read() as tx:
            found = await read_entries(tx, DEPLOYMENT_LOG, after=-1, limit=10_000, audience=Audience.GOVERNMENT)
        return [entry.tag or "" for entry in found]


def some_id() -> UUID:
    """Return the id of a thing to be."""
    return uuid7()


@asynccontextmanager
async def demo_case(database_url: str) -> AsyncIterator[DemoCase]:
    """Give the demo validation in the empty database at `database_url`."""
    clock = HandClock()
    database = Database(database_url, clock)
    try:
        async with database.write() as tx:
            seeded = await seed(tx)
        yield DemoCase(database, clock, seeded)
    finally:
        await database.close()
