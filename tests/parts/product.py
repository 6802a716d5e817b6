"""The whole product as its operator starts it: `sightline serve` in a process of its own."""

import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.parts.networks import Network
from tests.parts.running import LOOPBACK, free_port, part_folder, running

LINK = re.compile(r"^ {2}(?P<office>[^(\n]+) \((?P<name>[^)]+)\) +(?P<url>http\S+)$", re.MULTILINE)
READY_S = 120.0


@dataclass(frozen=True)
class Product:
    """A running product: where it is, its data folder, and what it printed."""

    origin: str
    data: Path
    log: Path
    environment: Mapping[str, str]

    def link(self, name: str) -> str:
        """Return the link that was printed for this person; each opens once."""
        for found in LINK.finditer(self.log.read_text()):
            if found["name"] == name:
                return found["url"]
        raise LookupError(name)

    def is_ready(self) -> bool:
        """Return whether every part answers."""
        try:
            with urllib.request.urlopen(f"{self.origin}/readyz", timeout=2) as answer:  # noqa: S310  (loopback)
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@contextmanager
def product(**settings: str) -> Iterator[Product]:
    """Run the product with demo data; it is ready, with its links printed, when the block is entered.

    Args: settings: more of `SIGHTLINE_*`, without the prefix and in small letters.
    """
    with part_folder("product") as folder:
        port = free_port()
        data = folder / "data"
        given = {"data": str(data), "port": str(port), **settings}
        environment = {f"SIGHTLINE_{name.upper()}": value for name, value in given.items()}
        found = Product(f"http://{LOOPBACK}:{port}", data, folder / "output.log", environment)

        def ready() -> bool:
            return found.is_ready() and "  Phone (" in found.log.read_text()

        with serving(found, ready=ready):
            yield found


@contextmanager
def product_inside(where: Network, address: str, **settings: str) -> Iterator[Product]:
    """Run the product with demo data in a network of a test's own, on port 8000 of an address there.

    Args: settings: as for `product`.
    """
    with part_folder("product") as folder:
        data = folder / "data"
        origin = f"http://{address}:8000"
        given = {"data": str(data), "host": "0.0.0.0", "port": "8000", "public_url": origin, **settings}  # noqa: S104
        environment = {f"SIGHTLINE_{name.upper()}": value for name, value in given.items()}
        found = Product(origin, data, folder / "output.log", environment)
        ask = f"import urllib.request as u; u.urlopen('{found.origin}/readyz', timeout=2)"

        def ready() -> bool:
            asking = subprocess.run(where.command(sys.executable, "-c", ask), check=False, capture_output=True)
            return asking.returncode == 0 and "  Phone (" in found.log.read_text()

        with serving(found, ready=ready, where=where):
            yield found


def serving(
    found: Product, *, ready: Callable[[], bool], where: Network | None = None
) -> AbstractContextManager[object]:
    """Run `sightline serve` on the product's data until the block ends; enter the block when `ready` says so."""
    command = [sys.executable, "-m", "server", "serve"]
    if where is not None:
        command = where.command(*command)
    environment = {**found.environment, "PYTHONPATH": str(Path(__file__).parents[2])}
    return running(command, folder=found.log.parent, ready=ready, env=environment, within_s=READY_S)
