"""Lines of a page that a test makes bad: they run on a loop of their own, beside the browser's driver."""

import asyncio
import re
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TypeVar

from playwright.sync_api import Page, Route

from tests.media.line import Line
from tests.parts.running import LOOPBACK
from tests.waiting import let_pass

CANDIDATE = re.compile(rf"(a=candidate:\d+ 1 udp \d+ {re.escape(LOOPBACK)}) (\d+)")
Given = TypeVar("Given")


class Detours:
    """What a page sends by WHIP goes over lines that can be made narrow."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lines: list[Line] = []
        self._kbps = 0.0

    def lead(self, page: Page) -> None:
        """Lead over them what the page publishes from now on."""
        page.route("**/api/whip/**", self._answer)

    def narrow(self, kbps: float) -> None:
        """Let so much through out of the page; 0 is without limit."""
        self._kbps = kbps
        for line in self._lines:
            line.up.kbps = kbps

    def close(self) -> None:
        """Free the ports."""
        self._await(self._close())

    def _answer(self, route: Route) -> None:
        reply = route.fetch()
        found = CANDIDATE.search(reply.text())
        if found is None:
            route.fulfill(response=reply)
            return
        port = int(found[2])
        line = next((one for one in self._lines if one.target[1] == port), None)
        if line is None or route.request.method == "POST":
            line = Line((LOOPBACK, port))
            line.up.kbps = self._kbps
            self._await(line.open())
            self._lines.append(line)
        route.fulfill(response=reply, body=CANDIDATE.sub(rf"\1 {line.port}", reply.text()))

    async def _close(self) -> None:
        for line in self._lines:
            line.close()
        await let_pass(0)  # the loop closes the sockets in its next turn

    def _await(self, work: Coroutine[object, object, Given]) -> Given:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


@contextmanager
def detours() -> Iterator[Detours]:
    """Give lines until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    found = Detours(loop)
    try:
        yield found
    finally:
        found.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
