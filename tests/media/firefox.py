"""Firefox ESR over WebDriver BiDi: as much of it as a page that publishes, watches and plays needs.

A page on loopback that opens no camera is given the address of the default route alone, and that one is never paired
with a loopback address. So media are not on loopback where Firefox watches them, but in a network of the test's own.
"""

import asyncio
import itertools
import json
import re
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from evidence.records import Json
from tests.parts.networks import Network
from tests.parts.running import program
from tests.waiting import wait_until

PREFS: dict[str, Json] = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "media.autoplay.default": 0,
}
PRESS = """(words) => {
  const all = [...document.querySelectorAll("button:not(:disabled), label")];
  const found = all.find((one) => one.innerText.includes(words));
  found?.click();
  return found !== undefined;
}"""
READS = "(w) => document.body.innerText.includes(w) || document.querySelector(`[aria-label='${w}']`) !== null"
STARTS_WITHIN_S = 60
ANSWERS_WITHIN_S = 40
"""The longest call that a test makes of a page plays a lane of ten seconds."""


class Firefox:
    """A running Firefox."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse) -> None:
        self._line = line
        self._numbers = itertools.count(1)

    async def ask(self, method: str, **params: Json) -> dict[str, Json]:
        """Send a command and return its result; events are passed over. One command at a time."""
        number = next(self._numbers)
        await self._line.send_json({"id": number, "method": method, "params": params})
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            while True:
                told: dict[str, Json] = await self._line.receive_json()
                if told.get("id") == number:
                    assert told["type"] == "success", told
                    result = told["result"]
                    assert isinstance(result, dict)
                    return result

    async def open_page(self, url: str) -> "Tab":
        """Open a page in a tab of its own."""
        made = await self.ask("browsingContext.create", type="tab")
        await self.ask("browsingContext.navigate", context=made["context"], url=url, wait="complete")
        return Tab(self, str(made["context"]))


class Tab:
    """One page."""

    def __init__(self, firefox: Firefox, context: str) -> None:
        self._firefox = firefox
        self._context = context

    async def call(self, function: str, *given: Json) -> Json:
        """Call a function of the page, and return what it resolves to; both ways by JSON."""
        told = await self._firefox.ask(
            "script.callFunction",
            functionDeclaration=f"async (given) => JSON.stringify((await ({function})(...JSON.parse(given))) ?? null)",
            arguments=[{"type": "string", "value": json.dumps(given)}],
            target={"context": self._context},
            awaitPromise=True,
        )
        assert told["type"] == "success", told
        result = told["result"]
        assert isinstance(result, dict)
        value: Json = json.loads(str(result["value"]))
        return value

    async def call_list(self, function: str, *given: Json) -> list[Json]:
        """Do as `call` with a function that returns an array."""
        value = await self.call(function, *given)
        assert isinstance(value, list)
        return value

    async def press(self, words: str) -> None:
        """Press the button or choice with these words as soon as there is one."""
        await wait_until(lambda: self.call(PRESS, words), within_s=ANSWERS_WITHIN_S)

    async def reads(self, words: str) -> None:
        """Wait until the page says so, in what is read or in a label."""
        try:
            await wait_until(lambda: self.call(READS, words), within_s=ANSWERS_WITHIN_S)
        except AssertionError as error:
            raise AssertionError(await self.call("() => document.body.innerText")) from error

    async def resize(self, width: int, height: int) -> None:
        """Give the page another size, in CSS pixels."""
        await self._firefox.ask(
            "browsingContext.setViewport", context=self._context, viewport={"width": width, "height": height}
        )

    async def show(self) -> None:
        """Bring the tab to the front: only there are frames drawn."""
        await self._firefox.ask("browsingContext.activate", context=self._context)


@asynccontextmanager
async def firefox(*, inside: Network | None = None) -> AsyncIterator[Firefox]:
    """Run Debian's Firefox ESR until the block ends. Args: inside: the network it is to be in."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        lines = (f'user_pref("{name}", {json.dumps(value)});' for name, value in PREFS.items())
        (Path(folder) / "user.js").write_text("\n".join(lines))
        words = [program("firefox-esr"), "--headless", "--no-remote", "--profile", folder]
        command = [*words, "--remote-debugging-port", "0"]
        process = await asyncio.create_subprocess_exec(
            *(command if inside is None else inside.command(*command)), stderr=asyncio.subprocess.PIPE
        )
        try:
            url = await asyncio.wait_for(_listening(process), STARTS_WITHIN_S)
            calling = None if inside is None else await asyncio.to_thread(inside.calling_socket)
            async with _client(calling) as client, client.ws_connect(f"{url}/session", max_msg_size=0) as line:
                running = Firefox(line)
                await running.ask("session.new", capabilities={})
                yield running
        finally:
            process.kill()
            await process.communicate()


def _client(calling: socket.socket | None) -> aiohttp.ClientSession:
    if calling is None:
        return aiohttp.ClientSession()
    calling.settimeout(0)
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(socket_factory=lambda _: calling))


async def _listening(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async for line in process.stderr:
        found = re.search(rb"WebDriver BiDi listening on (ws://\S+)", line)
        if found:
            return found[1].decode()
    raise AssertionError("Firefox ended before it listened")
