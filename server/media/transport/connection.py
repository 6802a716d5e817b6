"""One peer on the port: its checks, its handshake, its media in and out. Decides nothing about the media itself."""

import time
from collections.abc import Callable
from typing import Protocol

from server.media.transport.dtls import Certificate, Dtls, DtlsFailed
from server.media.transport.ice import CONSENT_S, Address, Check, Host, IceLite, new_credentials
from server.media.transport.rtp import MalformedPacket, RtpPacket, is_rtcp, read_rtp
from server.media.transport.sdp import Local, Offer
from server.media.transport.srtp import Srtp

GONE_S = 60.0
"""Without a check for this long a connection is over. Until then an ICE restart brings it back, keys and all: an outage
of three quarters of a minute, a lift or a cold store, is common on a tour."""
HANDSHAKE_S = 20.0
ADDRESSES_KEPT = 8
"""Proved addresses of one peer that packets are taken from; a browser tries a few before it settles on one."""
SERVER_SETUPS = frozenset({"auto", "client"})
"""What a peer says (in aiortc's words) when we are the DTLS server: as server we choose the cipher."""


class Media(Protocol):
    """Who gets what a connection receives. Must not block."""

    def take_rtp(self, packet: RtpPacket, arrived_s: float) -> None:
        """Take a decrypted packet that parses."""
        ...

    def take_rtcp(self, datagram: bytes) -> None:
        """Take a decrypted compound packet, unread."""
        ...

    def connected(self) -> None:
        """Know that media can be sent and received."""
        ...

    def closed(self, reason: str) -> None:
        """Know that the connection is over; said at most once, and not when `close` is called."""
        ...


class Door(Protocol):
    """What a connection needs of its port."""

    def send(self, datagram: bytes, address: Address) -> None:
        """Send a datagram; one that cannot be sent now is dropped."""
        ...

    def post(self, connection: "Connection") -> None:
        """Send what is in the connection's outbox when all that has come by now is handled; say it of an empty one."""
        ...

    def admit(self, address: Address, connection: "Connection") -> None:
        """Bring later datagrams from the address to the connection."""
        ...

    def forget(self, address: Address, connection: "Connection") -> None:
        """Bring datagrams from the address to the connection no more; another one's address stays."""
        ...

    def rename(self, old: str, new: str) -> None:
        """Know the connection by another ufrag."""
        ...


class Connection:
    """A peer, from its offer on. Everything is called on the event loop by the port, and none of it waits."""

    def __init__(self, offer: Offer, certificate: Certificate, door: Door, media: Media) -> None:
        self.ice = IceLite(remote_ufrag=offer.ice.ufrag)
        self.address: Address | None = None
        self.srtp: Srtp | None = None
        self.outbox: list[bytes] = []
        """Media on its way: the port sends a frame's packets together."""
        self.refused = 0
        """Packets that proved nothing, could not be read, or could not be sent."""
        self._fingerprint = certificate.fingerprint
        self._door = door
        self._media: Media | None = media
        self._known: dict[Address, None] = {}
        self._began_s = time.monotonic()
        self._started = False
        is_server = offer.setup in SERVER_SETUPS
        self.setup = "passive" if is_server else "active"
        self._dtls = Dtls(certificate, offer.fingerprints, is_server=is_server, send=self._send_handshake)

    @property
    def is_over(self) -> bool:
        """Whether nothing comes or goes any more."""
        return self._media is None

    @property
    def consents(self) -> bool:
        """Whether the peer has said lately that it still wants packets (RFC 7675)."""
        return time.monotonic() - self.ice.checked_s < CONSENT_S

    def local(self, addresses: tuple[Host, ...]) -> Local:
        """Return our side as an answer tells it."""
        return Local(self.ice.credentials, self._fingerprint, self.setup, addresses)

    def restart(self, remote_ufrag: str) -> None:
        """Begin ICE anew with the peer's new credentials and new ones of ours; handshake and keys stay."""
        old = self.ice.credentials.ufrag
        self.ice = IceLite(new_credentials(), remote_ufrag, self.ice.checked_s)
        self._door.rename(old, self.ice.credentials.ufrag)

    def take_check(self, check: Check, address: Address) -> None:
        """Answer a proved check, and send where the peer wants it."""
        reply = self.ice.answer(check, address, time.monotonic())
        if reply is None or self._media is None:
            self.refused += 1
            return
        self._admit(address)
        if self.address is None or reply.nominates:
            self.address = address
        self._door.send(reply.datagram, address)
        if not self._started:
            self._started = True
            self._shake(self._dtls.start)

    def take_handshake(self, datagram: bytes) -> None:
        """Take a DTLS datagram from a proved address."""
        if self._media is not None:
            self._shake(lambda: self._dtls.receive(datagram))

    def take_media(self, datagram: bytes) -> None:
        """Take an SRTP or SRTCP datagram from a proved address; what is forged, replayed or malformed is counted."""
        srtp, media = self.srtp, self._media
        if srtp is None or media is None:
            return
        try:
            if is_rtcp(datagram):
                media.take_rtcp(srtp.unprotect_rtcp(datagram))
            else:
                media.take_rtp(read_rtp(srtp.unprotect(datagram)), time.monotonic())
        except (srtp.Error, MalformedPacket, ValueError):
            self.refused += 1

    def send_rtp(self, packet: bytes) -> None:
        """Send a packet, when there is somebody to send it to; one SRTP does not take costs nobody else theirs."""
        if self.srtp is None:
            return
        try:
            datagram = self.srtp.protect(packet)
        except (Srtp.Error, ValueError):
            self.refused += 1
            return
        if not self.outbox:
            self._door.post(self)
        self.outbox.append(datagram)

    def send_rtcp(self, packet: bytes) -> None:
        """Send a compound packet, when there is somebody to send it to."""
        if self.srtp is None:
            return
        try:
            datagram = self.srtp.protect_rtcp(packet)
        except (Srtp.Error, ValueError):
            self.refused += 1
            return
        if self.outbox:
            self.outbox.append(datagram)  # behind the media that it speaks of
        elif self.address is not None:
            self._door.send(datagram, self.address)

    def tick(self, now_s: float) -> None:
        """Look after what only time tells. Call every few dozen ms."""
        if self._media is None:
            return
        if self.srtp is None:
            self._shake(self._dtls.tick)
            if now_s - self._began_s > HANDSHAKE_S:
                self._end("connection_lost")
        elif now_s - self.ice.checked_s > GONE_S:
            self._end("connection_lost")

    def close(self) -> None:
        """Say farewell and be over. Safe to repeat; `closed` is not told."""
        if self._media is not None:
            self._media = None
            self._dtls.close()
        for address in self._known:
            self._door.forget(address, self)
        self._known.clear()

    def _admit(self, address: Address) -> None:
        self._door.admit(address, self)  # again with each check: somebody else may have claimed it meanwhile
        self._known[address] = None
        if len(self._known) > ADDRESSES_KEPT:
            oldest = next(one for one in self._known if one != self.address)
            del self._known[oldest]
            self._door.forget(oldest, self)

    def _shake(self, step: Callable[[], None]) -> None:
        try:
            step()
        except DtlsFailed as error:
            self._end(f"dtls_failed: {error}")
            return
        if self._dtls.is_closed:
            self._end("closed_by_peer")
        elif self.srtp is None and self._dtls.srtp is not None:
            self.srtp = self._dtls.srtp
            if self._media is not None:
                self._media.connected()

    def _send_handshake(self, datagram: bytes) -> None:
        if self.address is not None:
            self._door.send(datagram, self.address)

    def _end(self, reason: str) -> None:
        media = self._media
        self.close()
        if media is not None:
            media.closed(reason)
