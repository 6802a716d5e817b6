"""A walk over the running product whose people insist: what fails is asked again until it is acknowledged."""

import asyncio
import hashlib
import io
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import uuid4

import aiohttp
from PIL import Image

from evidence.records import Json
from tests.faults.killing import Victim
from tests.http.house import Visitor, listed
from tests.media.peers import MovingPicture, PublishingPeer
from tests.parts import tus
from tests.waiting import wait_until

Got = TypeVar("Got")
LOST = (aiohttp.ClientError, OSError, TimeoutError)
"""What a request raises whose server died."""
AWAY = frozenset({502, 503, 504})
CHUNK_BYTES = 48 * 1024
INSIST_S = 150.0


async def insisted(ask: Callable[[], Awaitable[Got]], status: Callable[[Got], int]) -> Got:
    """Return the first answer that came from a server with all its parts; a bug's 500 fails the test."""

    async def answered() -> list[Got]:
        try:
            answer = await ask()
        except LOST:
            return []
        assert status(answer) != 500, answer
        return [] if status(answer) in AWAY else [answer]

    return (await wait_until(answered, within_s=INSIST_S))[0]


@dataclass
class Walk:
    """The lead answers, the phone uploads and sends its picture, all at once, until `over`."""

    victim: Victim
    lead: Visitor
    phone: Visitor
    chance: random.Random
    validation: str = ""
    session: str = ""
    steps: int = 0
    over: bool = False
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)

    async def command(self, visitor: Visitor, kind: str, /, **fields: Json) -> None:
        """Send a command, again with the same id, until it is acknowledged."""
        body = {"type": kind, "command_id": str(uuid4())} | fields
        path = f"/validations/{self.validation}/commands"
        status, answer = await insisted(lambda: visitor.post(path, body), lambda got: got[0])
        assert status == 200, answer
        self.steps += 1

    async def in_session(self, visitor: Visitor, kind: str, /, **fields: Json) -> None:
        """Do as `command`, about the session."""
        await self.command(visitor, kind, validation_session_id=self.session, **fields)

    async def snapshot(self) -> dict[str, Json]:
        """Return the case as the lead sees it."""
        return await self.lead.seen(f"/validations/{self.validation}/snapshot")

    async def stated(self, tag: str) -> list[dict[str, Json]]:
        """Return the data of every entry with the tag."""
        rows: list[dict[str, Json]] = []
        while True:
            page = listed(
                await self.lead.seen(f"/validations/{self.validation}/entries?after={len(rows) - 1}&limit=500")
            )
            rows += page
            if not page:
                return [data for row in rows if row["tag"] == tag and isinstance(data := row["data"], dict)]

    async def answer_on(self) -> None:
        """Answer criteria at random."""
        criteria = listed(await self.lead.seen(f"/validations/{self.validation}/criteria"))
        names = [str(row["id"]) for row in criteria]
        known = (await self.snapshot())["answers"]
        assert isinstance(known, dict)
        versions = {name: int(str(row["version"])) for name, row in known.items() if isinstance(row, dict)}
        while not self.over:
            name, note = self.chance.choice(names), str(uuid4())
            base = versions.get(name, 0)
            told: dict[str, Json] = {"verdict": "met", "method": "live", "note": note, "base_version": base}
            await self.command(self.lead, "answer.record", criterion_id=name, **told)
            versions[name] = base + 1
            self.answers[name] = (base + 1, note)

    async def upload_on(self) -> None:
        """Upload photographs one after the other."""
        while not self.over:
            content = await asyncio.to_thread(_noise, self.chance.randrange(2**32))
            created = await insisted(lambda: tus.create(self.phone, self.validation, content), lambda got: got.status)  # noqa: B023
            assert created.status == 201, created.problem
            item = await self._send(created.headers["Location"], content)
            self.items[item] = hashlib.sha256(content).hexdigest()

    async def _send(self, location: str, content: bytes) -> str:
        while True:
            told = await insisted(lambda: tus.head(self.phone, location), lambda got: got.status)
            try:
                return await self._send_rest(location, content, told)
            except LOST:
                continue

    async def _send_rest(self, location: str, content: bytes, told: tus.Told) -> str:
        while "Sightline-Item" not in told.headers:
            assert told.status in {200, 204}, told.problem
            at = told.offset
            told = await tus.patch(self.phone, location, content[at : at + CHUNK_BYTES], offset=at)
            self.steps += 1
        return told.item

    async def publish_on(self) -> None:
        """Send the phone's picture; when the media process was killed, begin anew as a page does."""
        while not self.over:
            peer = PublishingPeer(MovingPicture())
            try:
                killed = self.victim.kills.count("media")
                self.sources.append(await self._publish(peer))
                await wait_until(lambda: self.over or self.victim.kills.count("media") > killed, within_s=3600)  # noqa: B023
            except LOST:
                continue
            finally:
                await peer.pc.close()

    async def _publish(self, peer: PublishingPeer) -> str:
        offer, path = await peer.offer(), f"/api/whip/{self.session}?kind=camera"
        headers = {"Content-Type": "application/sdp", "Sec-Fetch-Site": "same-origin"}
        async with self.phone.client.post(path, data=io.BytesIO(offer.encode()), headers=headers) as response:
            text = await response.text()
            if response.status in AWAY:
                raise ConnectionError(text)
            assert response.status == 201, text
            await peer.accept(text)
        self.steps += 1
        return response.headers["Location"].rpartition("/")[2]


def _noise(seed: int) -> bytes:
    """Return a photograph like no other, about 300 kB."""
    written = io.BytesIO()
    Image.frombytes("RGB", (480, 480), random.Random(seed).randbytes(480 * 480 * 3)).save(written, "JPEG", quality=85)
    return written.getvalue()


@asynccontextmanager
async def walking(found: Victim, chance: random.Random) -> AsyncIterator[Walk]:
    """Let lead and phone be in the live session of the demo."""
    async with AsyncExitStack() as stack:
        lead, phone = [await _browser(stack, found.product.origin) for _ in range(2)]
        walk = Walk(found, lead, phone, chance)
        await lead.made("/login/link", {"token": found.product.link("Ruth Delgado").partition("#")[2]})
        await phone.made("/join", {"token": found.product.link("Mateo Rangel").partition("#")[2]})
        me = await phone.seen("/me")
        walk.validation, walk.session = str(me["validation_id"]), str(me["validation_session_id"])
        for visitor in (lead, phone):
            await walk.in_session(visitor, "consent.give", recording=True, language="en", text_id="consent-1")
            told: dict[str, Json] = {"camera": True, "microphone": True, "user_agent_label": "Chromium 140"}
            await walk.in_session(visitor, "lobby.enter", **told)
        await walk.in_session(lead, "session.start")
        await walk.in_session(lead, "participant.admit", participant_id=str(me["participant_id"]))
        yield walk


async def _browser(stack: AsyncExitStack, origin: str) -> Visitor:
    client = aiohttp.ClientSession(
        origin, cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=aiohttp.ClientTimeout(total=20)
    )
    return Visitor(await stack.enter_async_context(client))
