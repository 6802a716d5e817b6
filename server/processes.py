"""A running process as others find it: a lock file that dies with it, and a way to wait for its end."""

import asyncio
import fcntl
import json
import os
import signal
from pathlib import Path

from evidence.records import Count, Record


class Holder(Record):
    """Who holds a process's lock: written by the process itself after it has the lock."""

    pid: Count
    version: str


class ProcessLock:
    """An exclusive lock on `<name>.lock`; the kernel frees it when its process dies, however it dies."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{name}.lock"
        self._descriptor: int | None = None

    def take(self, version: str) -> bool:
        """Take the lock and write who we are; return False when another process has it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, Holder(pid=os.getpid(), version=version).model_dump_json().encode(), 0)
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Free the lock before the process ends."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> Holder | None:
        """Return the living process that has the lock; None when nobody has it."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            try:
                return Holder.model_validate(json.loads(self._path.read_bytes()))
            except ValueError:
                return None  # locked this moment, not yet written
        finally:
            os.close(descriptor)
        return None


async def wait_for_exit(pid: int) -> None:
    """Wait until the process is gone, child of ours or not; a child is reaped."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
    try:
        os.waitpid(pid, os.WNOHANG)  # noqa: ASYNC222  (never waits: it has ended)
    except ChildProcessError:
        return


async def end_process(pid: int, *, grace_s: float) -> None:
    """Ask a process to end and insist after `grace_s` seconds."""
    for sign, wait_s in ((signal.SIGTERM, grace_s), (signal.SIGKILL, 5.0)):
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return
        try:
            await asyncio.wait_for(wait_for_exit(pid), wait_s)
        except TimeoutError:
            continue
        return
