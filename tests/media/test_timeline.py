"""Sound and pictures of a source on one clock: RFC 3550, 6.4.1, and arrival where no report came."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.media.frames import CLOCK_RATES, SLEW_MS, TrackKind
from server.media.timeline import SETTLE_MS, SourceClock

AUDIO, VIDEO = TrackKind.AUDIO, TrackKind.VIDEO
BOTH = frozenset(TrackKind)
NTP_S = 3_900_000_000
FIRST = {AUDIO: 4_294_900_000, VIDEO: 77_000_000}
"""RTP timestamps at the sender's zero; sound wraps soon."""


def rtp(kind: TrackKind, at_ms: float) -> int:
    """Return the 32-bit timestamp of a moment of the sender's."""
    return round(FIRST[kind] + at_ms * CLOCK_RATES[kind] / 1000) % (1 << 32)


class Sender:
    """A sender whose packets take longer for one track than for the other, and what its clock makes of them."""

    def __init__(self, delay_ms: dict[TrackKind, float], *, tracks: frozenset[TrackKind] = BOTH) -> None:
        self.clock = SourceClock(tracks)
        self._delay_ms = delay_ms

    def send(self, kind: TrackKind, at_ms: float) -> float:
        """Send a packet of a moment, and return where it was placed."""
        timestamp = self.clock.unwrap(kind, rtp(kind, at_ms))
        self.clock.note(kind, timestamp, at_ms + self._delay_ms[kind])
        return self.clock.to_ms(kind, timestamp)

    def report(self, kind: TrackKind, at_ms: float) -> None:
        """Send a report of a moment."""
        self.clock.note_report(kind, rtp(kind, at_ms), round((NTP_S + at_ms / 1000) * (1 << 32)))


@pytest.mark.parametrize(("sound_ms", "picture_ms"), [(20, 320), (320, 20), (20, 20), (1_500, 20)])
def test_path_that_is_slower_for_one_track_is_taken_out(sound_ms: float, picture_ms: float) -> None:
    """Both tracks follow the quicker path as soon as both have reported; until then each is placed by its arrival."""
    sender = Sender({AUDIO: sound_ms, VIDEO: picture_ms})
    assert sender.send(AUDIO, 0) == pytest.approx(sound_ms)
    assert sender.send(VIDEO, 0) == pytest.approx(picture_ms)
    sender.report(VIDEO, 500)
    assert not sender.clock.settled
    sender.report(AUDIO, 900)
    assert sender.clock.settled
    for at_ms in range(1_000, 3_000, 100):
        assert sender.send(AUDIO, at_ms) - at_ms == pytest.approx(min(sound_ms, picture_ms), abs=0.1)
        assert sender.send(VIDEO, at_ms) - at_ms == pytest.approx(min(sound_ms, picture_ms), abs=0.1)


def test_report_that_comes_late_moves_frames_slowly() -> None:
    """After the clock has settled without reports nothing jumps any more, and in the end sound and picture agree."""
    sender, placed = Sender({AUDIO: 20, VIDEO: 320}), dict[TrackKind, list[float]](AUDIO=[])
    placed = {AUDIO: [], VIDEO: []}
    for at_ms in range(0, 60_000, 40):
        if at_ms % 5_000 == 4_000:
            for kind in TrackKind:
                sender.report(kind, at_ms)
        for kind in TrackKind:
            placed[kind].append(sender.send(kind, at_ms) - at_ms)
    assert sender.clock.settled
    assert placed[VIDEO][0] - placed[AUDIO][0] == pytest.approx(300)
    assert placed[VIDEO][-1] - placed[AUDIO][-1] == pytest.approx(0, abs=0.1)
    for offsets in placed.values():
        assert all(abs(later - earlier) <= 2 * SLEW_MS + 0.01 for earlier, later in pairwise(offsets))


def test_clock_of_a_sender_that_drifts_is_followed_by_each_report() -> None:
    """Sound of which a second lasts 1.0005 s: without reports it would be half a second off after a quarter hour."""
    sender = Sender({AUDIO: 20, VIDEO: 20})
    apart = 0.0
    for at_ms in range(0, 120_000, 40):
        real_ms = at_ms * 1.0005
        timestamp = sender.clock.unwrap(AUDIO, rtp(AUDIO, at_ms))
        sender.clock.note(AUDIO, timestamp, real_ms + 20)
        if at_ms % 5_000 == 0:
            sender.clock.note_report(AUDIO, rtp(AUDIO, at_ms), round((NTP_S + real_ms / 1000) * (1 << 32)))
            sender.report(VIDEO, real_ms)
        apart = sender.clock.to_ms(AUDIO, timestamp) - sender.send(VIDEO, real_ms)
    assert abs(apart) < 6


def test_clock_settles_without_reports_after_its_time() -> None:
    """A sender of one track needs none."""
    sender = Sender({AUDIO: 20, VIDEO: 20})
    sender.send(AUDIO, 0)
    sender.send(AUDIO, SETTLE_MS)
    assert not sender.clock.settled
    sender.send(AUDIO, SETTLE_MS + 1)
    assert sender.clock.settled
    alone = Sender({AUDIO: 20}, tracks=frozenset({AUDIO}))
    alone.send(AUDIO, 0)
    assert alone.clock.settled


def test_report_that_cannot_be_true_is_not_believed() -> None:
    """A track whose timestamps stood still for a minute: its packets, not its old report, say where it is."""
    sender = Sender({AUDIO: 20, VIDEO: 20})
    for kind in TrackKind:
        sender.send(kind, 0)
        sender.report(kind, 0)
    for at_ms in range(60_000, 62_000, 20):
        timestamp = sender.clock.unwrap(AUDIO, rtp(AUDIO, at_ms - 60_000))
        sender.clock.note(AUDIO, timestamp, at_ms + 20)
        assert sender.send(VIDEO, at_ms) == pytest.approx(at_ms + 20, abs=1)
    assert sender.clock.to_ms(AUDIO, timestamp) == pytest.approx(at_ms + 20, abs=1)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(TrackKind)), st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1), st.booleans()
        ),
        min_size=1,
        max_size=40,
    )
)
def test_any_timestamps_are_placed_somewhere(steps: list[tuple[TrackKind, int, int, bool]]) -> None:
    """Whatever a sender says of its clocks, a frame has a time that can be reckoned with."""
    clock = SourceClock(BOTH)
    for number, (kind, timestamp, ntp, reports) in enumerate(steps):
        at = clock.unwrap(kind, timestamp)
        clock.note(kind, at, 1_000.0 + 100 * number)
        if reports:
            clock.note_report(kind, timestamp, ntp)
        assert abs(clock.to_ms(kind, at)) < 1e12
