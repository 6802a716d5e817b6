"""Where a recording is cut into segments, and what is left out. Pure: frames in, orders for the writer out."""

from dataclasses import dataclass

from server.media.frames import EncodedFrame, TrackKind
from server.media.reports import CloseReason, GapReason

SEGMENT_MS = 6_000.0
"""Length of a segment of sound alone; one with pictures ends at the first key frame after ASK_MS."""
ASK_MS = 5_000.0
FORCE_MS = 10_000.0
"""A segment with pictures ends here even when no key frame came."""
ALONE_AFTER_MS = 3_000.0
"""Sound waits this long for a first key frame, then it is recorded alone."""
GAP_MIN_MS = 250.0
"""A shorter stretch without frames is the sender's own rhythm."""
FRAME_MS = {TrackKind.AUDIO: 20.0, TrackKind.VIDEO: 33.0}
"""How long one frame is heard or seen: browsers send 20 ms of Opus, and about 30 pictures a second."""
_GAPS = {
    CloseReason.PRIVATE: GapReason.PRIVATE,
    CloseReason.INTERRUPTED: GapReason.INTERRUPTED,
    CloseReason.OVERFLOW: GapReason.OVERFLOW,
}
"""What a stop for this reason leaves out until the next segment."""


@dataclass(frozen=True, slots=True)
class Open:
    """Begin a segment. `size` is None when it has sound alone."""

    index: int
    start_ms: float
    size: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Write:
    """Put the frame into the open segment. `at_ms` is on the source's clock."""

    frame: EncodedFrame
    at_ms: float


@dataclass(frozen=True, slots=True)
class Close:
    """End the open segment."""

    end_ms: float
    reason: CloseReason


@dataclass(frozen=True, slots=True)
class Gap:
    """Report a stretch that no segment has; with track VIDEO its sound was recorded."""

    start_ms: float
    end_ms: float
    track: TrackKind | None
    reason: GapReason


Order = Open | Write | Close | Gap


class Cutter:
    """Decides for one source. Frames come in time order, `at_ms` counted from the source's start."""

    def __init__(self, tracks: frozenset[TrackKind]) -> None:
        self.count = 0
        self._tracks = tracks
        self._open: Open | None = None
        self._end_ms = self._closed_ms = 0.0
        self._waits_since: float | None = None
        self._gap: tuple[float, GapReason] | None = (0.0, GapReason.NO_KEY_FRAME)
        self._video_gap: tuple[float, GapReason] | None = None

    @property
    def wants_key_frame(self) -> bool:
        """Whether a key frame would let it cut, or begin to record pictures."""
        if TrackKind.VIDEO not in self._tracks:
            return False
        if self._open is None or self._open.size is None or self._video_gap is not None:
            return True
        return self._end_ms - self._open.start_ms >= ASK_MS

    def feed(self, frame: EncodedFrame, at_ms: float) -> list[Order]:
        """Return what to do with one frame and before it."""
        at_ms = max(0.0, at_ms)
        self._end_ms = max(self._end_ms, at_ms + FRAME_MS[frame.track])
        orders = self._force(at_ms)
        if frame.key_size is not None:
            orders += self._see_key(frame.key_size, at_ms)
        elif frame.track is TrackKind.AUDIO:
            orders += self._see_sound(at_ms)
        if self._open is not None and self._takes(frame):
            orders.append(Write(frame, at_ms))
        return orders

    def lose_video(self) -> None:
        """Know that pictures are missing: those up to the next key frame are of no use."""
        if self._open is not None and self._open.size is not None and self._video_gap is None:
            self._video_gap = (self._end_ms, GapReason.LOST)

    @property
    def is_open(self) -> bool:
        """Whether a segment is being written."""
        return self._open is not None

    def stop(self, reason: CloseReason) -> list[Order]:
        """End the open segment now; the next frames begin another. Args: reason: a key of `_GAPS`."""
        orders: list[Order] = []
        if self._open is not None:
            orders = self._end_video_gap(self._end_ms) + self._close(self._end_ms, reason)
        start_ms = self._end_ms if self._gap is None else self._gap[0]
        self._gap = (start_ms, _GAPS[reason])
        self._waits_since = None
        return orders

    def finish(self, end_ms: float) -> list[Order]:
        """End the recording. Args: end_ms: when the source ended, for a gap that lasts until then."""
        if self._open is not None:
            return self._end_video_gap(self._end_ms) + self._close(self._end_ms, CloseReason.ENDED)
        return self._end_gap(max(end_ms, self._end_ms))

    def _takes(self, frame: EncodedFrame) -> bool:
        if frame.track is TrackKind.AUDIO:
            return True
        return self._open is not None and self._open.size is not None and self._video_gap is None

    def _force(self, at_ms: float) -> list[Order]:
        if self._open is None or self._open.size is None or at_ms - self._open.start_ms < FORCE_MS:
            return []
        self._gap = (at_ms, GapReason.NO_KEY_FRAME)
        orders = self._end_video_gap(at_ms) + self._close(at_ms, CloseReason.FORCED)
        self._waits_since = at_ms - ALONE_AFTER_MS
        return orders

    def _see_key(self, size: tuple[int, int], at_ms: float) -> list[Order]:
        orders = self._end_video_gap(at_ms)
        if self._open is None:
            return orders + self._begin(at_ms, size)
        if self._open.size != size:
            return orders + self._close(at_ms, CloseReason.RESIZED) + self._begin(at_ms, size)
        if at_ms - self._open.start_ms >= ASK_MS:
            return orders + self._close(at_ms, CloseReason.CUT) + self._begin(at_ms, size)
        return orders

    def _see_sound(self, at_ms: float) -> list[Order]:
        if self._open is not None:
            if self._open.size is None and at_ms - self._open.start_ms >= SEGMENT_MS:
                return self._close(at_ms, CloseReason.CUT) + self._begin(at_ms, None)
            return []
        if self._waits_since is None:
            self._waits_since = at_ms
        if TrackKind.VIDEO not in self._tracks:
            return self._begin(at_ms, None)
        if at_ms - self._waits_since >= ALONE_AFTER_MS:
            orders = self._begin(at_ms, None)
            self._video_gap = (at_ms, GapReason.NO_KEY_FRAME)
            return orders
        return []

    def _begin(self, at_ms: float, size: tuple[int, int] | None) -> list[Order]:
        # How long the last frame before a stop lasts is an estimate; the next may come sooner.
        at_ms = max(at_ms, self._closed_ms)
        orders = self._end_gap(at_ms)
        self._open = Open(self.count, at_ms, size)
        self.count += 1
        self._waits_since = None
        return [*orders, self._open]

    def _close(self, end_ms: float, reason: CloseReason) -> list[Order]:
        self._open = None
        self._closed_ms = end_ms
        return [Close(end_ms, reason)]

    def _end_video_gap(self, end_ms: float) -> list[Order]:
        orders: list[Order] = []
        if self._video_gap is not None and end_ms > self._video_gap[0]:
            start_ms, reason = self._video_gap
            orders.append(Gap(start_ms, end_ms, TrackKind.VIDEO, reason))
        self._video_gap = None
        return orders

    def _end_gap(self, end_ms: float) -> list[Order]:
        orders: list[Order] = []
        if self._gap is not None and end_ms - self._gap[0] >= GAP_MIN_MS:
            orders.append(Gap(self._gap[0], end_ms, None, self._gap[1]))
        self._gap = None
        return orders
