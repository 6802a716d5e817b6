"""The running product with the demo's specialist at work in it."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp

from evidence.records import Json
from server.config import load_settings
from server.processes import ProcessLock
from tests.http.house import Visitor, listed
from tests.parts.product import Product, product
from tests.parts.sockets import Line


class TimedLine(Line):
    """A page that notes when it heard each entry, in seconds of the monotonic clock."""

    def __init__(self, url: str, cookie: str, validation_id: str) -> None:
        super().__init__(url, cookie, validation_id)
        self.heard_at: dict[int, float] = {}
        self.client.on("entries", self._note)

    def _note(self, message: dict[str, Json]) -> None:
        now = time.monotonic()
        for entry in listed(message, "entries"):
            self.heard_at.setdefault(int(str(entry["seq"])), now)


@dataclass
class Room:
    """One validation and its pages."""

    validation: str
    pages: list[TimedLine]

    async def close(self) -> None:
        """Hang up."""
        for page in self.pages:
            await page.close()


@dataclass
class Office:
    """The product and its specialist's browser."""

    product: Product
    lead: Visitor
    member: str
    site: str

    def pid(self, kind: str) -> int:
        """Return the number of one of the product's processes."""
        holder = ProcessLock(load_settings(self.product.environment).runtime, kind).holder()
        if holder is None:
            raise LookupError(kind)
        return holder.pid

    async def open_validation(self) -> tuple[str, str]:
        """Open a validation and return its id and its number."""
        wish = {"member_id": self.member, "site_id": self.site, "method": "virtual"}
        made = await self.lead.made("/validations", wish)
        return str(made["id"]), str(made["number"])

    async def open_room(self, pages: int) -> Room:
        """Open a validation and so many pages of it."""
        validation, _ = await self.open_validation()
        room = Room(validation, [])
        cookie = f"sightline_login={self.lead.cookie('sightline_login')}"
        for _ in range(pages):
            page = TimedLine(self.product.origin, cookie, room.validation)
            await page.connect()
            await page.subscribe()
            room.pages.append(page)
        return room


@asynccontextmanager
async def working_office() -> AsyncIterator[Office]:
    """Run the product and sign its specialist in."""
    with product() as found:
        async with AsyncExitStack() as stack:
            jar = aiohttp.CookieJar(unsafe=True)
            lead = Visitor(await stack.enter_async_context(aiohttp.ClientSession(found.origin, cookie_jar=jar)))
            await lead.made("/login/link", {"token": found.link("Ruth Delgado").partition("#")[2]})
            member = listed(await lead.seen("/members"))[0]
            detail = await lead.seen(f"/members/{member['id']}")
            yield Office(found, lead, str(member["id"]), str(listed(detail, "sites")[0]["id"]))
