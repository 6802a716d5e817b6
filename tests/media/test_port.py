"""Where the port is bound: answers leave from the address that was asked."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import pytest

from server.media.transport.port import Port
from tests.parts.running import LOOPBACK


@asynccontextmanager
async def bound(*addresses: str) -> AsyncIterator[int]:
    """Run a port that tells these addresses; give its number."""
    port = Port(addresses, 0)
    running = asyncio.create_task(port.run())
    assert [told for told, _ in port.addresses] == list(addresses)
    yield port.addresses[0][1]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def is_free(number: int) -> bool:
    """Say whether the loopback's UDP port of this number can be taken."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as line:
        try:
            line.bind((LOOPBACK, number))
        except OSError:
            return False
        return True


@pytest.mark.parametrize(
    ("addresses", "free"),
    [(("127.0.0.2",), True), (("127.0.0.2", LOOPBACK), False), (("192.0.2.1",), False)],
    ids=["one of ours", "several", "behind a NAT"],
)
async def test_port_is_bound_to_the_one_address_or_to_all(addresses: tuple[str, ...], *, free: bool) -> None:
    """192.0.2.1 is an address of documentation (RFC 5737), and so no machine's own."""
    async with bound(*addresses) as number:
        assert await asyncio.to_thread(is_free, number) is free
