"""The one UDP port of a media process: every datagram finds its connection, or is dropped unread."""

import asyncio
import socket
import time
from collections.abc import Callable
from struct import Struct

import structlog

from server.media.transport.connection import Connection, Media
from server.media.transport.dtls import Certificate
from server.media.transport.ice import Address, Host, is_stun, read_check
from server.media.transport.lines import Lines
from server.media.transport.sdp import Offer

LOG = structlog.get_logger(__name__)
DATAGRAM_BYTES = 2048
BATCH = 64
"""Datagrams read before others on the loop get their turn."""
TICK_S = 0.02
UDP_SEGMENT = 103
"""Linux: one call sends several datagrams of one length to one address, the last of them may be shorter."""
SEGMENTS_MOST, SEGMENTS_BYTES = 64, 60_000
_LENGTH = Struct("=H")
_DTLS_FIRST, _DTLS_LAST = 20, 63
_MEDIA_FIRST, _MEDIA_LAST = 128, 191


class Port:
    """The sockets and who is behind them. Datagrams are told apart by their first byte (RFC 7983)."""

    def __init__(self, addresses: tuple[str, ...], port: int) -> None:
        """Take the machine's addresses that peers are told, IPv4 and IPv6, and the port; 0 for any that is free."""
        self.dropped = 0
        """Datagrams the socket did not take: its buffer was full."""
        self.busy_s = 0.0
        """CPU time spent on what came, and on what was sent for it."""
        self.strangers = 0
        """Datagrams of nobody we know."""
        self.given_up = 0
        """Packets that publishers never sent again."""
        self._refused = 0
        """By connections that are over."""
        self.certificate = Certificate()
        self._lines = Lines(addresses, port)
        self._by_parts = self._lines.by_parts
        self.addresses: tuple[Host, ...] = tuple((one, self._lines.number) for one in addresses)
        self._by_address: dict[Address, Connection] = {}
        self._by_ufrag: dict[str, Connection] = {}
        self._ticking: dict[Connection, Callable[[float], None]] = {}
        self._posting: list[Connection] = []
        """Those whose outbox waits for the end of what has come."""
        self.segments = _knows_segments(self._lines.all[0])
        """Whether the kernel takes several datagrams at once; without it they go one by one."""

    @property
    def refused(self) -> int:
        """What its connections refused, present ones and those that are over."""
        return self._refused + sum(connection.refused for connection in self._ticking)

    @property
    def connections(self) -> int:
        """How many connections there are."""
        return len(self._ticking)

    @property
    def known(self) -> int:
        """How many addresses datagrams are taken from."""
        return len(self._by_address)

    async def run(self) -> None:
        """Read and keep time until cancelled; then close the sockets."""
        loop = asyncio.get_running_loop()
        for line in self._lines.all:
            loop.add_reader(line.fileno(), self._read, line)
        try:
            while True:
                await asyncio.sleep(TICK_S)
                now_s = time.monotonic()
                for connection, tick in list(self._ticking.items()):
                    connection.tick(now_s)
                    tick(now_s)
                    if connection.is_over:
                        self.remove(connection)
                self._flush()
        finally:
            for line in self._lines.all:
                loop.remove_reader(line.fileno())
            self._lines.close()

    def connect(self, offer: Offer, media: Media, *, tick: Callable[[float], None]) -> Connection:
        """Return a connection for an offer. Args: tick: called every TICK_S with the monotonic time while it lasts."""
        connection = Connection(offer, self.certificate, self, media)
        self._by_ufrag[connection.ice.credentials.ufrag] = connection
        self._ticking[connection] = tick
        return connection

    def remove(self, connection: Connection) -> None:
        """Close a connection and forget it. Safe to repeat."""
        self._by_ufrag.pop(connection.ice.credentials.ufrag, None)
        if self._ticking.pop(connection, None) is not None:
            self._refused += connection.refused
        connection.close()

    def send(self, datagram: bytes, address: Address) -> None:
        """Send a datagram as `Door.send` says."""
        try:
            self._by_parts[len(address)].sendto(datagram, address)
        except OSError:
            self.dropped += 1

    def post(self, connection: Connection) -> None:
        """Empty an outbox soon as `Door.post` says."""
        self._posting.append(connection)

    def admit(self, address: Address, connection: Connection) -> None:
        """Bring datagrams to a connection as `Door.admit` says."""
        self._by_address[address] = connection

    def forget(self, address: Address, connection: Connection) -> None:
        """Know an address no more as `Door.forget` says."""
        if self._by_address.get(address) is connection:
            del self._by_address[address]

    def rename(self, old: str, new: str) -> None:
        """Know a connection by another ufrag."""
        self._by_ufrag[new] = self._by_ufrag.pop(old)

    def _read(self, line: socket.socket) -> None:
        began_s = time.thread_time()
        receive, known = line.recvfrom, self._by_address
        for _ in range(BATCH):
            try:
                datagram, address = receive(DATAGRAM_BYTES)
            except BlockingIOError:
                break
            except OSError:
                continue  # an ICMP error of an earlier datagram
            connection = known.get(address)
            if len(datagram) < 2:  # noqa: PLR2004  (nothing has one byte)
                self.strangers += 1
            elif connection is not None and _MEDIA_FIRST <= datagram[0] <= _MEDIA_LAST:
                connection.take_media(datagram)
            elif is_stun(datagram):
                self._check(datagram, address)
            elif connection is not None and _DTLS_FIRST <= datagram[0] <= _DTLS_LAST:
                connection.take_handshake(datagram)
            else:
                self.strangers += 1
        self._flush()
        self.busy_s += time.thread_time() - began_s

    def _flush(self) -> None:
        """Send what was posted, a viewer's packets of one length in one call.

        The kernel's way through its own layers is half of what a packet costs us; so it is gone once for a frame.
        """
        for connection in self._posting:
            line, address = connection.outbox, connection.address
            if address is None or connection.is_over:
                pass
            elif len(line) == 1 or not self.segments:
                for datagram in line:
                    self.send(datagram, address)
            else:
                for run in runs(line):
                    self._send_run(run, address)
            line.clear()
        self._posting.clear()

    def _send_run(self, run: list[bytes], address: Address) -> None:
        if len(run) == 1:
            self.send(run[0], address)
            return
        length = [(socket.IPPROTO_UDP, UDP_SEGMENT, _LENGTH.pack(len(run[0])))]
        try:
            self._by_parts[len(address)].sendmsg(run, length, 0, address)
        except BlockingIOError:
            self.dropped += len(run)
        except OSError:
            # No such way: longer than the path's packets, or a network card that cannot. One by one it goes.
            for datagram in run:
                self.send(datagram, address)

    def _check(self, datagram: bytes, address: Address) -> None:
        check = read_check(datagram)
        connection = None if check is None else self._by_ufrag.get(check.ufrag)
        if check is None or connection is None:
            self.strangers += 1
            return
        connection.take_check(check, address)


def runs(line: list[bytes]) -> list[list[bytes]]:
    """Cut datagrams, in their order, into what one call can send: one length, and behind it at most one shorter."""
    found: list[list[bytes]] = []
    length = room = 0
    for datagram in line:
        size = len(datagram)
        if room and size <= length:
            found[-1].append(datagram)
            room = room - 1 if size == length else 0
        else:
            found.append([datagram])
            length, room = size, min(SEGMENTS_MOST, SEGMENTS_BYTES // (size or 1)) - 1
    return found


def _knows_segments(sock: socket.socket) -> bool:
    try:
        sock.getsockopt(socket.IPPROTO_UDP, UDP_SEGMENT)
    except OSError:
        return False
    return True
