"""A process and its lock: one at a time, freed however it dies, and found and ended by others."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.processes import Holder, ProcessLock, end_process, wait_for_exit
from tests.waiting import wait_until

HOLDER = """
import signal, sys, time
from pathlib import Path
from server.processes import ProcessLock
if "deaf" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
lock = ProcessLock(Path(sys.argv[1]), "api")
print(lock.take("7.0"), flush=True)
signal.pause()
"""


@contextmanager
def holding(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run a process that takes the lock and then waits; enter the block when it has it."""
    command = [sys.executable, "-c", HOLDER, str(folder), *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "True\n"
        try:
            yield child
        finally:
            child.kill()


def test_lock_is_held_by_one_process(tmp_path: Path) -> None:
    """Others learn who has it; a lock of another name or folder is another lock."""
    with holding(tmp_path) as child:
        lock = ProcessLock(tmp_path, "api")
        assert lock.holder() == Holder(pid=child.pid, version="7.0")
        assert not lock.take("7.0")
        assert ProcessLock(tmp_path, "work").take("7.0")


def test_killed_process_frees_its_lock(tmp_path: Path) -> None:
    """The kernel does it; what it wrote into the file says nothing any more."""
    with holding(tmp_path) as child:
        child.send_signal(signal.SIGKILL)
        child.wait()
        lock = ProcessLock(tmp_path, "api")
        assert lock.holder() is None
        assert lock.take("7.1")
        assert lock.holder() == Holder(pid=os.getpid(), version="7.1")
        lock.release()
        assert lock.holder() is None


def test_nobody_holds_a_lock_that_never_was(tmp_path: Path) -> None:
    """Asking makes no file."""
    assert ProcessLock(tmp_path, "api").holder() is None
    assert list(tmp_path.iterdir()) == []


async def test_process_is_asked_to_end_and_waited_for(tmp_path: Path) -> None:
    """A child of ours is reaped."""
    with holding(tmp_path) as child:
        await end_process(child.pid, grace_s=30)
        assert ProcessLock(tmp_path, "api").holder() is None
        child.returncode = -signal.SIGTERM


async def test_deaf_process_is_ended_by_force(tmp_path: Path) -> None:
    """After the grace it is not asked again."""
    with holding(tmp_path, "deaf") as child:
        await end_process(child.pid, grace_s=0.2)
        assert ProcessLock(tmp_path, "api").holder() is None
        child.returncode = -signal.SIGKILL


async def test_process_that_has_gone_is_no_error(tmp_path: Path) -> None:
    """Neither for who waits nor for who ends it."""
    with holding(tmp_path) as child:
        child.kill()
        child.wait()
    await wait_for_exit(child.pid)
    await end_process(child.pid, grace_s=1)


async def test_waiting_ends_with_the_process(tmp_path: Path) -> None:
    """Not before, and at once."""
    with holding(tmp_path) as child:
        waiting = asyncio.ensure_future(wait_for_exit(child.pid))
        await asyncio.wait([waiting], timeout=0)
        assert not waiting.done()
        child.kill()
        await wait_until(waiting.done)
        child.returncode = -signal.SIGKILL
