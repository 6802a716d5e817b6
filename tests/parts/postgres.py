"""PostgreSQL from the system's packages: one server for the test session, databases made from a template."""

import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import asyncpg

from tests.parts.running import LOOPBACK, free_port, part_folder, program, running

OWNER = "app"
UNSAFE_AND_FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
"""Settings for a server whose data nobody keeps."""


class PostgresServer(NamedTuple):
    """A running server on loopback that trusts its one user."""

    port: int

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of one of its databases."""
        return f"postgresql+asyncpg://{OWNER}@{LOOPBACK}:{self.port}/{database}"

    async def execute(self, statement: str) -> None:
        """Run one statement as the server's owner, outside a transaction."""
        connection = await asyncpg.connect(host=LOOPBACK, port=self.port, user=OWNER, database="postgres")
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def create_database(self, *, template: str = "template1") -> str:
        """Create a database of a new name and return the name."""
        name = f"t{uuid4().hex}"
        await self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return name

    async def drop_database(self, name: str) -> None:
        """Drop a database, ending whoever still uses it."""
        await self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def binaries() -> str:
    """Return the folder of the newest installed server programs.

    Raises: RuntimeError when there is none.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return str(found[-1].parent) if found else str(Path(program("postgres")).parent)


def takes_connections(port: int) -> bool:
    """Return whether a server on loopback takes connections; one that still starts does not."""
    command = [f"{binaries()}/pg_isready", "-q", "-h", LOOPBACK, "-p", str(port)]
    return subprocess.run(command, check=False).returncode == 0


class Account(NamedTuple):
    """The system user a server runs as: `postgres` under root, because it refuses uid 0, else oneself."""

    name: str | None

    def owns(self, folder: Path) -> None:
        """Give the folder to this user."""
        if self.name:
            user = pwd.getpwnam(self.name)
            os.chown(folder, user.pw_uid, user.pw_gid)

    def initdb(self, cluster: Path, *flags: str) -> None:
        """Make a cluster that nobody needs to survive a power failure."""
        become = [program("setpriv"), "--reuid", self.name, "--regid", self.name, "--clear-groups"] if self.name else []
        command = [f"{binaries()}/initdb", "-D", str(cluster), "-E", "UTF8", "--locale=C.UTF-8", *flags]
        subprocess.run(
            [*become, *command, "--no-sync", "--no-instructions"],
            cwd=cluster.parent,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def server_account() -> Account:
    """Return the system user for a server started by this process."""
    return Account("postgres" if os.geteuid() == 0 else None)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run a server until the block ends."""
    account, port = server_account(), free_port()
    with part_folder("postgres") as folder:
        cluster = folder / "cluster"
        account.owns(folder)
        account.initdb(cluster, "-U", OWNER, "-A", "trust")
        options = [f"listen_addresses={LOOPBACK}", "unix_socket_directories=", *UNSAFE_AND_FAST]
        flags = [word for option in options for word in ("-c", option)]
        command = [f"{binaries()}/postgres", "-D", str(cluster), "-p", str(port), *flags]
        with running(
            command,
            folder=folder,
            user=account.name,
            ready=lambda: takes_connections(port),
            stop_signal=signal.SIGINT,
        ):
            yield PostgresServer(port)
