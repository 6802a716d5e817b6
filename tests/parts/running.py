"""Starting a program for the length of a test session, and ending it whatever happens to the suite."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.waiting import wait_until_blocking

LOOPBACK = "127.0.0.1"
LOOPBACK_V6 = "::1"
STOP_WITHIN_S = 15.0


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a loopback port that was free a moment ago."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def program(name: str, *, folders: str | None = None) -> str:
    """Return the path of an installed program.

    Raises: RuntimeError when it is missing; a test that needs a part fails without it and is never left out.
    """
    places = os.pathsep.join(filter(None, [folders, os.environ.get("PATH"), "/usr/sbin", "/usr/local/sbin"]))
    found = shutil.which(name, path=places)
    if found is None:
        raise RuntimeError(f"{name} is not installed; `make parts` installs it")
    return found


@contextmanager
def part_folder(name: str) -> Iterator[Path]:
    """Give a folder that another system user can reach too, unlike pytest's own; it goes when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix=f"sightline-{name}-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def outside() -> dict[str, str]:
    """Return our environment without settings: those of the suite itself are none that a part knows."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SIGHTLINE_")}


@contextmanager
def running(
    command: list[str],
    *,
    folder: Path,
    ready: Callable[[], bool],
    env: Mapping[str, str] | None = None,
    user: str | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    within_s: float = 30.0,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` until the block ends; enter the block when `ready` says so.

    The kernel ends the program when the suite is killed. Its output goes to `output.log` in `folder`.

    Args:
        command: program and arguments.
        folder: working directory.
        ready: looked at every 20 ms; must not raise while the program is still starting.
        env: added to the environment.
        user: system user to run as; only root may say one.
        stop_signal: what ends the program cleanly.
        within_s: bound for getting ready.

    Raises: RuntimeError when the program ends before it is ready, with the end of its output.
    """
    log = folder / "output.log"
    become = ["--reuid", user, "--regid", user, "--clear-groups"] if user else []
    wrapped = [program("setpriv"), *become, "--pdeathsig", "KILL", "--", *command]
    with log.open("ab") as output:
        child = subprocess.Popen(wrapped, cwd=folder, env={**outside(), **(env or {})}, stdout=output, stderr=output)

    def ready_or_ended() -> bool:
        if child.poll() is not None:
            said = log.read_text(errors="replace")[-4000:]
            raise RuntimeError(f"{command[0]} ended with {child.returncode}:\n{said}")
        return ready()

    try:
        wait_until_blocking(ready_or_ended, within_s=within_s)
        yield child
    finally:
        stop(child, stop_signal)


def stop(child: subprocess.Popen[bytes], stop_signal: signal.Signals = signal.SIGTERM) -> None:
    """End a child process by `stop_signal`, by force when it has not gone after 15 s."""
    if child.poll() is None:
        child.send_signal(stop_signal)
    try:
        child.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait(STOP_WITHIN_S)


def answers(port: int, question: bytes, expected: bytes) -> bool:
    """Return whether the loopback TCP port answers `question` with bytes that begin with `expected`."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2) as line:
            line.sendall(question)
            return line.recv(4096).startswith(expected)
    except OSError:
        return False
