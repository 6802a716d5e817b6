"""One outgoing stream to one viewer: headers anew, what was lost once more, and the sender's clock. Never decodes."""

import secrets
import time
from collections.abc import Callable

from aiortc.rtp import RtcpSenderInfo, RtcpSrPacket

from server.media.frames import CLOCK_RATES, TrackKind
from server.media.transport.rtp import HEADER, WRAP, write_rtp
from server.media.transport.sdp import Codec, SentMedia
from server.media.transport.upstream import UpPacket, UpStream

AGAIN_A_S = 300.0
"""Packets sent again to one viewer in a second; more is a line that is full, or somebody who plays with us."""
_VERSION, _MARKER = 0x80, 0x80
_OCTETS = 1 << 32
_TIMES = 1 << 32


class DownStream:
    """What a viewer gets of one stream, from a key frame on where there are pictures."""

    def __init__(
        self, kind: TrackKind, codecs: tuple[Codec, ...], sent: SentMedia, send: Callable[[bytes], None]
    ) -> None:
        """Take the codecs the viewer takes, of which the first is used until `take_codec` says another."""
        self.kind = kind
        self.sent = sent
        self.needs_key_frame = kind is TrackKind.VIDEO
        self._codecs = codecs
        self._ssrc = sent.ssrc
        self._use(codecs[0])
        self._send = send
        self._shift = 0
        """What is added to an index to get the seq sent."""
        self._next_seq = secrets.randbelow(WRAP // 2)
        """What the first packet gets; a random one, and low, so that no receiver takes it for a wrap."""
        self._first: int | None = None
        self._newest = self._newest_time = 0
        self._time_shift = 0
        """What is added to a timestamp: unless time goes on, a receiver takes another's pictures for old ones."""
        self._paused_s: float | None = None
        self._packets = self._octets = 0
        self._rtx_seq = secrets.randbelow(WRAP // 2)
        self._tokens, self._tokens_s = AGAIN_A_S, 0.0

    def take(self, packet: UpPacket) -> None:
        """Send a packet on."""
        index = packet.index
        if self._first is None:
            if self.needs_key_frame and not packet.is_key:
                return
            self.needs_key_frame = False
            self._begin(packet)
        elif index < self._first:
            return  # from before the key frame the viewer began with
        if index >= self._newest:
            self._newest, self._newest_time = index, packet.timestamp
        payload = packet.payload
        self._packets += 1
        self._octets += len(payload)
        second = self._marked_type if packet.marker else self._type
        seq, timestamp = (index + self._shift) % WRAP, (packet.timestamp + self._time_shift) % _TIMES
        self._send(HEADER.pack(_VERSION, second, seq, timestamp, self._ssrc) + payload)

    def take_codec(self, name: str) -> bool:
        """Send in another codec from the next stream on. Returns: whether the viewer takes it."""
        codec = next((one for one in self._codecs if one.name == name), None)
        if codec is not None:
            self._use(codec)
        return codec is not None

    def begin_anew(self) -> None:
        """Take the next packets from another stream, or after a pause: without a hole in the seqs sent."""
        if self._first is not None:
            self._next_seq = (self._newest + self._shift + 1) % WRAP
            self._first = None
            self._paused_s = time.monotonic()
        self.needs_key_frame = self.kind is TrackKind.VIDEO

    def send_again(self, up: UpStream, seqs: list[int], now_s: float) -> None:
        """Send what the viewer misses, as far as it is still kept and the viewer has not had its share."""
        if self._first is None:
            return
        self._tokens = min(AGAIN_A_S, self._tokens + (now_s - self._tokens_s) * AGAIN_A_S)
        self._tokens_s = now_s
        newest = (self._newest + self._shift) % WRAP
        for asked in seqs:
            seq = asked % WRAP  # a NACK's bit mask counts on beyond the wrap
            index = self._newest - (newest - seq) % WRAP
            packet = up.find(index) if index >= self._first else None
            if self._tokens < 1:
                return
            if packet is None:
                continue
            self._tokens -= 1
            self._send(self._again(packet, seq))

    def report(self, up: UpStream) -> RtcpSrPacket | None:
        """Return the sender's last report under our SSRC and counts; None before it gave one."""
        known = up.sender_time
        if known is None or self._first is None:
            return None
        info = RtcpSenderInfo(
            ntp_timestamp=known.ntp,
            rtp_timestamp=(known.timestamp + self._time_shift) % _TIMES,
            packet_count=self._packets % _OCTETS,
            octet_count=self._octets % _OCTETS,
        )
        return RtcpSrPacket(ssrc=self.sent.ssrc, sender_info=info)

    def _use(self, codec: Codec) -> None:
        self._codec = codec
        self._type, self._marked_type = codec.payload_type, codec.payload_type | _MARKER

    def _begin(self, packet: UpPacket) -> None:
        """Go on with this packet: the seqs after the last one sent, the time by as much as it took."""
        if self._paused_s is not None:
            passed = int((time.monotonic() - self._paused_s) * CLOCK_RATES[self.kind]) + 1
            self._time_shift = (self._newest_time + self._time_shift + passed - packet.timestamp) % _TIMES
            self._paused_s = None
        self._first = self._newest = packet.index
        self._newest_time = packet.timestamp
        self._shift = self._next_seq - packet.index

    def _time(self, packet: UpPacket) -> int:
        return (packet.timestamp + self._time_shift) % _TIMES

    def _again(self, packet: UpPacket, seq: int) -> bytes:
        rtx_type, rtx_ssrc = self._codec.rtx_type, self.sent.rtx_ssrc
        if rtx_type is None or rtx_ssrc is None:
            return write_rtp(
                self._codec.payload_type, seq, self._time(packet), self.sent.ssrc, packet.payload, marker=packet.marker
            )
        self._rtx_seq = (self._rtx_seq + 1) % WRAP
        payload = seq.to_bytes(2) + packet.payload
        return write_rtp(rtx_type, self._rtx_seq, self._time(packet), rtx_ssrc, payload, marker=packet.marker)
