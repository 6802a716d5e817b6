"""Frames put together from packets, in order, and what is said of those that are missing."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.media.frames import EncodedFrame, TrackKind, VideoCodec
from server.media.timeline import SourceClock
from server.media.transport.assembly import HOLD_S, WAITING_MOST, Assembler, FrameSink
from server.media.transport.codecs import FORMATS
from server.media.transport.rtp import WRAP, RtpPacket
from server.media.transport.upstream import UpStream
from tests.media.packets import KEY_HEAD, SSRC, frames, picture, sound, taken

VIDEO, AUDIO = TrackKind.VIDEO, TrackKind.AUDIO


class Assembly:
    """A stream, its assembler, and what came out: frames, and None where some are missing."""

    def __init__(self, kind: TrackKind) -> None:
        self.kind = kind
        self.out = list[EncodedFrame | None]()
        self.up = UpStream(kind, SSRC)
        form = FORMATS[VideoCodec.VP8] if kind is VIDEO else None
        self.assembler = Assembler(form, SourceClock(frozenset({kind})), FrameSink(self.out.append, self._lose))

    @property
    def payloads(self) -> list[bytes | None]:
        """Return what came out as bytes."""
        return [None if frame is None else frame.payload for frame in self.out]

    def feed(self, *packets: RtpPacket, at_s: float = 1.0, again: bool = False) -> None:
        """Take packets that came at a time."""
        for packet in packets:
            self.assembler.take(taken(self.up, packet, at_s, again=again), at_s, again=again)

    def _lose(self, kind: TrackKind) -> None:
        assert kind is self.kind
        self.out.append(None)


def whole(*packets: RtpPacket) -> list[bytes]:
    """Return the frames that packets with descriptors of one byte make."""
    made, parts = list[bytes](), list[bytes]()
    for packet in packets:
        parts.append(packet.payload[1:])
        if packet.marker:
            made.append(b"".join(parts))
            parts.clear()
    return made


def test_frames_are_put_together_without_their_descriptors() -> None:
    """The first is a key frame with its size; time stamps grow, and are placed by when packets came."""
    assembly = Assembly(VIDEO)
    packets = frames(0xFFFE, 3, 1, 2, key=True)
    assembly.feed(*packets)
    assert assembly.payloads == whole(*packets)
    out = [frame for frame in assembly.out if frame is not None]
    assert [frame.key_size for frame in out] == [(320, 240), None, None]
    assert [frame.timestamp - out[0].timestamp for frame in out] == [0, 3000, 6000]
    assert out[0].at_ms == 1000


def test_pictures_begin_with_a_key_frame() -> None:
    """What comes before it is dropped, and nothing is said to be lost."""
    assembly = Assembly(VIDEO)
    packets = frames(20, 2, 2, key=True)
    assembly.feed(*frames(10, 3, 3), *packets)
    assert assembly.payloads == whole(*packets)


def test_sound_is_one_packet_a_frame() -> None:
    assembly = Assembly(AUDIO)
    assembly.feed(*(sound(0xFFFE + n, 960 * n, bytes([n])) for n in range(4)))
    assert assembly.payloads == [b"\x00", b"\x01", b"\x02", b"\x03"]


@given(st.integers(0, WRAP - 1), st.lists(st.integers(1, 6), min_size=1, max_size=12), st.randoms())
def test_order_of_arrival_changes_no_frame(first: int, parts: list[int], chance: random.Random) -> None:
    """Any order within the window, repeats and padding among it: the same frames, and no loss."""
    packets = frames(first, *parts, key=True)
    shuffled = [packets[0], *chance.sample(packets[1:], len(packets) - 1)]
    assembly = Assembly(VIDEO)
    assembly.feed(*shuffled)
    assert assembly.payloads == whole(*packets)


@given(st.permutations(range(5)))
def test_order_of_a_key_frames_own_packets_changes_nothing(order: list[int]) -> None:
    """The first packet of the first key frame may be the last to come."""
    packets = frames(10, 5, 2, key=True)
    assembly = Assembly(VIDEO)
    assembly.feed(picture(9), *(packets[number] for number in order), *packets[5:])
    assert assembly.payloads == whole(*packets)


@given(st.permutations(range(1, 20)))
def test_order_of_sound_changes_nothing(order: list[int]) -> None:
    assembly = Assembly(AUDIO)
    assembly.feed(*(sound(0xFFF8 + n, 960 * n, bytes([n])) for n in [0, *order]))
    assert assembly.payloads == [bytes([n]) for n in range(20)]


def test_hole_is_waited_for_and_filled() -> None:
    """A packet that was asked for comes within the hold: nothing is lost."""
    assembly = Assembly(VIDEO)
    packets = frames(10, 2, 3, 1, key=True)
    assembly.feed(*packets[:3], *packets[4:])
    assembly.assembler.tick(0.99 + HOLD_S[VIDEO])
    assert assembly.payloads == whole(*packets[:2])
    assembly.feed(packets[3], at_s=1.5, again=True)
    assert assembly.payloads == whole(*packets)


def test_pictures_go_on_at_the_next_key_frame_when_a_hole_stays() -> None:
    """The broken frame and those that refer to it are left out; the loss is said once, where it is."""
    assembly = Assembly(VIDEO)
    packets, key = frames(10, 2, 3, 1, key=True), frames(16, 2, 1, key=True, ticks=90_000)
    assembly.feed(*packets[:3], *packets[4:], *key)
    assembly.assembler.tick(1.01 + HOLD_S[VIDEO])
    assert assembly.payloads == [*whole(*packets[:2]), None, *whole(*key)]
    assembly.feed(packets[3])
    assembly.assembler.tick(9.0)
    assert len(assembly.payloads) == 4


def test_pictures_wait_for_a_key_frame_that_comes_after_the_loss() -> None:
    assembly = Assembly(VIDEO)
    packets, key = frames(10, 2, 3, 1, key=True), frames(30, 2, key=True)
    assembly.feed(*packets[:3], *packets[4:])
    assembly.assembler.tick(1.01 + HOLD_S[VIDEO])
    assembly.feed(*frames(20, 3, 3), *key, at_s=2.0)
    assembly.assembler.tick(9.0)
    assert assembly.payloads == [*whole(*packets[:2]), None, *whole(*key)]


def test_sound_goes_on_after_a_hole() -> None:
    """What is there is heard; each hole is said."""
    assembly = Assembly(AUDIO)
    assembly.feed(*(sound(seq, 960 * seq, bytes([seq])) for seq in (1, 3, 4, 7)))
    assembly.assembler.tick(0.99 + HOLD_S[AUDIO])
    assert assembly.payloads == [b"\x01"]
    assembly.assembler.tick(1.01 + HOLD_S[AUDIO])
    assert assembly.payloads == [b"\x01", None, b"\x03", b"\x04"]
    assembly.assembler.tick(1.02 + 2 * HOLD_S[AUDIO])
    assert assembly.payloads == [b"\x01", None, b"\x03", b"\x04", None, b"\x07"]


def test_no_more_wait_than_the_bound() -> None:
    """Packets behind a hole are given up long before they fill the memory."""
    assembly = Assembly(VIDEO)
    packets = frames(10, 1, key=True)
    assembly.feed(*packets, *(picture(seq) for seq in range(12, 12 + WAITING_MOST)))
    assert assembly.payloads == whole(*packets)
    assembly.feed(picture(12 + WAITING_MOST))
    assert assembly.payloads == [*whole(*packets), None]


@pytest.mark.parametrize("kind", [AUDIO, VIDEO])
def test_padding_makes_no_frame_and_no_hole(kind: TrackKind) -> None:
    """A sender that tries the path sends packets of padding alone, between frames and inside them."""
    assembly = Assembly(kind)
    if kind is AUDIO:
        assembly.feed(sound(1, payload=b"a"), sound(2, payload=b""), sound(3, payload=b"b"))
        expected: list[bytes] = [b"a", b"b"]
    else:
        packets = frames(10, 2, 2, key=True)
        for packet in packets[1:]:
            packet.seq += 1
        assembly.feed(packets[0], picture(11, payload=b""), *packets[1:], picture(15, payload=b"", marker=True))
        expected = whole(*packets)
    assembly.assembler.tick(9.0)
    assert assembly.payloads == expected


def test_frame_is_dropped_when_its_end_never_came() -> None:
    """Two beginnings without an end between them, a middle without a beginning, a descriptor without a frame."""
    assembly = Assembly(VIDEO)
    key = frames(14, 1, key=True)
    begun = picture(11, payload=b"\x10" + KEY_HEAD)
    assembly.feed(*frames(10, 1, key=True), begun, picture(12, payload=b"\x10" + KEY_HEAD))
    assembly.feed(picture(13, payload=b"\x80\x80", marker=False), *key, picture(15, marker=True))
    assert assembly.payloads == [KEY_HEAD + b"\x00\x00"] * 2


def test_pictures_wait_for_a_key_frame_after_one_that_breaks_off() -> None:
    """Its last packets were never sent, though the count goes on; what follows refers to it."""
    assembly = Assembly(VIDEO)
    packets = frames(10, 2, 3, 2, key=True)
    cut_short = [*packets[:4], *packets[5:]]
    for seq, packet in enumerate(cut_short, 10):
        packet.seq = seq
    key = frames(16, 2, 1, key=True, ticks=90_000)
    assembly.feed(*cut_short, *key)
    assert assembly.payloads == [*whole(*packets[:2]), None, *whole(*key)]


def test_nothing_that_was_sent_before_a_pass_over_becomes_a_frame() -> None:
    """Neither what waits behind a hole when it is filled, nor half a picture; the next key frame is a new beginning."""
    packets, key = frames(10, 2, 3, 3, key=True), frames(18, 2, key=True, ticks=90_000)
    for got in (packets[:4], [*packets[:3], *packets[4:6]]):
        assembly = Assembly(VIDEO)
        assembly.feed(*got)
        assembly.assembler.pass_over(assembly.up.highest)
        assembly.feed(*(packet for packet in packets if packet not in got), at_s=1.1, again=True)
        assembly.feed(*key, at_s=1.2)
        assembly.assembler.tick(9.0)
        assert assembly.payloads == [*whole(*packets[:2]), None, *whole(*key)]


def test_another_stream_begins_at_its_own_key_frame_and_time() -> None:
    """After a change of SSRC seqs and time stamps are another's: neither a hole nor a jump of the clock."""
    assembly = Assembly(VIDEO)
    first, second = frames(10, 2, key=True), frames(50_000, 2, key=True)
    assembly.feed(*first, picture(13))
    assembly.assembler.restart()
    assembly.up = UpStream(VIDEO, SSRC + 1)
    for packet in second:
        packet.timestamp += 1 << 31
    assembly.feed(picture(49_999, 1 << 31), *second, at_s=5.0)
    assembly.assembler.tick(9.0)
    assert assembly.payloads == whole(*first, *second)
    assert [frame.at_ms for frame in assembly.out if frame is not None] == pytest.approx([1000, 5000])


@given(st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=8), st.booleans(), st.floats(0, 0.5)), max_size=80))
def test_any_packets_leave_frames_in_order(steps: list[tuple[int, bytes, bool, float]]) -> None:
    """Whatever bytes and order: a frame is never empty, and time stamps come out as they came in."""
    for kind in TrackKind:
        assembly, now_s = Assembly(kind), 1.0
        for seq, payload, marker, wait_s in steps:
            now_s += wait_s
            packet = RtpPacket(96, seq, 3000 * seq, SSRC, payload, marker=marker)
            passed = assembly.up.take(packet, now_s)
            if passed is not None:
                assembly.assembler.take(passed, now_s, again=False)
            assembly.assembler.tick(now_s)
        out = [frame for frame in assembly.out if frame is not None]
        assert all(frame.payload for frame in out)
        assert [frame.timestamp for frame in out] == sorted(frame.timestamp for frame in out)
