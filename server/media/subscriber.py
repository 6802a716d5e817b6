"""The connection to one viewer: its slots, what each of them shows now, and what the viewer asks for."""

import secrets
import time
from collections import Counter
from dataclasses import dataclass, field

from aiortc.rtp import (
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RtcpPacket,
    RtcpPsfbPacket,
    RtcpRtpfbPacket,
)

from server.media.errors import OfferRefused
from server.media.frames import TrackKind, VideoCodec
from server.media.pump import Feed, ViewerListener
from server.media.transport.connection import Connection
from server.media.transport.downstream import DownStream
from server.media.transport.patching import patch_ice
from server.media.transport.port import Port
from server.media.transport.rtp import RtpPacket
from server.media.transport.sdp import OfferedMedia, SentMedia, read_offer, write_answer
from server.media.wire import SLOTS_MOST, OfferFault, Patched

DIRECTIONS = frozenset({"recvonly", "sendrecv"})
REPORT_EVERY_S = 1.0


@dataclass
class _Slot:
    """A place for one source: a stream of sound, a stream of pictures, or both, which are played in step."""

    name: str
    streams: list[DownStream] = field(default_factory=list)
    feed: Feed | None = None

    def flow(self, *, on: bool) -> None:
        """Begin to send what it shows, or stop. Pictures in a codec that the viewer has not are not sent."""
        if self.feed is None:
            return
        up = self.feed.up
        for stream in self.streams:
            if not on:
                up.detach(stream)
            elif stream.kind is TrackKind.AUDIO or (up.sent.video is not None and stream.take_codec(up.sent.video)):
                stream.begin_anew()
                up.attach(stream)
        if on:
            self.feed.ask_key_frame()


class Subscriber:
    """A `DownLink` on the port. The n-th sound and the n-th pictures of the offer are its n-th slot."""

    def __init__(self, port: Port, listener: ViewerListener, *, only: Feed | None = None) -> None:
        """Take the port, whom to tell, and the one source that is watched, when it is one for good."""
        self._port = port
        self._only = only
        self._listener = listener
        self._connection: Connection | None = None
        self._slots: list[_Slot] = []
        self._flows = False
        self._reported_s = 0.0

    async def answer(self, offer_sdp: str) -> str:
        """Answer the offer as `DownLink` says.

        A kind that the one source has not is answered inactive, and an offer without the codec of its pictures is
        refused. The slots of a room take every codec that we have in common.
        """
        if self._only is None:
            offer = read_offer(offer_sdp, directions=DIRECTIONS, most=SLOTS_MOST, every=True)
        else:
            video = self._only.up.sent.video
            offer = read_offer(offer_sdp, directions=DIRECTIONS, video=(video,) if video else tuple(VideoCodec))
        self._connection = self._port.connect(offer, self, tick=self._tick)
        sent: dict[str, SentMedia] = {}
        seen: Counter[TrackKind] = Counter()
        for media in offer.medias:
            number = seen[media.kind]
            seen[media.kind] += 1
            if self._only is None or media.kind in self._only.up.tracks:
                sent[media.mid] = self._add(number, media, self._connection)
        if self._only is not None:
            self.show(0, self._only)
        return write_answer(offer, self._connection.local(self._port.addresses), sent=sent)

    def show(self, slot: int, feed: Feed | None) -> bool:
        """Let a slot show something else as `DownLink` says."""
        if slot >= len(self._slots):
            return False
        changed = self._slots[slot]
        if feed != changed.feed:
            changed.flow(on=False)
            changed.feed = feed
            if self._flows:
                changed.flow(on=True)
        return True

    @property
    def etag(self) -> str:
        """The tag of the present ICE session."""
        return "" if self._connection is None else self._connection.ice.credentials.ufrag

    def patch(self, fragment: str, if_match: str) -> Patched:
        """Take more of the peer's ICE as the pump says."""
        if self._connection is None:
            raise OfferRefused(reason=OfferFault.UNREADABLE)
        return patch_ice(self._connection, self._port.addresses, fragment, if_match)

    async def close(self) -> None:
        """End the connection. Safe to repeat."""
        self._flow(on=False)
        if self._connection is not None:
            self._port.remove(self._connection)

    def take_rtp(self, packet: RtpPacket, arrived_s: float) -> None:
        """Drop what a viewer sends: nothing was agreed."""

    def take_rtcp(self, datagram: bytes) -> None:
        """Take what the viewer asks for: lost packets once more, or a key frame."""
        for packet in RtcpPacket.parse(datagram):
            if isinstance(packet, RtcpRtpfbPacket) and packet.fmt == RTCP_RTPFB_NACK:
                self._send_again(packet)
            elif isinstance(packet, RtcpPsfbPacket) and packet.fmt in {RTCP_PSFB_PLI, RTCP_PSFB_FIR}:
                self._ask_key_frame(packet)

    def connected(self) -> None:
        """Begin to send."""
        self._flow(on=True)
        self._listener.connected()

    def closed(self, reason: str) -> None:
        """Stop sending, and pass on that the connection is over."""
        self._flow(on=False)
        self._listener.closed(reason)

    def _add(self, number: int, media: OfferedMedia, connection: Connection) -> SentMedia:
        if number == len(self._slots):
            self._slots.append(_Slot(f"slot{number}"))
        slot = self._slots[number]
        has_rtx = any(codec.rtx_type is not None for codec in media.codecs)
        sent = SentMedia(secrets.randbits(32), secrets.randbits(32) if has_rtx else None, slot.name)
        slot.streams.append(DownStream(media.kind, media.codecs, sent, connection.send_rtp))
        return sent

    def _flow(self, *, on: bool) -> None:
        if on == self._flows:
            return
        self._flows = on
        for slot in self._slots:
            slot.flow(on=on)

    def _ask_key_frame(self, packet: RtcpPsfbPacket) -> None:
        for slot in self._slots:
            if slot.feed is not None and any(packet.media_ssrc in {0, one.sent.ssrc} for one in slot.streams):
                slot.feed.ask_key_frame()

    def _send_again(self, packet: RtcpRtpfbPacket) -> None:
        for slot in self._slots:
            for stream in slot.streams:
                up = None if slot.feed is None else slot.feed.up.stream(stream.kind)
                if up is not None and stream.sent.ssrc == packet.media_ssrc:
                    stream.send_again(up, packet.lost, time.monotonic())

    def _tick(self, now_s: float) -> None:
        connection = self._connection
        if connection is None or connection.srtp is None or connection.is_over:
            return
        self._flow(on=connection.consents)
        if now_s - self._reported_s < REPORT_EVERY_S:
            return
        self._reported_s = now_s
        for slot in self._slots:
            for stream in slot.streams:
                up = None if slot.feed is None else slot.feed.up.stream(stream.kind)
                report = None if up is None else stream.report(up)
                if report is not None:
                    connection.send_rtcp(bytes(report))
