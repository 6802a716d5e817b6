"""The pure parts: clocks, cuts and report files."""

from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.ids import CaseId, SourceId, uuid7
from server.media.cutting import Close, Cutter, Gap, Open, Order, Write
from server.media.frames import ArrivalClock, EncodedFrame, TrackKind, vp8_key_size
from server.media.reports import CloseReason, GapReason, SourceResumed, all_reports, read_reports

BOTH = frozenset(TrackKind)
SIZE = (640, 360)
BIG = (1280, 720)


def picture(at_ms: float, size: tuple[int, int] | None = None) -> EncodedFrame:
    """Return a picture; a key frame when it has a size."""
    return EncodedFrame(TrackKind.VIDEO, b"v", round(at_ms * 90), at_ms, size)


def sound(at_ms: float) -> EncodedFrame:
    """Return 20 ms of sound."""
    return EncodedFrame(TrackKind.AUDIO, b"a", round(at_ms * 48), at_ms, None)


def feed(cutter: Cutter, frames: list[EncodedFrame]) -> list[Order]:
    """Return the orders for all frames but the writes."""
    orders = [order for frame in frames for order in cutter.feed(frame, frame.at_ms)]
    return [order for order in orders if not isinstance(order, Write)]


def stretch(start_ms: int, end_ms: int) -> list[EncodedFrame]:
    """Return sound and pictures without a key frame, every 20 and 40 ms."""
    frames = [sound(at) for at in range(start_ms, end_ms, 20)] + [picture(at) for at in range(start_ms, end_ms, 40)]
    return sorted(frames, key=lambda frame: frame.at_ms)


@pytest.mark.parametrize(
    ("payload", "size"),
    [
        (bytes.fromhex("10 02 00 9d 01 2a 80 02 68 01"), (640, 360)),
        (bytes.fromhex("10 02 00 9d 01 2a 80 42 68 81"), (640, 360)),
        (bytes.fromhex("11 02 00 9d 01 2a 80 02 68 01"), None),
        (bytes.fromhex("10 02 00 9d 01 2b 80 02 68 01"), None),
        (bytes.fromhex("10 02 00 9d 01 2a 80 02 68"), None),
        (b"", None),
    ],
)
def test_key_frame_is_known_by_its_header(payload: bytes, size: tuple[int, int] | None) -> None:
    """RFC 6386, 9.1: bit 0 clear, start code, 14 bits each of width and height below two of scaling."""
    assert vp8_key_size(payload) == size


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(-(2**30), 2**30), max_size=30))
def test_unwrapped_timestamps_keep_their_distances(start: int, steps: list[int]) -> None:
    """Whatever the 32 bits show, the unwrapped value moves as the true one within half a wrap of the highest."""
    clock = ArrivalClock(90_000)
    zero = clock.unwrap(start)
    highest = true = start
    for step in steps:
        true = highest + step
        assert clock.unwrap(true % 2**32) - zero == true - start
        highest = max(highest, true)


def test_arrival_clock_takes_the_fastest_packet_for_the_truth() -> None:
    """Delays only add: after jitter of up to 80 ms the frames stand where the fastest path puts them."""
    clock = ArrivalClock(90_000)
    times = []
    for number in range(400):
        clock.note(number * 3_000, 5_000 + number * 100 / 3 + (number * 37) % 80)
        times.append(clock.to_ms(number * 3_000) - number * 100 / 3)
    assert abs(times[-1] - 5_000) < 1
    assert all(abs(b - a) <= 0.5001 for a, b in pairwise(times))


def test_arrival_clock_follows_when_the_senders_clock_jumps() -> None:
    """A phone that slept: its timestamps lag by ten seconds from then on."""
    clock = ArrivalClock(48_000)
    clock.note(0, 1_000)
    assert clock.to_ms(0) == 1_000
    clock.note(960, 11_020)
    assert clock.to_ms(960) == 11_020


def test_segment_is_cut_at_the_first_key_frame_after_five_seconds() -> None:
    """A key frame before that is written on; one of another size cuts at once."""
    cutter = Cutter(BOTH)
    orders = feed(cutter, [picture(0, SIZE), *stretch(20, 3_000), picture(3_000, SIZE), *stretch(3_020, 4_960)])
    assert orders == [Open(0, 0, SIZE)]
    assert not cutter.wants_key_frame
    assert feed(cutter, stretch(4_960, 5_400)) == []
    assert cutter.wants_key_frame
    assert feed(cutter, [picture(5_400, SIZE)]) == [Close(5_400, CloseReason.CUT), Open(1, 5_400, SIZE)]
    assert feed(cutter, [picture(6_000, BIG)]) == [Close(6_000, CloseReason.RESIZED), Open(2, 6_000, BIG)]
    assert cutter.finish(6_100) == [Close(6_033, CloseReason.ENDED)]


def test_sound_goes_on_alone_when_no_key_frame_comes() -> None:
    """At ten seconds the segment ends; sound alone follows, and the gap of pictures is reported when they are back."""
    cutter = Cutter(BOTH)
    orders = feed(cutter, [picture(0, SIZE), *stretch(20, 12_000)])
    assert orders == [Open(0, 0, SIZE), Close(10_000, CloseReason.FORCED), Open(1, 10_000, None)]
    assert feed(cutter, [picture(12_000, SIZE)]) == [
        Gap(10_000, 12_000, TrackKind.VIDEO, GapReason.NO_KEY_FRAME),
        Close(12_000, CloseReason.RESIZED),
        Open(2, 12_000, SIZE),
    ]


def test_forced_end_leaves_a_gap_when_there_is_no_sound() -> None:
    """A screen without sound has nothing else to record."""
    cutter = Cutter(frozenset({TrackKind.VIDEO}))
    frames = [picture(0, SIZE), *(picture(at) for at in range(40, 11_000, 40)), picture(11_000, SIZE)]
    assert feed(cutter, frames) == [
        Open(0, 0, SIZE),
        Close(10_000, CloseReason.FORCED),
        Gap(10_000, 11_000, None, GapReason.NO_KEY_FRAME),
        Open(1, 11_000, SIZE),
    ]


def test_sound_waits_three_seconds_for_the_first_key_frame() -> None:
    """A camera that starts late does not make a first segment of a few milliseconds; one that never comes is heard."""
    cutter = Cutter(BOTH)
    assert feed(cutter, [sound(at) for at in range(0, 2_999, 20)]) == []
    assert feed(cutter, [sound(3_000)]) == [Gap(0, 3_000, None, GapReason.NO_KEY_FRAME), Open(0, 3_000, None)]
    assert feed(cutter, [sound(at) for at in range(3_020, 9_020, 20)]) == [
        Close(9_000, CloseReason.CUT),
        Open(1, 9_000, None),
    ]


def test_lost_pictures_are_left_out_up_to_the_next_key_frame() -> None:
    """What refers to a missing picture is smear; sound goes on, and the gap is reported."""
    cutter = Cutter(BOTH)
    feed(cutter, [picture(0, SIZE), *stretch(20, 980)])
    cutter.lose_video()
    assert cutter.wants_key_frame
    orders = [order for frame in stretch(980, 1_500) for order in cutter.feed(frame, frame.at_ms)]
    assert {order.frame.track for order in orders if isinstance(order, Write)} == {TrackKind.AUDIO}
    assert feed(cutter, [picture(1_500, SIZE)]) == [Gap(980, 1_500, TrackKind.VIDEO, GapReason.LOST)]


def test_private_stretch_lasts_until_the_next_segment() -> None:
    """Stop and go: one gap, exactly from the last frame stored to the next one; one that never ends goes to the end."""
    cutter = Cutter(BOTH)
    feed(cutter, [picture(0, SIZE), *stretch(20, 1_000)])
    assert cutter.stop(CloseReason.PRIVATE) == [Close(1_013, CloseReason.PRIVATE)]
    assert feed(cutter, [picture(4_000, SIZE)]) == [
        Gap(1_013, 4_000, None, GapReason.PRIVATE),
        Open(1, 4_000, SIZE),
    ]
    cutter.stop(CloseReason.PRIVATE)
    assert cutter.finish(9_000) == [Gap(4_033, 9_000, None, GapReason.PRIVATE)]


@given(st.lists(st.tuples(st.sampled_from(["key", "big", "picture", "sound", "lose", "stop"]), st.integers(1, 2_000))))
def test_every_write_is_inside_a_segment_and_segments_never_overlap(steps: list[tuple[str, int]]) -> None:
    """Whatever comes, orders open, write and close in turn, with indices in order and times that do not go back."""
    cutter = Cutter(BOTH)
    orders: list[Order] = []
    now = 0
    for what, wait_ms in steps:
        now += wait_ms
        if what == "lose":
            cutter.lose_video()
        elif what == "stop":
            orders += cutter.stop(CloseReason.PRIVATE)
        else:
            frame = {"key": picture(now, SIZE), "big": picture(now, BIG), "picture": picture(now), "sound": sound(now)}
            orders += cutter.feed(frame[what], now)
    orders += cutter.finish(now)
    open_segment: Open | None = None
    ended_ms, count = 0.0, 0
    for order in orders:
        if isinstance(order, Open):
            assert open_segment is None
            assert (order.index, order.start_ms >= ended_ms) == (count, True)
            open_segment, count = order, count + 1
        elif isinstance(order, Write):
            assert open_segment is not None
            assert order.frame.track is TrackKind.AUDIO or open_segment.size is not None
        elif isinstance(order, Close):
            assert open_segment is not None
            assert order.end_ms >= open_segment.start_ms
            open_segment, ended_ms = None, order.end_ms
        else:
            assert order.end_ms >= order.start_ms
    assert open_segment is None
    assert count == cutter.count


def test_reports_are_read_line_by_line_from_an_offset(tmp_path: Path) -> None:
    """An unfinished line waits; a reader that comes back gets each report once."""
    path = tmp_path / "reports.jsonl"
    assert read_reports(path, 0) == ((), 0)
    report = SourceResumed(
        id=uuid7(), at="2026-11-24T09:00:00Z", case_id=CaseId(uuid4()), room_id=uuid4(), source_id=SourceId(uuid4())
    )
    line = report.model_dump_json().encode() + b"\n"
    path.write_bytes(line + line[:40])
    assert read_reports(path, 0) == ((report,), len(line))
    assert read_reports(path, len(line)) == ((), len(line))
    path.write_bytes(line + line)
    assert read_reports(path, len(line)) == ((report,), 2 * len(line))
    assert list(all_reports(path)) == [report, report]
