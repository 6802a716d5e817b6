"""What an incoming stream passes on, asks for again, and tells its sender. Expected values from RFC 3550 and 4585."""

from collections.abc import Iterable

import pytest
from aiortc.rtp import RTCP_RTPFB_NACK, RtcpPacket, RtcpRrPacket, RtcpRtpfbPacket, RtcpSenderInfo, RtcpSrPacket
from hypothesis import given
from hypothesis import strategies as st

from server.media.frames import TrackKind
from server.media.transport.rtp import WRAP
from server.media.transport.upstream import UpStream
from tests.media.packets import DELTA_HEAD, KEY_HEAD, SSRC, picture, sound, taken

VIDEO, AUDIO = TrackKind.VIDEO, TrackKind.AUDIO
DATAGRAM_BYTES = 1200


def stream_of(kind: TrackKind, seqs: Iterable[int], arrived_s: float = 1.0) -> UpStream:
    """Return a stream that has got these."""
    stream = UpStream(kind, SSRC)
    for seq in seqs:
        stream.take(picture(seq) if kind is VIDEO else sound(seq), arrived_s)
    return stream


def asked_at(stream: UpStream, until_s: float, seq: int) -> list[int]:
    """Return at which ms after the first second the seq is asked for, when looked at every ms."""
    return [ms for ms in range(round((until_s - 1) * 1000)) if seq in stream.due(1 + ms / 1000)]


def nack_of(seqs: list[int]) -> list[int]:
    """Return the seqs as the sender reads them in our NACK."""
    written = bytes(RtcpRtpfbPacket(fmt=RTCP_RTPFB_NACK, ssrc=1, media_ssrc=SSRC, lost=seqs))
    assert len(written) <= DATAGRAM_BYTES
    (read,) = RtcpPacket.parse(written)
    assert isinstance(read, RtcpRtpfbPacket)
    return [seq % WRAP for seq in read.lost]


@pytest.mark.parametrize("first", [0, 5, 0xFFF0, 0xFFFF])
def test_packet_is_passed_on_once(first: int) -> None:
    """Also over the wrap: a repeated packet, early or late, is nothing new."""
    stream = UpStream(VIDEO, SSRC)
    indexes = [taken(stream, picture(first + n)).index for n in range(40)]
    assert [index - indexes[0] for index in indexes] == list(range(40))
    assert [stream.take(picture(first + n), 2.0) for n in range(40)] == [None] * 40
    kept = stream.find(indexes[7])
    assert kept is not None
    assert kept.index == indexes[7]


def test_packet_is_passed_on_when_it_comes_before_the_first() -> None:
    """Two that overtook each other at the very beginning."""
    stream = stream_of(VIDEO, [10])
    assert taken(stream, picture(9)).index == stream.highest - 1
    assert stream.take(picture(9), 1.0) is None


def test_key_frame_is_known_by_its_first_packet() -> None:
    """Sound has none, whatever its bytes look like."""
    video, audio = UpStream(VIDEO, SSRC), UpStream(AUDIO, SSRC)
    heads = [b"\x10" + KEY_HEAD, b"\x10" + DELTA_HEAD, b"\x00" + KEY_HEAD, b""]
    keys = [taken(video, picture(seq, payload=head)).is_key for seq, head in enumerate(heads)]
    assert keys == [True, False, False, False]
    assert not taken(audio, sound(1, payload=heads[0])).is_key


def missing(stream: UpStream, now_s: float = 1.02) -> list[int]:
    """Return all seqs that are asked for now, each NACK as its form can say it."""
    asked = list[int]()
    while due := stream.due(now_s):
        assert nack_of(due) == due
        asked += due
    return asked


@pytest.mark.parametrize(("kind", "moments"), [(AUDIO, 3), (VIDEO, 12)])
def test_lost_packet_is_asked_for_at_its_times_and_given_up(kind: TrackKind, moments: int) -> None:
    """After 10 ms, then every 40 ms three times, then every 100 ms, as often as its kind is worth."""
    stream = stream_of(kind, [1, 3])
    expected = [10, 50, 90, 130, 230, 330, 430, 530, 630, 730, 830, 930][:moments]
    assert asked_at(stream, 4.0, 2) == pytest.approx(expected, abs=9)  # looked at every ms, each counts from the last
    assert (missing(stream, 9.0), stream.given_up) == ([], 1)


def test_late_packet_fills_its_hole() -> None:
    """It is passed on, not asked for any more, and not counted as given up."""
    stream = stream_of(VIDEO, [1, 5])
    assert nack_of(stream.due(1.02)) == [2, 3, 4]
    assert taken(stream, picture(3), 1.03, again=True).index == stream.highest - 2
    assert nack_of(stream.due(1.1)) == [2, 4]
    for seq in (2, 4):
        stream.take(picture(seq), 1.11)
    assert [stream.due(1 + ms / 100) for ms in range(200)] == [[]] * 200
    assert stream.given_up == 0


def test_packet_that_only_overtook_another_is_not_asked_for() -> None:
    stream = stream_of(VIDEO, [1, 3])
    assert stream.due(1.009) == []
    stream.take(picture(2), 1.009)
    assert stream.due(1.05) == []


@pytest.mark.parametrize(("gap", "asked"), [(500, 500), (501, 0), (30_000, 0)])
def test_big_hole_is_not_asked_for(gap: int, asked: int) -> None:
    """A path that was gone: a key frame is quicker than five hundred packets."""
    stream = stream_of(VIDEO, [1, 2 + gap])
    assert len(missing(stream)) == asked
    assert stream.given_up == gap - asked


def test_missing_packets_are_bounded_when_every_jump_is_small() -> None:
    """Ten jumps of four hundred are as much a broken path as one of four thousand."""
    stream = stream_of(VIDEO, range(1, 4001, 400))
    asked = missing(stream)
    assert len(asked) <= 500
    assert len(asked) + stream.given_up == 9 * 399


def test_what_a_long_silence_left_out_is_not_asked_for() -> None:
    """The path was gone for more than a second; a shorter pause is asked for, and so are a few of a still screen."""
    stream = stream_of(VIDEO, [1])
    stream.take(picture(20), 1.9)
    assert nack_of(stream.due(1.95)) == list(range(2, 20))
    stream.take(picture(30), 3.0)
    assert (missing(stream, 3.0), stream.given_up) == ([], 18 + 9)
    stream.take(picture(32), 4.5)
    assert nack_of(stream.due(4.55)) == [31]


def test_nack_is_cut_at_the_wrap_of_the_seq() -> None:
    """The packet's form counts upwards: what is behind the wrap is asked for with the next one."""
    stream = stream_of(VIDEO, [0xFFFD, 2])
    assert [nack_of(stream.due(1.02)), nack_of(stream.due(1.02)), stream.due(1.02)] == [[0xFFFE, 0xFFFF], [0, 1], []]


@given(st.integers(0, WRAP - 1), st.lists(st.integers(1, 60), max_size=60))
def test_every_hole_is_asked_for_in_packets_that_can_be_written(first: int, steps: list[int]) -> None:
    """Whatever the pattern of loss: each missing seq at once, none that came, each NACK within a datagram."""
    seqs = [first]
    for step in steps:
        seqs.append(seqs[-1] + step)
    stream = stream_of(VIDEO, seqs)
    asked = missing(stream)
    absent = [seq % WRAP for seq in sorted(set(range(first, seqs[-1])) - set(seqs))]
    assert asked == absent[len(absent) - len(asked) :]
    assert len(asked) + stream.given_up == len(absent)


def test_nothing_is_reported_before_the_first_packet() -> None:
    assert UpStream(VIDEO, SSRC).report(1.0) is None
    assert UpStream(VIDEO, SSRC).highest == -1


def test_report_tells_loss_since_the_last_one_and_in_all() -> None:
    """RFC 3550, A.3: 5 of 20 lost is 64 of 256; a hole filled later counts for the interval it is filled in."""
    stream = stream_of(VIDEO, [seq for seq in range(100, 120) if seq not in {102, 105, 108, 111, 114}])
    report = stream.report(2.0)
    assert report is not None
    assert (report.ssrc, report.fraction_lost, report.packets_lost) == (SSRC, 64, 5)
    assert (report.highest_sequence % WRAP, report.lsr, report.dlsr) == (119, 0, 0)
    for seq in (102, 105, *range(120, 130)):
        stream.take(picture(seq), 2.0, again=seq < 120)
    report = stream.report(3.0)
    assert report is not None
    assert (report.fraction_lost, report.packets_lost, report.highest_sequence % WRAP) == (0, 3, 129)
    assert stream.report(4.0) == report


def test_highest_seq_grows_by_a_cycle_at_the_wrap() -> None:
    """RFC 3550, 6.4.1: the lower half is the seq, the upper half counts the wraps."""
    stream = stream_of(AUDIO, [0xFFFE, 0xFFFF])
    before = stream.report(1.0)
    for seq in (0, 1):
        stream.take(sound(seq), 1.1)
    after = stream.report(2.0)
    assert before is not None
    assert after is not None
    assert (before.highest_sequence % WRAP, after.highest_sequence % WRAP) == (0xFFFF, 1)
    assert after.highest_sequence >> 16 == (before.highest_sequence >> 16) + 1
    assert (after.fraction_lost, after.packets_lost) == (0, 0)


def test_jitter_is_smoothed_by_a_sixteenth() -> None:
    """RFC 3550, A.8: 960 ticks of sound that come 30 ms apart in place of 20 differ by 480; a repeat says nothing."""
    stream = UpStream(AUDIO, SSRC)
    stream.take(sound(1, 0), 1.0)
    stream.take(sound(2, 960), 1.03)
    report = stream.report(2.0)
    assert report is not None
    assert report.jitter == 30
    stream.take(sound(4, 2880), 1.07)
    stream.take(sound(3, 1920), 1.9, again=True)
    report = stream.report(2.0)
    assert report is not None
    assert report.jitter == 28


def test_report_tells_when_the_senders_report_came() -> None:
    """RFC 3550, 6.4.1: the middle half of its NTP time, and the delay in 1/65536 s."""
    stream = stream_of(VIDEO, [1])
    info = RtcpSenderInfo(ntp_timestamp=0x11112222_33334444, rtp_timestamp=9000, packet_count=1, octet_count=1)
    stream.note_report(RtcpSrPacket(ssrc=SSRC, sender_info=info), 1.5)
    report = stream.report(3.75)
    assert report is not None
    assert (report.lsr, report.dlsr) == (0x22223333, 0x24000)


def test_report_can_be_written_whatever_a_sender_claims() -> None:
    """Seqs that jump by half a wrap make millions of losses: the count stops at its 24 bits (RFC 3550, 6.4.1)."""
    stream = UpStream(VIDEO, SSRC)
    for number in range(70_000):
        stream.take(picture(number * 32_767), 1.0)
    report = stream.report(2.0)
    assert report is not None
    (read,) = RtcpPacket.parse(bytes(RtcpRrPacket(ssrc=1, reports=[report])))
    assert isinstance(read, RtcpRrPacket)
    assert (read.reports[0].packets_lost, read.reports[0].fraction_lost) == (0x7FFFFF, 255)


@given(st.lists(st.integers(0, WRAP - 1), max_size=200))
def test_any_seqs_pass_once_and_leave_a_report(seqs: list[int]) -> None:
    """Whatever order they come in: no index twice, and report and NACK can be written."""
    stream = UpStream(VIDEO, SSRC)
    indexes = [passed.index for seq in seqs if (passed := stream.take(picture(seq), 1.0)) is not None]
    assert len(indexes) == len(set(indexes))
    while due := stream.due(1.02):
        assert nack_of(due) == due
    report = stream.report(2.0)
    assert report is None or len(bytes(report)) == 24
