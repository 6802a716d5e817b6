"""A bad line on the loopback: datagrams between peers and the media port are delayed, lost, held up, or moved."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.parts.running import LOOPBACK
from tests.waiting import let_pass

Address = tuple[str, int]
QUEUE_MS = 300.0
"""What a narrow line holds before it drops."""
PIECE_BYTES = 1_200
PIECES_AHEAD_S = 0.1
"""What TCP keeps queued on a narrow line."""


@dataclass
class Quality:
    """How one direction of the line is now. `kbps` 0 is without limit."""

    loss: float = 0.0
    delay_ms: float = 0.0
    kbps: float = 0.0


@dataclass
class Line:
    """Between one media port and the peers that were told the line's port in its place."""

    target: Address
    port: int = 0
    up: Quality = field(default_factory=Quality)
    down: Quality = field(default_factory=Quality)
    is_cut: bool = False
    passed: int = 0
    _chance: random.Random = field(default_factory=lambda: random.Random(5))
    _free_s: dict[str, float] = field(default_factory=dict)
    _near: asyncio.DatagramTransport | None = None
    _far: dict[Address, asyncio.DatagramTransport] = field(default_factory=dict)

    async def move(self) -> None:
        """Go on from new addresses, as a phone does that changes from one network to another."""
        old, self._far = self._far, {}
        for peer, transport in old.items():
            transport.close()
            self._far[peer] = await self._open_far(peer)

    def carry_up(self, datagram: bytes, peer: Address) -> None:
        """Take a datagram of a peer to the media port; one from another address of the machine is not answered."""
        if peer[0] != LOOPBACK:
            return
        if peer in self._far:
            self._send("up", self.up, self._far[peer], datagram, None)
        else:
            asyncio.get_running_loop().create_task(self._first(datagram, peer))

    def carry_down(self, datagram: bytes, peer: Address) -> None:
        """Take a datagram of the media port to a peer."""
        if self._near is not None:
            self._send("down", self.down, self._near, datagram, peer)

    async def _first(self, datagram: bytes, peer: Address) -> None:
        transport = await self._open_far(peer)
        if peer in self._far:
            transport.close()
        else:
            self._far[peer] = transport
        self.carry_up(datagram, peer)

    async def _open_far(self, peer: Address) -> asyncio.DatagramTransport:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _End(lambda datagram, _: self.carry_down(datagram, peer)),
            local_addr=(LOOPBACK, 0),
            remote_addr=self.target,
        )
        return transport

    def _send(
        self, way: str, quality: Quality, out: asyncio.DatagramTransport, datagram: bytes, to: Address | None
    ) -> None:
        if self.is_cut or self._chance.random() < quality.loss:
            return
        loop = asyncio.get_running_loop()
        wait_s = quality.delay_ms / 1000
        if quality.kbps:
            now_s = loop.time()
            free_s = max(now_s, self._free_s.get(way, 0.0)) + len(datagram) * 8 / quality.kbps / 1000
            if (free_s - now_s) * 1000 > QUEUE_MS:
                return
            self._free_s[way] = free_s
            wait_s += free_s - now_s
        self.passed += 1
        if wait_s:
            loop.call_later(wait_s, self._put, out, datagram, to)
        else:
            self._put(out, datagram, to)

    def _put(self, out: asyncio.DatagramTransport, datagram: bytes, to: Address | None) -> None:
        if not out.is_closing() and not self.is_cut:
            out.sendto(datagram, to)

    async def share_up(self, size_bytes: int) -> None:
        """Take what else a page sends over the same width, as TCP does: piece by piece, behind what is queued."""
        loop = asyncio.get_running_loop()
        for _ in range(0, size_bytes, PIECE_BYTES):
            if not self.up.kbps:
                return
            free_s = max(loop.time(), self._free_s.get("up", 0.0)) + PIECE_BYTES * 8 / self.up.kbps / 1000
            self._free_s["up"] = free_s
            await let_pass(free_s - loop.time() - PIECES_AHEAD_S)

    async def open(self) -> None:
        """Take a port for the peers."""
        loop = asyncio.get_running_loop()
        self._near, _ = await loop.create_datagram_endpoint(lambda: _End(self.carry_up), local_addr=(LOOPBACK, 0))
        self.port = self._near.get_extra_info("sockname")[1]

    def close(self) -> None:
        """Free all ports."""
        for transport in [self._near, *self._far.values()]:
            if transport is not None:
                transport.close()


class _End(asyncio.DatagramProtocol):
    def __init__(self, carry: Callable[[bytes, Address], None]) -> None:
        self._carry = carry

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._carry(data, addr)


@asynccontextmanager
async def line_to(target: Address) -> AsyncIterator[Line]:
    """Give a line to a media port until the block ends."""
    line = Line(target)
    await line.open()
    try:
        yield line
    finally:
        line.close()
