"""One incoming stream: its packets once each, what is missing and asked for again, what its sender is told. Pure."""

from dataclasses import dataclass

from aiortc.rtp import RtcpReceiverInfo, RtcpSrPacket

from server.media.frames import CLOCK_RATES, TrackKind, VideoCodec
from server.media.transport.codecs import FORMATS
from server.media.transport.rtp import WRAP, RtpPacket, Unwrapper

KEPT = {TrackKind.AUDIO: 64, TrackKind.VIDEO: 1024}
"""Packets kept for viewers who lost one: over a second of sound, some two of a sharp picture."""
ASK_AFTER_S = 0.01
"""A hole younger than this may be packets that overtook each other."""
ASK_EVERY_S, ASK_SLOWLY_S, ASK_QUICKLY = 0.04, 0.1, 3
"""A lost packet is asked for again after 40 ms three times, then every 100 ms."""
ASK_MOST = {TrackKind.AUDIO: 3, TrackKind.VIDEO: 12}
"""Times a packet is asked for; sound that is older than this is no longer waited for by anybody."""
HOLE_MOST = 500
"""More packets missing at once than this are not asked for: the path was gone, and a key frame is quicker."""
GONE_S, GONE_MOST = 1.0, 8
"""More than a few missing after a silence as long as this are not asked for either, for the same reason; a screen that
stands still is silent, too, and what it then loses is asked for."""
ASK_AT_ONCE = 250
"""Packets in one NACK: however they lie, it fits a datagram. What is left is asked for with the next one."""
LOST_MOST = 0x7FFFFF
"""The count of lost packets in a report stops here (RFC 3550, 6.4.1: 24 bits with a sign)."""
NTP_FRACTION = 1 << 16


class UpPacket:
    """One packet of a stream as it goes on. `index` is its seq unwrapped."""

    __slots__ = ("index", "is_key", "marker", "payload", "timestamp")

    def __init__(self, index: int, packet: RtpPacket, *, is_key: bool) -> None:
        self.index = index
        self.timestamp = packet.timestamp
        self.marker = packet.marker
        self.payload = packet.payload
        self.is_key = is_key
        """Whether a key frame begins with it."""


@dataclass(slots=True)
class _Hole:
    """A missing packet: when its absence was noticed, how often it was asked for, and when next."""

    since_s: float
    asked: int
    next_s: float


@dataclass(frozen=True)
class SenderTime:
    """A sender's clock, from its last report: NTP time (64 bits, seconds in the upper half) of an RTP timestamp."""

    ntp: int
    timestamp: int
    arrived_s: float


class UpStream:
    """Order and loss of one SSRC. Times are monotonic seconds."""

    def __init__(self, kind: TrackKind, ssrc: int, *, video: VideoCodec = VideoCodec.VP8) -> None:
        """Take the kind, the SSRC and, where it has pictures, their codec."""
        self.kind = kind
        self.ssrc = ssrc
        self.sender_time: SenderTime | None = None
        self.given_up = 0
        """Packets that were asked for in vain."""
        self._starts_key_frame = FORMATS[video].starts_key_frame
        self._unwrap = Unwrapper()
        self._size = KEPT[kind]
        self._kept: list[UpPacket | None] = [None] * self._size
        self._holes: dict[int, _Hole] = {}
        self._first: int | None = None
        self._newest_s = 0.0
        """When the highest seq so far arrived."""
        self._received = 0
        self._reported = (0, 0)
        """Packets expected and received at the last report."""
        self._jitter = 0.0
        self._transit: float | None = None

    def take(self, packet: RtpPacket, arrived_s: float, *, again: bool = False) -> UpPacket | None:
        """Return the packet to pass on; None for one that came before.

        Args: again: it came as an answer to a NACK, so its arrival says nothing of the path.
        """
        before = self._unwrap.highest
        index = self._unwrap(packet.seq)
        kept = self._kept[index % self._size]
        if kept is not None and kept.index >= index:
            return None
        is_key = self.kind is TrackKind.VIDEO and self._starts_key_frame(packet.payload)
        passed = UpPacket(index, packet, is_key=is_key)
        self._kept[index % self._size] = passed
        self._received += 1
        if self._first is None:
            self._first = index
        if before is None or index > before:
            if before is not None and index > before + 1:
                self._note_holes(before + 1, index, arrived_s)
            self._newest_s = arrived_s
        elif self._holes:
            self._holes.pop(index, None)
        if not again:
            self._measure(packet.timestamp, arrived_s)
        return passed

    def find(self, index: int) -> UpPacket | None:
        """Return a packet that is still kept."""
        kept = self._kept[index % self._size]
        return kept if kept is not None and kept.index == index else None

    @property
    def highest(self) -> int:
        """The highest index so far; -1 for none."""
        return -1 if self._unwrap.highest is None else self._unwrap.highest

    def due(self, now_s: float) -> list[int]:
        """Return the seqs to ask for now in one NACK, and give up those asked for often enough.

        Ascending: its form counts upwards from the first (RFC 4585, 6.2.1), so one ends where the seqs wrap.
        """
        asked: list[int] = []
        for index in list(self._holes):
            hole = self._holes[index]
            if hole.next_s > now_s:
                continue
            if hole.asked >= ASK_MOST[self.kind]:
                del self._holes[index]
                self.given_up += 1
                continue
            if len(asked) == ASK_AT_ONCE or (asked and index % WRAP < asked[0]):
                break
            hole.asked += 1
            hole.next_s = now_s + (ASK_EVERY_S if hole.asked <= ASK_QUICKLY else ASK_SLOWLY_S)
            asked.append(index % WRAP)
        return asked

    def note_report(self, report: RtcpSrPacket, arrived_s: float) -> None:
        """Take the sender's report."""
        info = report.sender_info
        self.sender_time = SenderTime(info.ntp_timestamp, info.rtp_timestamp, arrived_s)

    def report(self, now_s: float) -> RtcpReceiverInfo | None:
        """Return a reception report block (RFC 3550, 6.4.1), None before the first packet."""
        if self._first is None:
            return None
        expected = self.highest - self._first + 1
        was_expected, was_received = self._reported
        new, came = expected - was_expected, self._received - was_received
        self._reported = (expected, self._received)
        lost = max(0, new - came)
        sender = self.sender_time
        return RtcpReceiverInfo(
            ssrc=self.ssrc,
            fraction_lost=min(255, lost * 256 // new) if new > 0 else 0,
            packets_lost=max(0, min(LOST_MOST, expected - self._received)),
            highest_sequence=self.highest % (1 << 32),
            jitter=int(self._jitter),
            lsr=(sender.ntp >> 16) & 0xFFFFFFFF if sender else 0,
            dlsr=min(int((now_s - sender.arrived_s) * NTP_FRACTION), 0xFFFFFFFF) if sender else 0,
        )

    def _note_holes(self, first: int, end: int, now_s: float) -> None:
        was_gone = now_s - self._newest_s > GONE_S and end - first > GONE_MOST
        if was_gone or end - first + len(self._holes) > HOLE_MOST:
            self.given_up += end - first + len(self._holes)
            self._holes.clear()
            return
        for index in range(first, end):
            self._holes[index] = _Hole(now_s, 0, now_s + ASK_AFTER_S)

    def _measure(self, timestamp: int, arrived_s: float) -> None:
        transit = arrived_s * CLOCK_RATES[self.kind] - timestamp
        if self._transit is not None:
            moved = abs(transit - self._transit)
            if moved < CLOCK_RATES[self.kind]:  # more is a wrap or a new clock, not jitter
                self._jitter += (moved - self._jitter) / 16
        self._transit = transit
