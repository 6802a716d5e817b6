"""A peer of the media port on a socket of its own: checks, handshake and media made by hand, so that it can lie."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aioice import stun
from OpenSSL import SSL

from server.media.transport.connection import Connection
from server.media.transport.dtls import LABEL, fingerprint_of
from server.media.transport.ice import Address, Credentials
from server.media.transport.port import Port
from server.media.transport.rtp import RtpPacket
from server.media.transport.sdp import Offer
from server.media.transport.srtp import PROFILES, Srtp
from tests.media.dtls_peer import THEIRS, Peer
from tests.parts.running import LOOPBACK
from tests.waiting import wait_until

UFRAG = "wire"


@dataclass
class Heard:
    """What a connection told: a `Media` that keeps it."""

    packets: list[RtpPacket] = field(default_factory=list)
    reports: list[bytes] = field(default_factory=list)
    connections: int = 0
    reasons: list[str] = field(default_factory=list)
    ticks: int = 0

    def take_rtp(self, packet: RtpPacket, arrived_s: float) -> None:
        """Keep a packet."""
        assert arrived_s > 0
        self.packets.append(packet)

    def take_rtcp(self, datagram: bytes) -> None:
        """Keep a report."""
        self.reports.append(datagram)

    def connected(self) -> None:
        """Count it."""
        self.connections += 1

    def tick(self, now_s: float) -> None:
        """Count it."""
        assert now_s > 0
        self.ticks += 1

    def closed(self, reason: str) -> None:
        """Keep the reason."""
        self.reasons.append(reason)


class Socket:
    """A UDP socket at `host` that sends to the port by that family, and keeps what comes back."""

    def __init__(self, port: Port, host: str) -> None:
        self._target = host, port.addresses[0][1]
        self._socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)  # noqa: FBT003  (the library's own form)
        self._socket.bind((host, 0))
        self.address: Address = self._socket.getsockname()

    def send(self, *datagrams: bytes) -> None:
        """Send datagrams to the port."""
        for datagram in datagrams:
            self._socket.sendto(datagram, self._target)

    def received(self) -> list[bytes]:
        """Return what has come since the last time."""
        came = list[bytes]()
        while True:
            try:
                came.append(self._socket.recv(65_536))
            except BlockingIOError:
                return came

    def close(self) -> None:
        """Close it."""
        self._socket.close()


class WirePeer:
    """One connection to the port, from the peer's side."""

    def __init__(self, port: Port, opened: Socket, *, offers_active: bool = True) -> None:
        self.socket = opened
        self.heard = Heard()
        self.dtls = Peer(is_client=offers_active)
        self.media = list[bytes]()
        """SRTP that came, not decrypted."""
        self.replies = list[bytes]()
        self.srtp: Srtp | None = None
        self._is_client = offers_active
        setup = "client" if offers_active else "server"
        offer = Offer((), Credentials(UFRAG, "x" * 24), frozenset({fingerprint_of(THEIRS, "sha-256")}), setup)
        self.connection: Connection = port.connect(offer, self.heard, tick=self.heard.tick)

    def check(self, *, nominates: bool = True, password: str = "") -> bytes:
        """Return a check that proves us, or one with another password."""
        ice = self.connection.ice
        attributes = {"USERNAME": f"{ice.credentials.ufrag}:{UFRAG}", "PRIORITY": 1}
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes=attributes)
        if nominates:
            message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity((password or ice.credentials.password).encode())
        return bytes(message)

    def pump(self) -> None:
        """Take what has come, and go on with the handshake."""
        for datagram in self.socket.received():
            line = self.replies if datagram[0] < 4 else self.media if datagram[0] >= 128 else self.dtls.to_peer
            line.append(datagram)
        try:
            self.dtls.shake()
        except SSL.ZeroReturnError:
            return
        self.socket.send(*self.dtls.to_us)
        self.dtls.to_us.clear()

    async def connect(self) -> Srtp:
        """Prove ourselves, shake hands, and return our SRTP."""
        self.socket.send(self.check())

        def is_up() -> bool:
            self.pump()
            return bool(self.replies) and self.dtls.is_done and self.connection.srtp is not None

        await wait_until(is_up)
        material = self.dtls.ssl.export_keying_material(LABEL, PROFILES[0].exported_bytes)
        self.srtp = Srtp(PROFILES[0], material, is_server=not self._is_client)
        return self.srtp

    async def gets(self, *, media: int = 0, replies: int = 0) -> None:
        """Wait until so much has come from the port."""

        def is_there() -> bool:
            self.pump()
            return len(self.media) >= media and len(self.replies) >= replies

        await wait_until(is_there)

    def told(self, reports: int) -> bool:
        """Say whether the connection has got so many reports."""
        return len(self.heard.reports) >= reports

    async def hears(self, packets: int) -> None:
        """Wait until the connection has got so many packets."""
        await wait_until(lambda: len(self.heard.packets) >= packets)


@dataclass
class Wire:
    """A port, and the sockets that talk to it."""

    port: Port
    sockets: list[Socket] = field(default_factory=list)

    def socket(self, host: str = LOOPBACK) -> Socket:
        """Open a socket."""
        self.sockets.append(Socket(self.port, host))
        return self.sockets[-1]

    def peer(self, host: str = LOOPBACK, *, offers_active: bool = True) -> WirePeer:
        """Return a peer that has offered, and is not connected yet."""
        return WirePeer(self.port, self.socket(host), offers_active=offers_active)


@asynccontextmanager
async def running_wire(*addresses: str) -> AsyncIterator[Wire]:
    """Run a port on the loopback, of IPv4 unless told otherwise; it must still run when the block ends."""
    wire = Wire(Port(addresses or (LOOPBACK,), 0))
    task = asyncio.create_task(wire.port.run())
    try:
        yield wire
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        for opened in wire.sockets:
            opened.close()
