"""The connection to one viewer of one source: its streams out, and what the viewer asks for."""

import secrets
import time

from aiortc.rtp import (
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RtcpPacket,
    RtcpPsfbPacket,
    RtcpRtpfbPacket,
)

from server.media.errors import OfferRefused
from server.media.frames import VideoCodec
from server.media.pump import UpTrack, ViewerListener
from server.media.transport.connection import Connection
from server.media.transport.downstream import DownStream
from server.media.transport.patching import patch_ice
from server.media.transport.port import Port
from server.media.transport.rtp import RtpPacket
from server.media.transport.sdp import SentMedia, read_offer, write_answer
from server.media.wire import OfferFault, Patched

DIRECTIONS = frozenset({"recvonly", "sendrecv"})
REPORT_EVERY_S = 1.0


class Subscriber:
    """A `DownLink` on the port."""

    def __init__(self, port: Port, up: UpTrack, listener: ViewerListener) -> None:
        self._port = port
        self._up = up
        self._listener = listener
        self._connection: Connection | None = None
        self._streams: list[DownStream] = []
        self._flows = False
        self._reported_s = 0.0

    async def answer(self, offer_sdp: str) -> str:
        """Answer the offer as `DownLink` says; a kind that the source has not is answered inactive.

        Pictures go out in the codec they come in; an offer without it is refused.
        """
        video = self._up.sent.video
        offer = read_offer(offer_sdp, directions=DIRECTIONS, video=(video,) if video else tuple(VideoCodec))
        connection = self._port.connect(offer, self, tick=self._tick)
        self._connection = connection
        sent: dict[str, SentMedia] = {}
        for media in offer.medias:
            if media.kind not in self._up.tracks:
                continue
            rtx_ssrc = secrets.randbits(32) if media.codec.rtx_type is not None else None
            sent[media.mid] = SentMedia(secrets.randbits(32), rtx_ssrc)
            self._streams.append(DownStream(media.kind, media.codec, sent[media.mid], connection.send_rtp))
        return write_answer(offer, connection.local(self._port.addresses), sent=sent)

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
                self._listener.ask_key_frame()

    def connected(self) -> None:
        """Begin to send."""
        self._flow(on=True)
        self._listener.connected()

    def closed(self, reason: str) -> None:
        """Stop sending, and pass on that the connection is over."""
        self._flow(on=False)
        self._listener.closed(reason)

    def _flow(self, *, on: bool) -> None:
        if on == self._flows:
            return
        self._flows = on
        for stream in self._streams:
            if on:
                stream.begin_anew()
                self._up.attach(stream)
            else:
                self._up.detach(stream)
        if on:
            self._listener.ask_key_frame()

    def _send_again(self, packet: RtcpRtpfbPacket) -> None:
        for stream in self._streams:
            up = self._up.stream(stream.kind)
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
        for stream in self._streams:
            up = self._up.stream(stream.kind)
            report = None if up is None else stream.report(up)
            if report is not None:
                connection.send_rtcp(bytes(report))
