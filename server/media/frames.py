"""Encoded frames and the clocks that place them on the server's time. Pure; nothing here decodes a picture."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

WRAP = 1 << 32
SLEW_MS = 0.5
"""Most a track's offset moves with one frame: far below what an ear or eye notices, 25 ms in a second of sound."""
JUMP_MS = 500.0
"""An offset that is this wrong is not corrected slowly: the sender's clock has jumped."""
WINDOW_MS = 10_000.0
PAUSE_MS = 1_000.0
"""After no packet for this long the offset is learnt anew: a sender that paused need not have counted the time."""
_KEY_HEADER_BYTES = 10
_START_CODE = b"\x9d\x01\x2a"


class TrackKind(StrEnum):
    """The two kinds of media of a source."""

    AUDIO = "audio"
    VIDEO = "video"


class VideoCodec(StrEnum):
    """The codecs of pictures that pass through, by their names in SDP."""

    VP8 = "VP8"
    H264 = "H264"


CLOCK_RATES = {TrackKind.AUDIO: 48_000, TrackKind.VIDEO: 90_000}
"""RTP clock rates of Opus (RFC 7587, 4.1), and of VP8 (RFC 7741, 4.1) and H.264 (RFC 6184, 8.2.1), in Hz."""


@dataclass(frozen=True, slots=True)
class EncodedFrame:
    """One Opus packet or picture, as it was sent; the units of an H.264 picture have start codes (annex B).

    `timestamp` is the RTP timestamp unwrapped to grow for ever, in the track's own clock; `at_ms` places it on the
    server's monotonic clock, comparable between tracks and sources.
    """

    track: TrackKind
    payload: bytes
    timestamp: int
    at_ms: float
    key_size: tuple[int, int] | None
    """Width and height in pixels when this is a key frame."""


def vp8_key_size(payload: bytes) -> tuple[int, int] | None:
    """Return width and height when the VP8 frame is a key frame, else None.

    Source: RFC 6386, 9.1.
    """
    if len(payload) < _KEY_HEADER_BYTES or payload[0] & 1 or payload[3:6] != _START_CODE:
        return None
    width = int.from_bytes(payload[6:8], "little") & 0x3FFF
    height = int.from_bytes(payload[8:10], "little") & 0x3FFF
    return (width, height) if width and height else None


class ArrivalClock:
    """Maps one track's RTP timestamps to the server's clock by when its packets arrive.

    The packet that came fastest in the last 10 to 20 s tells the true offset; a late one was only delayed. The offset
    in use follows slowly, so that the frames of a recording never jump.
    """

    def __init__(self, rate: int) -> None:
        """Take the RTP clock rate in Hz."""
        self._rate = rate
        self._highest: int | None = None
        self._window_end = self._arrived_ms = 0.0
        self._least = self._least_before = float("inf")
        self._offset: float | None = None

    def unwrap(self, timestamp: int) -> int:
        """Return the 32-bit timestamp as one that grows for ever; right within half a wrap of the highest seen."""
        unwrapped = self.near(timestamp)
        self._highest = unwrapped if self._highest is None else max(self._highest, unwrapped)
        return unwrapped

    def near(self, timestamp: int) -> int:
        """Return a 32-bit timestamp unwrapped as `unwrap` does, learning nothing from it."""
        highest = self._highest if self._highest is not None else timestamp
        return highest + (timestamp - highest + WRAP // 2) % WRAP - WRAP // 2

    @property
    def best_ms(self) -> float:
        """The offset of the fastest packet: the server's time less the track's, infinite before the first packet."""
        return min(self._least, self._least_before)

    def snap(self) -> None:
        """Take up the best offset at once."""
        self._offset = self.best_ms

    def note(self, timestamp: int, arrival_ms: float) -> None:
        """Learn from one packet. Args: timestamp: unwrapped; arrival_ms: monotonic."""
        delay = arrival_ms - timestamp * 1000 / self._rate
        if arrival_ms - self._arrived_ms > PAUSE_MS:
            self._window_end, self._least = arrival_ms, float("inf")
        self._arrived_ms = arrival_ms
        if arrival_ms >= self._window_end:
            self._window_end = arrival_ms + WINDOW_MS
            self._least_before, self._least = self._least, delay
        self._least = min(self._least, delay)

    def to_ms(self, timestamp: int) -> float:
        """Return when the frame with this unwrapped timestamp belongs, in ms of the server's monotonic clock."""
        best = self.best_ms
        if self._offset is None or abs(best - self._offset) > JUMP_MS:
            self._offset = best
        self._offset += max(-SLEW_MS, min(SLEW_MS, best - self._offset))
        return timestamp * 1000 / self._rate + self._offset


class DownTrack(Protocol):
    """Whoever gets the frames of a source: a viewer, the recorder, a still. Seen from the server they go down."""

    def take(self, frame: EncodedFrame) -> None:
        """Take one frame in decoding order. Must not block and must bound what it holds."""
        ...

    def lost(self, track: TrackKind) -> None:
        """Know that frames are missing before the next one of this track."""
        ...

    @property
    def needs_key_frame(self) -> bool:
        """Whether nothing can go on without a key frame."""
        ...
