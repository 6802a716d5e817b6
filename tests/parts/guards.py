"""What the suite refuses: traffic that leaves this machine, and calls of ours that block the event loop."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address

from blockbuster import blockbuster_ctx

OURS = ["evidence", "sessions", "server"]


class ForbiddenTraffic(BaseException):
    """A test tried to reach another machine. Not an Exception, so that no edge of the product can survive it."""


def is_local(host: object) -> bool:
    """Return whether `host` names this machine's loopback, or nothing at all."""
    if host in {None, "", "localhost", b"", b"localhost"}:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        address = ip_address(name.split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse_traffic_to_others(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse a socket call that names another machine; an audit hook, so nothing can patch it away."""
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        if isinstance(address, tuple) and not is_local(address[0]):
            raise ForbiddenTraffic(event, address)
    elif event == "socket.getaddrinfo" and not is_local(arguments[0]):
        raise ForbiddenTraffic(event, arguments[:2])


def keep_traffic_local() -> None:
    """Install the refusal for the life of this interpreter."""
    sys.addaudithook(refuse_traffic_to_others)


@contextmanager
def loop_kept_free() -> Iterator[None]:
    """Make a blocking call from our packages on a running event loop raise `blockbuster.BlockingError`."""
    with blockbuster_ctx(OURS) as guard:
        # Opening a database makes its path absolute: once a process, while it starts.
        guard.functions["os.path.abspath"].can_block_in("sqlalchemy/dialects/sqlite/pysqlite.py", "create_connect_args")
        # A new connection of asyncpg looks for a password file and certificates.
        for call in ("os.stat", "os.path.abspath"):
            guard.functions[call].can_block_in("asyncpg/connect_utils.py", "_parse_connect_dsn_and_args")
        # A bug's traceback names files by their whole path.
        guard.functions["os.path.abspath"].can_block_in("structlog/tracebacks.py", "extract")
        # A migration runs in a loop and a thread of its own.
        for function in guard.functions.values():
            function.can_block_in("server/migrations/__init__.py", "_migrate")
        yield
