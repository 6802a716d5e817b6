"""The connection of one publication: its streams in, its feedback out, and its packets on to whoever is attached."""

import secrets
import time
from dataclasses import dataclass, field

from aiortc.rtp import (
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RtcpPacket,
    RtcpPsfbPacket,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtcpSrPacket,
)

from server.media.errors import OfferRefused
from server.media.frames import TrackKind, VideoCodec
from server.media.pump import PacketSink, UpListener
from server.media.timeline import Sent, SourceClock
from server.media.transport.assembly import Assembler, FrameSink
from server.media.transport.codecs import FORMATS
from server.media.transport.connection import Connection
from server.media.transport.patching import patch_ice
from server.media.transport.port import Port
from server.media.transport.rtp import RtpPacket
from server.media.transport.sdp import TRANSPORT_CC, OfferedMedia, read_offer, write_answer
from server.media.transport.twcc import ArrivalTimes
from server.media.transport.upstream import UpStream
from server.media.wire import OfferFault, Patched

DIRECTIONS = frozenset({"sendonly", "sendrecv"})
TWCC_EVERY_S = 0.1
REPORT_EVERY_S = 1.0
STREAMS_MOST = 32
"""Streams that one connection may begin one after another; SRTP keeps something of each for as long as it lasts."""


@dataclass
class _Track:
    """One kind of media of the publication."""

    media: OfferedMedia
    assembler: Assembler
    stream: UpStream | None = None
    given_up: int = 0
    """Packets of the stream that the port has counted as such."""
    down: list[PacketSink] = field(default_factory=list)


class Publisher:
    """An `UpTrack` on the port."""

    def __init__(self, port: Port, listener: UpListener) -> None:
        self._port = port
        self._listener = listener
        self._connection: Connection | None = None
        self._begun = 0
        self._tracks: dict[TrackKind, _Track] = {}
        self._by_type: dict[int, tuple[_Track, bool]] = {}
        """Track of a payload type, and whether that is the one of its retransmissions."""
        self._sent = Sent(frozenset(), None, SourceClock(frozenset()))
        self._ssrc = secrets.randbits(32)
        self._arrivals = ArrivalTimes()
        self._twcc_id: int | None = None
        self._told_s = self._reported_s = 0.0

    @property
    def tracks(self) -> frozenset[TrackKind]:
        """The kinds the offer has; known once answered."""
        return frozenset(self._tracks)

    @property
    def sent(self) -> Sent:
        """What the publication sends and its clock; known once answered."""
        return self._sent

    @property
    def needs_key_frame(self) -> bool:
        """Whether somebody attached can go on with nothing else."""
        return any(down.needs_key_frame for track in self._tracks.values() for down in track.down)

    async def answer(self, offer_sdp: str, video: tuple[VideoCodec, ...]) -> str:
        """Answer the offer as `UpTrack` says."""
        offer = read_offer(offer_sdp, directions=DIRECTIONS, video=video)
        sink = FrameSink(self._listener.frame, self._listener.lost)
        kinds = frozenset(media.kind for media in offer.medias)
        self._sent = Sent(kinds, offer.video, SourceClock(kinds))
        for media in offer.medias:
            form = FORMATS[VideoCodec(media.codec.name)] if media.kind is TrackKind.VIDEO else None
            track = _Track(media, Assembler(form, self._sent.clock, sink))
            self._tracks[media.kind] = track
            self._by_type[media.codec.payload_type] = track, False
            if media.codec.rtx_type is not None:
                self._by_type[media.codec.rtx_type] = track, True
            if "transport-cc" in media.codec.feedback:
                self._twcc_id = media.extensions.get(TRANSPORT_CC, self._twcc_id)
        self._connection = self._port.connect(offer, self, tick=self._tick)
        return write_answer(offer, self._connection.local(self._port.addresses))

    def attach(self, down: PacketSink) -> None:
        """Send packets of its kind to `down` from the next one on; a kind that is not sent is no error."""
        track = self._tracks.get(down.kind)
        if track is not None:
            track.down.append(down)

    def detach(self, down: PacketSink) -> None:
        """Stop sending to `down`; one that was not attached is no error."""
        track = self._tracks.get(down.kind)
        if track is not None and down in track.down:
            track.down.remove(down)

    def stream(self, kind: TrackKind) -> UpStream | None:
        """Return the stream of a kind, None before its first packet."""
        track = self._tracks.get(kind)
        return track.stream if track is not None else None

    async def ask_key_frame(self) -> None:
        """Send one PLI; nothing can be asked before the first packet told its SSRC."""
        stream = self.stream(TrackKind.VIDEO)
        if stream is not None:
            self._tell(RtcpPsfbPacket(fmt=RTCP_PSFB_PLI, ssrc=self._ssrc, media_ssrc=stream.ssrc))

    def pass_over(self) -> None:
        """Begin anew with what is sent from now on."""
        for track in self._tracks.values():
            if track.stream is not None:
                track.assembler.pass_over(track.stream.highest)

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
        if self._connection is not None:
            self._port.remove(self._connection)

    def take_rtp(self, packet: RtpPacket, arrived_s: float) -> None:
        """Take a packet as `Media` says."""
        if self._twcc_id is not None:
            number = packet.extension(self._twcc_id)
            if number is not None:
                self._arrivals.note(int.from_bytes(number), arrived_s)
        track, again = self._by_type.get(packet.payload_type, (None, False))
        if track is None:
            return
        stream = track.stream
        if again:
            if stream is None or len(packet.payload) < 2:  # noqa: PLR2004  (RFC 4588, 4: the lost packet's seq)
                return
            packet.seq, packet.payload = int.from_bytes(packet.payload[:2]), packet.payload[2:]
        elif stream is None or stream.ssrc != packet.ssrc:
            if self._is_out_of_streams():
                return
            stream = self._begin(track, packet.ssrc)
        passed = stream.take(packet, arrived_s, again=again)
        if passed is None:
            return
        for down in track.down:
            down.take(passed)
        track.assembler.take(passed, arrived_s, again=again)

    def take_rtcp(self, datagram: bytes) -> None:
        """Take sender reports; what else a publisher says is of no use here."""
        for packet in RtcpPacket.parse(datagram):
            if not isinstance(packet, RtcpSrPacket):
                continue
            for track in self._tracks.values():
                if track.stream is not None and track.stream.ssrc == packet.ssrc:
                    track.stream.note_report(packet, time.monotonic())
                    info = packet.sender_info
                    self._sent.clock.note_report(track.media.kind, info.rtp_timestamp, info.ntp_timestamp)

    def connected(self) -> None:
        """Pass on that the connection is up."""
        self._listener.connected()

    def closed(self, reason: str) -> None:
        """Pass on that the connection is over."""
        self._listener.closed(reason)

    def _is_out_of_streams(self) -> bool:
        """Say whether no other stream may begin; said once to whoever owns the connection, who ends it."""
        if self._begun == STREAMS_MOST:
            self._begun += 1
            self._listener.closed("too_many_streams")
        return self._begun > STREAMS_MOST

    def _begin(self, track: _Track, ssrc: int) -> UpStream:
        """Take up a stream; a second one of the same kind takes the place of the first."""
        self._begun += 1
        if track.stream is not None:
            track.assembler.restart()
            for down in track.down:
                down.begin_anew()
            if track.media.kind is TrackKind.VIDEO:
                self._listener.lost(track.media.kind)
        track.given_up = 0
        track.stream = UpStream(track.media.kind, ssrc, video=self._sent.video or VideoCodec.VP8)
        return track.stream

    def _tick(self, now_s: float) -> None:
        for track in self._tracks.values():
            track.assembler.tick(now_s)
            stream = track.stream
            if stream is None:
                continue
            missing = stream.due(now_s)
            self._port.given_up += stream.given_up - track.given_up
            track.given_up = stream.given_up
            if missing:
                self._tell(RtcpRtpfbPacket(fmt=RTCP_RTPFB_NACK, ssrc=self._ssrc, media_ssrc=stream.ssrc, lost=missing))
        if now_s - self._told_s >= TWCC_EVERY_S:
            self._told_s = now_s
            # It is about all streams, but browsers pass over one that names none of theirs.
            media_ssrc = next((track.stream.ssrc for track in self._tracks.values() if track.stream is not None), 0)
            for feedback in self._arrivals.feedback(self._ssrc, media_ssrc):
                self._send(feedback)
        if now_s - self._reported_s >= REPORT_EVERY_S:
            self._reported_s = now_s
            streams = [track.stream for track in self._tracks.values() if track.stream is not None]
            reports = [block for stream in streams if (block := stream.report(now_s)) is not None]
            if reports:
                self._tell(RtcpRrPacket(ssrc=self._ssrc, reports=reports))

    def _tell(self, packet: RtcpRrPacket | RtcpPsfbPacket | RtcpRtpfbPacket) -> None:
        self._send(bytes(packet))

    def _send(self, datagram: bytes) -> None:
        if self._connection is not None:
            self._connection.send_rtcp(datagram)
