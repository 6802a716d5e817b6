"""Networks of a test's own, made of namespaces: what runs in one sees its addresses and nothing of the machine's.

A process of the suite stays outside; it starts programs inside by `Network.command`, and is handed sockets that were
opened there. Needs root or unprivileged user namespaces, and iproute2.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.parts.running import LOOPBACK, program, stop

TURN, MEDIA, OTHER = "10.77.0.1", "10.77.0.2", "10.77.0.3"
"""Addresses of the inner network: the relay's, the media process's, and one of somebody else."""
OUTSIDE = "10.77.0.9"
_MAC = "02:00:0a:4d:00:01"
_SPACES = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
_HAND_OVER = (
    "import socket, sys; line = socket.create_server((sys.argv[1], int(sys.argv[2]))) if sys.argv[1:] "
    "else socket.socket(); there = socket.socket(fileno=0); socket.send_fds(there, [b'x'], [line.fileno()])"
)


@dataclass(frozen=True)
class Network:
    """A namespace, held by a process that does nothing else."""

    holder: int

    def command(self, *words: str) -> list[str]:
        """Return the command that runs another one inside."""
        spaces = ["--user", "--preserve-credentials"] if _SPACES else []
        return [program("nsenter"), "--target", str(self.holder), *spaces, "--net", "--", *words]

    def script(self, path: Path, name: str) -> str:
        """Write a script that runs a program inside with what it is given, and return its path."""
        path.write_text(f'#!/bin/sh\nexec {" ".join(self.command(program(name)))} "$@"\n')
        path.chmod(0o755)
        return str(path)

    def run(self, *words: str) -> str:
        """Run a command inside and return what it says. Raises: subprocess.CalledProcessError when it fails."""
        return subprocess.run(self.command(*words), check=True, capture_output=True, text=True, timeout=30).stdout

    def configure(self, *commands: str) -> None:
        """Run commands of iproute2 inside."""
        for command in commands:
            self.run(program("ip"), *command.split())

    def listening_socket(self, port: int = 0) -> socket.socket:
        """Return a TCP socket that listens on the loopback inside; whoever has it answers there.

        Args: port: 0 for any that is free.
        """
        return self._handed_over(LOOPBACK, str(port))

    def calling_socket(self) -> socket.socket:
        """Return a TCP socket that is not connected yet; whoever has it calls from inside."""
        return self._handed_over()

    def _handed_over(self, *listens: str) -> socket.socket:
        here, there = socket.socketpair()
        with here, there:
            command = self.command(sys.executable, "-c", _HAND_OVER, *listens)
            subprocess.run(command, stdin=there.fileno(), check=True, timeout=30)
            _, files, _, _ = socket.recv_fds(here, 1, 1)
        return socket.socket(fileno=files[0])


@contextmanager
def network(inside: Network | None = None) -> Iterator[Network]:
    """Make a network with nothing but a loopback. Args: inside: a network whose user may join the two."""
    hold = [program("sh"), "-c", "echo; exec sleep infinity"]
    words = [program("unshare"), *([] if inside else _SPACES), "--net", "--", *hold]
    kept = [program("setpriv"), "--pdeathsig", "KILL", "--", *(inside.command(*words) if inside else words)]
    holder = subprocess.Popen(kept, stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        made = Network(holder.pid)
        made.configure("link set lo up")
        yield made
    finally:
        stop(holder)
        if holder.stdout is not None:
            holder.stdout.close()


@contextmanager
def network_with_route() -> Iterator[Network]:
    """Make a network that has an address beside its loopback, and its default route from there."""
    with network() as made:
        made.configure(
            "link add line type veth peer name far",
            f"address add {MEDIA}/24 dev line",
            *("link set line up", "link set far up", "route add default dev line"),
        )
        yield made


@contextmanager
def two_networks() -> Iterator[tuple[Network, Network]]:
    """Make an inner network with three addresses, and an outer one with a line to it; nothing is in between yet."""
    with ExitStack() as stack:
        inner = stack.enter_context(network())
        outer = stack.enter_context(network(inner))
        inner.configure(f"link add line address {_MAC} type veth peer name far", f"link set far netns {outer.holder}")
        inner.configure(*(f"address add {one}/24 dev line" for one in (TURN, MEDIA, OTHER)), "link set line up")
        outer.configure(f"address add {OUTSIDE}/24 dev far", "link set far up")
        # Known from the beginning: a firewall of rules also keeps questions for addresses unanswered.
        outer.configure(*(f"neighbour add {one} lladdr {_MAC} dev far nud permanent" for one in (TURN, MEDIA, OTHER)))
        yield inner, outer


def put_firewall(inner: Network, *, tcp_ports: tuple[int, ...]) -> None:
    """Drop everything that comes over the line to the inner network but TCP to these ports, without a word."""
    passes = [
        f"rule add pref {10 + n} iif line ipproto tcp dport {port} lookup local" for n, port in enumerate(tcp_ports)
    ]
    # The kernel looks up its own addresses first of all; the rules must come before that.
    inner.configure(*passes, "rule add pref 50 iif line blackhole", "rule add pref 60 lookup local", "rule del pref 0")
