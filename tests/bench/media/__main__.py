"""`python -m tests.bench.media`: the cases of issue 3, a JSON line each, in a network of their own.

Needs root, Janus (`make bench-media` installs it) and two cores: one for the server, one for the load.
"""

import asyncio
import os
import subprocess
import sys
from argparse import ArgumentParser

from tests.bench.media.cases import CASES
from tests.bench.media.servers import GO_FIRST, LOAD_CORE

HOST = "10.77.0.1"
INSIDE = "SIGHTLINE_BENCH_NETWORK"


def enter_network() -> None:
    """Begin anew in a session and a network of our own that nothing leaves; Janus wants another address than lo's."""
    os.environ[INSIDE] = "1"
    again = f'{GO_FIRST}; exec unshare -n "$@"'
    command = ["setsid", "-w", "sh", "-c", again, "sh", sys.executable, "-m", "tests.bench.media", *sys.argv[1:]]
    os.execvp("setsid", command)  # noqa: S606


def open_network() -> None:
    """Give the namespace its one address."""
    for line in (
        "link set lo up",
        "link add media0 type veth peer name media1",
        f"addr add {HOST}/24 dev media0",
        "link set media0 up",
        "link set media1 up",
    ):
        subprocess.run(["ip", *line.split()], check=True)


def main() -> None:
    """Run the cases named on the command line, or all."""
    parser = ArgumentParser()
    parser.add_argument("cases", nargs="*", help=f"of {', '.join(CASES)}")
    parser.add_argument("--pairs", type=int, default=5, help="interleaved repetitions")
    wanted = parser.parse_args()
    if INSIDE not in os.environ:
        enter_network()
    open_network()
    del os.environ[INSIDE]
    os.sched_setaffinity(0, {LOAD_CORE})
    for name in wanted.cases or CASES:
        asyncio.run(CASES[name](HOST, wanted.pairs))


main()
