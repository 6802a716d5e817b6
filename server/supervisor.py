"""`sightline serve`: starts api, media and work, restarts what dies, adopts what an earlier one left running.

Children run in sessions of their own, so a killed supervisor takes nothing with it: a tour and its recording go on.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Mapping

import structlog

from server.config import CUSTODIAN, MEDIA_PROCESSES_MOST, Settings
from server.errors import StartupError
from server.processes import ProcessLock, end_process, wait_for_exit
from server.surplus import spool_is_needed, surplus_numbers
from server.version import VERSION

GRACE_S = 10.0
FIRST_WAIT_S = 0.2
LAST_WAIT_S = 10.0
STEADY_S = 30.0
"""A child that ran this long and died is restarted at once; one that dies sooner waits twice as long each time."""
log = structlog.get_logger()


def media_child(number: int) -> str:
    """Return what the supervisor and its lock call a media process, from 0 on."""
    return f"media-{number}" if number else "media"


class Supervisor:
    """Keeps one api, one work and so many media processes running until told to stop."""

    def __init__(self, settings: Settings, environment: Mapping[str, str]) -> None:
        self._settings = settings
        self._environment = dict(environment)
        self._lock = ProcessLock(settings.runtime, "serve")
        self._pids: dict[str, int] = {}
        self._media = {media_child(number): number for number in range(MEDIA_PROCESSES_MOST)}
        self._wanted = tuple(self._media)[: settings.media_processes]

    async def run(self, stop: asyncio.Event) -> None:
        """Supervise until `stop` is set, then end the children.

        Raises: StartupError when another supervisor runs on this data folder.
        """
        if not self._lock.take(VERSION):
            raise StartupError(f"another sightline serve runs on {self._settings.root}")
        await self._end_surplus()
        keepers = [asyncio.create_task(self._keep(name)) for name in (*self._wanted, "work", "api")]
        surplus = await asyncio.to_thread(surplus_numbers, self._settings)
        keepers += [asyncio.create_task(self._empty(number)) for number in surplus]
        try:
            await stop.wait()
        finally:
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)
            # Media last: it closes its segments while the API can still take the last reports.
            await asyncio.gather(*(self._end(name) for name in ("api", "work")))
            await asyncio.gather(*(self._end(name) for name in self._media))

    async def _end_surplus(self) -> None:
        """End media processes that an earlier supervisor was to run and this one is not: their rooms open elsewhere."""
        for number in range(len(self._wanted), MEDIA_PROCESSES_MOST):
            holder = ProcessLock(self._settings.runtime, media_child(number)).holder()
            if holder is not None:
                await end_process(holder.pid, grace_s=GRACE_S)

    async def _empty(self, number: int) -> None:
        """Run a surplus media process until its spool is empty, and once in any case: it says what was cut off."""
        wait_s, is_needed = FIRST_WAIT_S, True
        while is_needed:
            pid = self._pids[media_child(number)] = self._start(media_child(number))
            await wait_for_exit(pid)
            del self._pids[media_child(number)]
            log.info("surplus child ended", name=media_child(number), pid=pid)
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, LAST_WAIT_S)
            name = self._settings.media_name_of(number)
            is_needed = await asyncio.to_thread(spool_is_needed, self._settings, name)

    async def _keep(self, name: str) -> None:
        wait_s = FIRST_WAIT_S
        while True:
            started = time.monotonic()
            pid = await self._adopt(name) or self._start(name)
            self._pids[name] = pid
            await wait_for_exit(pid)
            del self._pids[name]  # the number is free for any other process from now on
            lived_s = time.monotonic() - started
            log.warning("child ended", name=name, pid=pid, lived_s=round(lived_s, 1))
            wait_s = FIRST_WAIT_S if lived_s > STEADY_S else min(wait_s * 2, LAST_WAIT_S)
            await asyncio.sleep(wait_s)

    async def _adopt(self, name: str) -> int | None:
        holder = ProcessLock(self._settings.runtime, name).holder()
        if holder is None:
            return None
        if holder.version == VERSION:
            log.info("child adopted", name=name, pid=holder.pid)
            return holder.pid
        log.info("child of another version ended", name=name, pid=holder.pid, version=holder.version)
        await end_process(holder.pid, grace_s=GRACE_S)
        return None

    def _start(self, name: str) -> int:
        words = ("media", "--number", str(self._media[name])) if name in self._media else (name,)
        # S603: the command is our own interpreter and names of ours.
        child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "server", *words], env=self._environment_of(name), start_new_session=True
        )
        child.returncode = 0  # reaped by wait_for_exit, not by subprocess at garbage collection
        log.info("child started", name=name, pid=child.pid)
        return child.pid

    def _environment_of(self, name: str) -> dict[str, str]:
        """Return a child's environment; the custodian's key of the store is the worker's alone."""
        if name == "work":
            return self._environment
        return {key: value for key, value in self._environment.items() if not key.startswith(CUSTODIAN)}

    async def _end(self, name: str) -> None:
        pid = self._pids.get(name)
        if pid is not None:
            await end_process(pid, grace_s=GRACE_S)


def child_environment(settings: Settings) -> dict[str, str]:
    """Return the environment the children read the same settings from, with what the command line changed."""
    changed = {
        "SIGHTLINE_DATA": str(settings.root),
        "SIGHTLINE_HOST": settings.host,
        "SIGHTLINE_PUBLIC_URL": settings.public_url,
        "SIGHTLINE_MEDIA_ADDRESSES": settings.media_addresses,
    }
    if settings.tls_certificate and settings.tls_key:
        changed["SIGHTLINE_TLS_CERTIFICATE"] = str(settings.tls_certificate)
        changed["SIGHTLINE_TLS_KEY"] = str(settings.tls_key)
    return {**os.environ, **changed}
