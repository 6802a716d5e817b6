"""WebKitGTK over WebDriver, on a screen that nobody sees. It plays files; Debian builds it without WebRTC."""

import asyncio
import json
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from selenium.webdriver import WebKitGTK
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from evidence.records import Json
from tests.parts.running import program, stop

ANSWERS_WITHIN_S = 40
BROWSERS = Path("/usr/lib")
CALL = """
const [given, done] = arguments;
const call = async () => (await ({function})(...JSON.parse(given))) ?? null;
call().then((value) => done(JSON.stringify([true, value])), (error) => done(JSON.stringify([false, `${error}`])));
"""


class Window:
    """A window of a running WebKitGTK. Its driver blocks, so each call runs in a thread."""

    def __init__(self, driver: WebKitGTK) -> None:
        self._driver = driver

    async def open(self, url: str) -> None:
        """Go to a page."""
        await asyncio.to_thread(self._driver.get, url)

    async def call(self, function: str, *given: Json) -> Json:
        """Call a function of the page, and return what it resolves to; both ways by JSON."""
        script = CALL.replace("{function}", function)
        is_well, value = json.loads(
            await asyncio.to_thread(self._driver.execute_async_script, script, json.dumps(given))
        )
        assert is_well, value
        told: Json = value
        return told


@asynccontextmanager
async def webkit() -> AsyncIterator[Window]:
    """Run Debian's WebKitGTK until the block ends."""
    with _screen() as display:
        driver = await asyncio.to_thread(_start, display)
        try:
            yield Window(driver)
        finally:
            await asyncio.to_thread(driver.quit)


def _start(display: str) -> WebKitGTK:
    options = Options()
    options.binary_location = str(next(BROWSERS.glob("*/webkit2gtk-4.1/MiniBrowser")))
    for argument in ("--automation", "--autoplay-policy=allow"):
        options.add_argument(argument)
    driver = WebKitGTK(options, Service(program("WebKitWebDriver"), env={**os.environ, "DISPLAY": display}))
    driver.set_script_timeout(ANSWERS_WITHIN_S)
    return driver


@contextmanager
def _screen() -> Iterator[str]:
    command = [program("Xvfb"), "-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert server.stdout is not None
    with server.stdout:
        try:
            yield f":{server.stdout.readline().decode().strip()}"
        finally:
            stop(server)
