"""Packets of one stream put in order, and frames put together from them. Pure; nothing here decodes a picture."""

from collections.abc import Callable
from dataclasses import dataclass

from server.media.frames import EncodedFrame, TrackKind
from server.media.timeline import SourceClock
from server.media.transport.codecs import VideoFormat
from server.media.transport.upstream import UpPacket

HOLD_S = {TrackKind.AUDIO: 0.25, TrackKind.VIDEO: 1.0}
"""How long a missing packet is waited for: four round trips of a long line, and nobody waits for what is recorded."""
WAITING_MOST = 1024
"""Packets behind a hole; more are not waited with."""
EARLY_MOST = 64
"""Packets kept from before a key frame begins: its own may overtake its first."""


@dataclass(frozen=True)
class FrameSink:
    """Who gets the frames, in decoding order, and is told where some are missing."""

    frame: Callable[[EncodedFrame], None]
    lost: Callable[[TrackKind], None]


class Assembler:
    """One stream's frames. Sound is one packet a frame; pictures begin with a key frame, and again after each loss."""

    def __init__(self, form: VideoFormat | None, clock: SourceClock, sink: FrameSink) -> None:
        """Take the pictures' codec, None for sound; the source's clock; and who gets the frames."""
        self._kind = TrackKind.AUDIO if form is None else TrackKind.VIDEO
        self._form = form
        self._sink = sink
        self._clock = clock
        self._waiting: dict[int, UpPacket] = {}
        self._early: dict[int, UpPacket] = {}
        self._next: int | None = None
        self._from = 0
        """The first packet that may still be part of a frame."""
        self._hole_s: float | None = None
        self._pictures = None if form is None else form.pictures()

    def take(self, packet: UpPacket, arrived_s: float, *, again: bool) -> None:
        """Take a packet once. Args: again: it was asked for anew, so its arrival says nothing of the path."""
        timestamp = self._clock.unwrap(self._kind, packet.timestamp)
        if not again:
            self._clock.note(self._kind, timestamp, arrived_s * 1000)
        if packet.index < self._from:
            return
        if self._next is None:
            self._begin(packet)
        if self._next is None or packet.index < self._next:
            return
        if packet.index == self._next and not self._waiting:
            self._next += 1
            self._add(packet, arrived_s)
            return
        self._waiting[packet.index] = packet
        self._drain(arrived_s)
        if len(self._waiting) > WAITING_MOST:
            self._give_up(arrived_s)

    def tick(self, now_s: float) -> None:
        """Give up a hole that was waited for long enough."""
        if self._hole_s is not None and now_s - self._hole_s > HOLD_S[self._kind]:
            self._give_up(now_s)

    def restart(self) -> None:
        """Begin anew with another stream's packets."""
        self._clear()
        self._from = 0
        self._clock.restart(self._kind)

    def pass_over(self, last: int) -> None:
        """Begin anew after a packet, the last that was sent of all that came; nothing before it becomes a frame."""
        self._from = last + 1
        self._clear()
        self._sink.lost(self._kind)

    def _clear(self) -> None:
        self._waiting.clear()
        self._early.clear()
        if self._pictures is not None:
            self._pictures.clear()
        self._next = self._hole_s = None

    def _begin(self, packet: UpPacket) -> None:
        """Begin with a packet, if it may; one that may not waits for a beginning that it overtook."""
        if self._may_begin(packet):
            self._next = packet.index
            self._waiting = {index: early for index, early in self._early.items() if index > packet.index}
            self._early.clear()
            return
        self._early[packet.index] = packet
        if len(self._early) > EARLY_MOST:
            del self._early[next(iter(self._early))]

    def _drain(self, now_s: float) -> None:
        moved = False
        while self._next is not None and (packet := self._waiting.pop(self._next, None)) is not None:
            self._next += 1
            moved = True
            self._add(packet, now_s)
        if not self._waiting:
            self._hole_s = None
        elif moved or self._hole_s is None:
            self._hole_s = now_s

    def _give_up(self, now_s: float) -> None:
        """Go on after what is missing: with the next sound, or the next key frame."""
        if self._pictures is not None:
            self._pictures.clear()
        later = sorted(index for index, packet in self._waiting.items() if self._may_begin(packet))
        self._sink.lost(self._kind)
        if not later:
            self._waiting.clear()
            self._next = self._hole_s = None
            return
        self._next = later[0]
        self._waiting = {index: packet for index, packet in self._waiting.items() if index >= later[0]}
        self._drain(now_s)

    def _may_begin(self, packet: UpPacket) -> bool:
        return self._kind is TrackKind.AUDIO or packet.is_key

    def _add(self, packet: UpPacket, now_s: float) -> None:
        if not packet.payload:
            return  # padding, sent to try the path
        if self._pictures is None:
            self._emit(packet.payload, packet.timestamp)
            return
        if not packet.is_key and self._pictures.breaks_off(packet.payload, packet.timestamp):
            # What follows refers to a picture of which a part was never sent.
            self._give_up(now_s)
            return
        for picture, timestamp in self._pictures.take(packet.payload, packet.timestamp, marker=packet.marker):
            self._emit(picture, timestamp)

    def _emit(self, payload: bytes, timestamp: int) -> None:
        at = self._clock.unwrap(self._kind, timestamp)
        size = None if self._form is None else self._form.key_size(payload)
        self._sink.frame(EncodedFrame(self._kind, payload, at, self._clock.to_ms(self._kind, at), size))
