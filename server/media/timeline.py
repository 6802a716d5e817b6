"""The clock of one publication: its sound and its pictures on the server's time, in step with each other. Pure."""

from dataclasses import dataclass, field
from math import isfinite

from server.media.frames import CLOCK_RATES, SLEW_MS, ArrivalClock, TrackKind, VideoCodec

SETTLE_MS = 3_000.0
"""How long the sender's first reports are waited for; a browser's first one of sound comes after 2.5 s."""
APART_MOST_MS = 3_000.0
"""Tracks further apart than this by their reports are not believed: the clock of one has jumped since."""
NTP_MS = 1000 / (1 << 32)


@dataclass
class _Track:
    """One track: when its packets came, what its sender said, and the correction in use."""

    arrival: ArrivalClock
    sent_ms: float | None = None
    """The sender's NTP time less the track's own, in ms, from the last report."""
    correction_ms: float | None = None


@dataclass
class SourceClock:
    """Places the frames of all tracks of one source on the server's monotonic clock.

    Each track is placed by the packet that came fastest. Once every track's sender report has said how the tracks lie
    to each other (RFC 3550, 6.4.1), all follow the one whose packets come fastest, so a path that is slower for
    pictures than for sound moves nothing. Until it is `settled` a placement may change at any time; afterwards it moves
    at most `SLEW_MS` with a frame for what reports say.
    """

    tracks: frozenset[TrackKind]
    settled: bool = False
    _tracks: dict[TrackKind, _Track] = field(init=False)
    _first_ms: float | None = None

    def __post_init__(self) -> None:
        self._tracks = {kind: _Track(ArrivalClock(CLOCK_RATES[kind])) for kind in self.tracks}

    def unwrap(self, kind: TrackKind, timestamp: int) -> int:
        """Return a packet's 32-bit timestamp as one that grows for ever."""
        return self._tracks[kind].arrival.unwrap(timestamp)

    def note(self, kind: TrackKind, timestamp: int, arrival_ms: float) -> None:
        """Learn from a packet. Args: timestamp: unwrapped; arrival_ms: monotonic."""
        self._tracks[kind].arrival.note(timestamp, arrival_ms)
        if self._first_ms is None:
            self._first_ms = arrival_ms
        if not self.settled and (len(self._tracks) == 1 or arrival_ms - self._first_ms > SETTLE_MS):
            self.settle()

    def note_report(self, kind: TrackKind, timestamp: int, ntp: int) -> None:
        """Learn from a sender report. Args: timestamp: its 32-bit RTP timestamp; ntp: its 64-bit NTP timestamp."""
        track = self._tracks[kind]
        track.sent_ms = ntp * NTP_MS - track.arrival.near(timestamp) * 1000 / CLOCK_RATES[kind]
        if not self.settled and all(one.sent_ms is not None for one in self._tracks.values()):
            self.settle()

    def settle(self) -> None:
        """Place everything by what is known now, and let it jump no more."""
        if self.settled:
            return
        self.settled = True
        for track in self._tracks.values():
            if isfinite(track.arrival.best_ms):
                track.arrival.snap()
                track.correction_ms = self._wanted_ms(track)

    def to_ms(self, kind: TrackKind, timestamp: int) -> float:
        """Return when the frame with this unwrapped timestamp belongs, in ms of the server's monotonic clock."""
        track = self._tracks[kind]
        wanted_ms = self._wanted_ms(track)
        if track.correction_ms is None or not self.settled:
            track.correction_ms = wanted_ms
        track.correction_ms += max(-SLEW_MS, min(SLEW_MS, wanted_ms - track.correction_ms))
        return track.arrival.to_ms(timestamp) + track.correction_ms

    def restart(self, kind: TrackKind) -> None:
        """Know that the track's next packets are another stream's, with a clock of its own."""
        self._tracks[kind] = _Track(ArrivalClock(CLOCK_RATES[kind]))

    def _wanted_ms(self, track: _Track) -> float:
        """Return how far a track is to be moved so that all lie to each other as their sender said."""
        if track.sent_ms is None:
            return 0.0
        told = [one.arrival.best_ms - one.sent_ms for one in self._tracks.values() if one.sent_ms is not None]
        moved_ms = min(told) - (track.arrival.best_ms - track.sent_ms)
        return moved_ms if moved_ms >= -APART_MOST_MS else 0.0


@dataclass(frozen=True)
class Sent:
    """What a publication sends; known once its offer was answered."""

    tracks: frozenset[TrackKind]
    video: VideoCodec | None
    """None when it sends no pictures."""
    clock: SourceClock
