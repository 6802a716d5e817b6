"""Transport-wide feedback, read back by a decoder of the tests' own after the draft's text."""

from dataclasses import dataclass
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.media.transport.twcc import ArrivalTimes

SENDER, MEDIA = 0x01020304, 0x0A0B0C0D
REFERENCE_S, TICK_S = 0.064, 0.00025
WRAP = 1 << 16
DATAGRAM_BYTES = 1200


@dataclass(frozen=True)
class Told:
    """One feedback packet as a sender reads it: ticks of a quarter ms by seq, None for a packet that is absent."""

    first: int
    count: int
    arrivals: dict[int, int | None]


def symbols_of(chunk: int) -> list[int]:
    """Return the symbols of a packet status chunk (draft, 3.1.3 and 3.1.4)."""
    if not chunk & 0x8000:
        return [chunk >> 13 & 3] * (chunk & 0x1FFF)
    if chunk & 0x4000:
        return [chunk >> shift & 3 for shift in range(12, -1, -2)]
    return [chunk >> shift & 1 for shift in range(13, -1, -1)]


def read_feedback(data: bytes) -> Told:
    """Decode one packet (draft, 3.1)."""
    assert (data[0], data[1], len(data) % 4) == (0x8F, 205, 0)
    assert int.from_bytes(data[2:4]) == len(data) // 4 - 1
    assert (int.from_bytes(data[4:8]), int.from_bytes(data[8:12])) == (SENDER, MEDIA)
    first, told, reference = (int.from_bytes(data[a:b]) for a, b in ((12, 14), (14, 16), (16, 19)))
    at, symbols = 20, list[int]()
    while len(symbols) < told:
        symbols += symbols_of(int.from_bytes(data[at : at + 2]))
        at += 2
    assert not any(symbols[told:])
    ticks, arrivals = reference * 256, dict[int, int | None]()
    for number, symbol in enumerate(symbols[:told]):
        assert symbol in {0, 1, 2}
        ticks += int.from_bytes(data[at : at + symbol], signed=symbol == 2) if symbol else 0
        at += symbol
        arrivals[(first + number) % WRAP] = ticks if symbol else None
    assert len(data) - at < 4
    assert not any(data[at:])
    return Told(first, data[19], arrivals)


def feedback(times: ArrivalTimes) -> list[Told]:
    """Return what the times tell now, each packet within a datagram."""
    packets = times.feedback(SENDER, MEDIA)
    assert all(len(packet) <= DATAGRAM_BYTES for packet in packets)
    return [read_feedback(packet) for packet in packets]


def after(start_s: float, ticks: int) -> float:
    """Return the time that is so many ticks later, in the middle of one."""
    return start_s + (ticks + 0.5) * TICK_S


def noted(*arrivals: tuple[int, float]) -> ArrivalTimes:
    """Return times with these seqs and seconds noted."""
    times = ArrivalTimes()
    for seq, arrived_s in arrivals:
        times.note(seq, arrived_s)
    return times


def test_feedback_is_written_as_the_draft_draws_it() -> None:
    """Two packets 1 ms apart, one lost, one 100 ms late: a vector chunk, deltas of one, one and two bytes."""
    times = noted((0x1000, 6.4), (0x1001, after(6.4, 4)), (0x1003, after(6.4, 404)))
    assert times.feedback(SENDER, MEDIA) == [
        bytes.fromhex("8fcd0006 01020304 0a0b0c0d 1000 0004 000064 00 d480 00 04 0190 0000")[:28]
    ]


def test_long_run_is_written_as_one_chunk() -> None:
    """Fourteen packets in a row, a quarter ms apart: a run of small deltas, first one zero."""
    times = noted(*((seq, after(0.64, seq)) for seq in range(14)))
    (packet,) = times.feedback(SENDER, MEDIA)
    assert packet[12:22] == bytes.fromhex("0000 000e 00000a 00 200e")
    assert packet[22:36] == b"\x00" + b"\x01" * 13


def test_nothing_is_told_when_nothing_came() -> None:
    """No packet, no feedback; and what was told is not told again."""
    times = ArrivalTimes()
    assert feedback(times) == []
    times.note(7, 1.0)
    assert [told.arrivals for told in feedback(times)] == [{7: 4000}]
    assert feedback(times) == []


def test_packets_lost_between_two_feedbacks_are_told_absent() -> None:
    """The next feedback begins right behind the last one, and its count is one more."""
    times = noted((10, 1.0))
    feedback(times)
    times.note(13, 1.1)
    (told,) = feedback(times)
    assert (told.first, told.count, told.arrivals) == (11, 1, {11: None, 12: None, 13: 4400})


def test_count_wraps_at_a_byte() -> None:
    times = ArrivalTimes()
    counts = list[int]()
    for seq in range(258):
        times.note(seq, 1.0 + seq / 100)
        counts += [told.count for told in feedback(times)]
    assert counts == [*range(256), 0, 1]


@pytest.mark.parametrize("first", [0, 0xFFF0, 0xFFFE, 0x7FF0])
def test_numbers_go_on_over_the_wrap(first: int) -> None:
    """Both inside a feedback and between two."""
    times = ArrivalTimes()
    for begin in (0, 20):
        for step in range(begin, begin + 20):
            if step % 5:
                times.note((first + step) % WRAP, after(2.0, 4 * step))
        told = {seq: ticks for one in feedback(times) for seq, ticks in one.arrivals.items()}
        steps = range(begin + (begin == 0), begin + 20)
        assert told == {(first + n) % WRAP: 8000 + 4 * n if n % 5 else None for n in steps}


@pytest.mark.parametrize("gap_s", [0.063, 0.06375, 0.064, 0.5, 8.0])
def test_delta_takes_two_bytes_when_it_is_large_or_negative(gap_s: float) -> None:
    """A packet that overtook another has a negative delta; 64 ms and more do not fit a byte."""
    times = noted((1, 3.0), (2, 3.0 + gap_s), (3, 3.0 + gap_s - 0.01))
    (told,) = feedback(times)
    assert told.arrivals == {1: 12_000, 2: 12_000 + round(gap_s / TICK_S), 3: 12_000 + round(gap_s / TICK_S) - 40}


def test_reference_time_wraps_after_twelve_days() -> None:
    """24 bits of 64 ms: a machine that is up for long still tells times that grow."""
    start_s = (1 << 24) * REFERENCE_S - 0.01
    times = noted((1, start_s))
    packets = times.feedback(SENDER, MEDIA)
    times.note(2, start_s + 0.1)
    packets += times.feedback(SENDER, MEDIA)
    assert [int.from_bytes(packet[16:19]) for packet in packets] == [(1 << 24) - 1, 1]


def test_many_packets_are_told_in_several_datagrams() -> None:
    """A thousand in one interval, with every arrival: counts and numbers go on."""
    times = noted(*((seq, 1.0 + seq * 0.0001) for seq in range(1000)))
    told = feedback(times)
    assert [one.count for one in told] == [0, 1, 2]
    assert list(accumulate(len(one.arrivals) for one in told)) == [400, 800, 1000]
    seen = {seq: ticks for one in told for seq, ticks in one.arrivals.items()}
    assert all(abs(ticks * TICK_S - 1.0 - seq * 0.0001) < TICK_S for seq, ticks in seen.items() if ticks is not None)
    assert None not in seen.values()


def test_long_outage_is_not_told_packet_by_packet() -> None:
    """Thirty thousand lost numbers are none of the sender's use: the feedback begins with what came."""
    times = noted((1, 1.0))
    feedback(times)
    times.note(30_001, 20.0)
    (told,) = feedback(times)
    assert told.arrivals == {30_001: 80_000}


def test_packet_that_came_late_does_not_take_back_what_was_told() -> None:
    """It is told alone, and the next feedback goes on where the last one ended, not behind the late one."""
    times = noted((1, 1.0), (2, 1.001), (4, 1.002), (5, 1.003))
    feedback(times)
    times.note(3, 1.1)
    assert [told.arrivals for told in feedback(times)] == [{3: 4400}]
    times.note(6, 1.2)
    assert [told.arrivals for told in feedback(times)] == [{6: 4800}]


def test_repeated_packet_is_told_with_its_first_arrival() -> None:
    (told,) = feedback(noted((1, 1.0), (1, 1.05)))
    assert told.arrivals == {1: 4000}


STEPS = st.lists(
    st.tuples(st.integers(-20, 60), st.floats(0, 2, allow_nan=False), st.booleans()), min_size=1, max_size=120
)


@given(st.integers(0, WRAP - 1), st.floats(0, 1e6), STEPS)
def test_every_arrival_is_reproduced_and_every_absence_too(
    first: int, start_s: float, steps: list[tuple[int, float, bool]]
) -> None:
    """Any order, loss and pauses: within a tick of a quarter ms, over every wrap."""
    times, number, now_s = ArrivalTimes(), first, start_s
    arrived, told = dict[int, float](), dict[int, int]()
    for step, wait_s, flush in [*steps, (1, 0.0, True)]:
        number, now_s = number + step, now_s + wait_s * 0.1
        times.note(number % WRAP, now_s)
        arrived.setdefault(number % WRAP, now_s)
        if flush:
            for one in feedback(times):
                for seq, ticks in one.arrivals.items():
                    assert ticks is not None or seq not in arrived or seq in told
                    if ticks is not None:
                        told.setdefault(seq, ticks)
    for seq, ticks in told.items():
        off = (ticks - int(arrived[seq] / TICK_S) + (1 << 31)) % (1 << 32) - (1 << 31)
        assert abs(off) <= 1
    assert set(told) == set(arrived)
