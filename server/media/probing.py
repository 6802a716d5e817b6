"""Peers that try a path: each completes ICE and DTLS on the media port and is closed. They send and receive nothing."""

import secrets
import time
from uuid import UUID

from server.media.errors import OfferRefused, ProbesBusy
from server.media.transport.port import Port
from server.media.transport.rtp import RtpPacket
from server.media.transport.sdp import SentMedia, read_offer, write_answer
from server.media.wire import Answered, OfferFault, Probe

DIRECTIONS = frozenset({"recvonly", "inactive"})
"""Nothing is taken from whoever only tries the path."""
PROBES_MOST = 64
"""At a time."""
PROBES_EACH = 8
"""At a time by one login: a test takes four, and may be begun anew before the last one is forgotten."""
LIFE_S = 12.0
"""From the offer on, connected or not: longer than a page waits."""
STAY_S = 2.0
"""After the handshake, so that the page sees it done before it sees it gone."""


class _Peer:
    """One that tries: a `Media` without media, over when its connection is."""

    def __init__(self, port: Port, probe: Probe) -> None:
        """Answer an offer. Raises: OfferRefused."""
        self.probe = probe
        self.is_over = False
        self._port = port
        self._began_s = time.monotonic()
        self._connected_s: float | None = None
        offer = read_offer(probe.offer_sdp, directions=DIRECTIONS)
        self._connection = port.connect(offer, self, tick=self._tick)
        sent = {media.mid: SentMedia(secrets.randbits(32), None) for media in offer.medias}
        answer_sdp = write_answer(offer, self._connection.local(port.addresses), sent=sent)
        self.answered = Answered(answer_sdp=answer_sdp, etag=self._connection.ice.credentials.ufrag)

    def take_rtp(self, packet: RtpPacket, arrived_s: float) -> None:
        """Drop what it sends: nothing was agreed."""

    def take_rtcp(self, datagram: bytes) -> None:
        """Drop what it reports."""

    def connected(self) -> None:
        """Know that the path works."""
        self._connected_s = time.monotonic()

    def closed(self, reason: str) -> None:  # noqa: ARG002  (nobody asks why)
        """Know that it has gone."""
        self.is_over = True

    def _tick(self, now_s: float) -> None:
        stayed = self._connected_s is not None and now_s - self._connected_s > STAY_S
        if stayed or now_s - self._began_s > LIFE_S:
            self.is_over = True
            self._port.remove(self._connection)


class Probes:
    """All peers that try a path now."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._peers: dict[UUID, _Peer] = {}

    def __len__(self) -> int:
        self._peers = {peer_id: peer for peer_id, peer in self._peers.items() if not peer.is_over}
        return len(self._peers)

    def answer(self, probe: Probe) -> Answered:
        """Return the answer to an offer; the same one when it is asked again.

        Raises: OfferRefused, also for an offer that would send; ProbesBusy when as many try already as may, in all or
            of the same person.
        """
        known = self._peers.get(probe.peer_id)
        if known is not None:
            if known.probe != probe:
                raise OfferRefused(reason=OfferFault.ID_TAKEN)
            return known.answered
        trying = len(self)  # which forgets those that are over
        if trying >= PROBES_MOST or sum(one.probe.who == probe.who for one in self._peers.values()) >= PROBES_EACH:
            raise ProbesBusy
        peer = _Peer(self._port, probe)
        self._peers[probe.peer_id] = peer
        return peer.answered
