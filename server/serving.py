"""The processes as the command line starts them: one lock each, then their work until told to stop."""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlsplit

import aiohttp
import segno

from server.app import run_api
from server.config import Settings
from server.demo import demo_links, seed_demo
from server.errors import StartupError
from server.jobs.working import run_work
from server.lan import lan_address, lan_settings
from server.media.worker import MediaSettings, serving_media
from server.migrations import upgrade
from server.processes import ProcessLock
from server.supervisor import Supervisor, child_environment, media_child
from server.surplus import spool_is_needed
from server.version import VERSION
from server.wiring import open_services, open_store

POLL_S = 0.1
LOOK_S = 1.0
"""How often a surplus media process looks whether it is done."""


def _lock(settings: Settings, name: str) -> ProcessLock:
    lock = ProcessLock(settings.runtime, name)
    if not lock.take(VERSION):
        raise StartupError(f"another sightline {name} runs on {settings.root}")
    return lock


async def serve_api(settings: Settings, stop: asyncio.Event) -> None:
    """Run the API until told to stop."""
    lock = _lock(settings, "api")
    await run_api(settings, stop)
    lock.release()


async def serve_work(settings: Settings, stop: asyncio.Event) -> None:
    """Run the worker until told to stop."""
    lock = _lock(settings, "work")
    await run_work(settings, stop)
    lock.release()


async def serve_media(settings: Settings, stop: asyncio.Event, *, number: int = 0) -> None:
    """Run a media process until told to stop.

    Args: number: which one of `media_processes`, from 0; one beyond empties the spool that it once had, and ends.
    """
    lock = _lock(settings, media_child(number))
    name = settings.media_name_of(number)
    is_surplus = number >= settings.media_processes
    where = MediaSettings(
        root=settings.root,
        socket_path=settings.runtime / f"{name}.sock",
        name=name,
        addresses=settings.media_hosts,
        port=settings.media_port + number if settings.media_port and not is_surplus else 0,
    )
    with ThreadPoolExecutor(4, "store") as executor:
        async with serving_media(where, open_store(settings, executor)):
            if is_surplus:
                await _until_empty(settings, name, stop)
            else:
                await stop.wait()
    lock.release()


async def _until_empty(settings: Settings, name: str, stop: asyncio.Event) -> None:
    while not stop.is_set() and await asyncio.to_thread(spool_is_needed, settings, name):
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_S)


async def serve_everything(settings: Settings, stop: asyncio.Event, *, lan: bool) -> None:
    """Prepare the database, run the supervisor, and print the demo's links once everything answers."""
    if lan:
        settings = lan_settings(settings, lan_address())
    await asyncio.to_thread(upgrade, settings.database)
    if settings.demo:
        async with open_services(settings) as services:
            await seed_demo(services)
    supervising = asyncio.create_task(Supervisor(settings, child_environment(settings)).run(stop))
    telling = asyncio.create_task(_tell_when_ready(settings, lan=lan))
    try:
        await supervising
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)


async def _tell_when_ready(settings: Settings, *, lan: bool) -> None:
    scheme = "https" if settings.tls_certificate else "http"
    address = f"{scheme}://127.0.0.1:{settings.port}/readyz"
    connector = aiohttp.TCPConnector(ssl=False)  # our own certificate, on loopback, for a question without secrets
    async with aiohttp.ClientSession(connector=connector) as client:
        while not await _answers(client, address):  # noqa: ASYNC110  (the API is another process)
            await asyncio.sleep(POLL_S)
    sys.stdout.write(f"\nSightline runs on {settings.origin}\n")
    if settings.demo:
        async with open_services(settings) as services:
            links = await demo_links(services)
        width = max(len(name) for name, _ in links)
        sys.stdout.writelines(f"  {name:<{width}}  {url}\n" for name, url in links)
        if lan:
            _print_code(links[-1][1])
    sys.stdout.flush()


async def _answers(client: aiohttp.ClientSession, address: str) -> bool:
    try:
        async with client.get(address) as response:
            return response.ok
    except (aiohttp.ClientError, OSError):
        return False


def _print_code(url: str) -> None:
    sys.stdout.write(f"\nScan with the phone ({urlsplit(url).netloc}; the certificate is this machine's own):\n\n")
    segno.make(url, error="l").terminal(out=sys.stdout, compact=True)
