"""H.264 in packets: RFC 6184, 5.6 to 5.8, and the size in a parameter set (ITU-T H.264, 7.3.2.1.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.media.frames import EncodedFrame, TrackKind, VideoCodec
from server.media.timeline import SourceClock
from server.media.transport.assembly import HOLD_S, Assembler, FrameSink
from server.media.transport.codecs import FORMATS
from server.media.transport.h264 import (
    START,
    goes_on,
    is_constrained_baseline,
    key_size,
    part_of_picture,
    starts_key_frame,
)
from server.media.transport.sps import picture_size
from server.media.transport.upstream import UpStream
from tests.media.packets import SSRC, picture, taken

VIDEO = TrackKind.VIDEO
SPS = bytes.fromhex("6742c00dda0507e840000003004000000f23c50aa8")
"""320 x 240 as x264 writes it."""
PPS = bytes.fromhex("68ce0fc8")
IDR = b"\x65" + b"key" * 10
DELTA = b"\x41delta"


def aggregated(*units: bytes) -> bytes:
    """Return a STAP-A."""
    return b"\x78" + b"".join(len(unit).to_bytes(2) + unit for unit in units)


def fragments(unit: bytes, count: int) -> list[bytes]:
    """Return a unit as FU-As."""
    size = -(-(len(unit) - 1) // count)
    body = [unit[at : at + size] for at in range(1, len(unit), size)]
    bits = [0x80 * (not number) | 0x40 * (number == len(body) - 1) for number in range(len(body))]
    head = unit[0] & 0xE0 | 28
    return [bytes([head, bit | unit[0] & 0x1F]) + part for bit, part in zip(bits, body, strict=True)]


@pytest.mark.parametrize(
    ("unit", "size"),
    [
        (SPS.hex(), (320, 240)),
        ("6742c015da07823fa840000003004000000f23c58ba8", (480, 270)),
        ("6742c01fda014016e840000003004000000f23c60ca8", (1280, 720)),
        ("6742c028da01e0089f9610000003001000000303c8f1832a", (1920, 1080)),
        ("6742c01fda0360f79b84000003000400000300f23c60ca80", (854, 480)),
        ("674d401ef40503da10000003001000000303c9f142aa", (640, 480)),
        ("67f4000d919681519e3e2e10000003001000000303c8f142aa", (322, 182)),
        ("6742c00dda05", None),
        ("6742c00d", None),
        ("67", None),
        ("6742c00d" + "00" * 12, None),
    ],
)
def test_size_is_read_from_the_parameter_set(unit: str, size: tuple[int, int] | None) -> None:
    """As x264 wrote them: cropped, interlaced and 4:4:4 among them; cut off ones say nothing."""
    assert picture_size(bytes.fromhex(unit)) == size


@pytest.mark.parametrize(
    ("payload", "is_key"),
    [
        (SPS, True),
        (aggregated(SPS, PPS), True),
        (aggregated(b"\x09\xf0", SPS, PPS, IDR), True),
        (aggregated(SPS, PPS)[:-1], False),
        (aggregated(PPS), False),
        (PPS, False),
        (IDR, False),
        (fragments(IDR, 3)[0], False),
        (DELTA, False),
        (b"", False),
    ],
)
def test_key_frame_starts_with_its_parameters(payload: bytes, is_key: bool) -> None:  # noqa: FBT001  (a table's column)
    assert starts_key_frame(payload) is is_key


@pytest.mark.parametrize(
    ("payload", "part"),
    [
        (DELTA, START + DELTA),
        (aggregated(SPS, PPS), START + SPS + START + PPS),
        (fragments(IDR, 3)[0], START + IDR[:11]),
        (fragments(IDR, 3)[1], IDR[11:21]),
        (aggregated(SPS, PPS)[:-1], b""),
        (aggregated(b""), b""),
        (b"\x7c\x85", b""),
        (b"\x7c", b""),
        (b"\x79\x00\x01\x02\x03", b""),
        (b"\x60rest", b""),
        (b"", b""),
    ],
)
def test_packet_becomes_units_with_start_codes(payload: bytes, part: bytes) -> None:
    """Single units, aggregates and fragments; what is cut off, or belongs to another mode, is nothing."""
    assert part_of_picture(payload) == part


@pytest.mark.parametrize(
    ("profile_level_id", "is_taken"),
    [
        ("42e01f", True),
        ("42E01F", True),
        ("42c01f", True),
        ("4d801f", True),
        ("58c01f", True),
        ("42001f", False),
        ("4d001f", False),
        ("64001f", False),
        ("42e0", False),
        ("", False),
        ("None", False),
    ],
)
def test_constrained_baseline_is_told_by_the_table_of_rfc_6184(
    profile_level_id: str,
    is_taken: bool,  # noqa: FBT001  (a table's column)
) -> None:
    assert is_constrained_baseline(profile_level_id) is is_taken


class Assembly:
    """A stream of H.264, its assembler, and what came out: frames, and None where some are missing."""

    def __init__(self) -> None:
        self.out = list[EncodedFrame | None]()
        self.up = UpStream(VIDEO, SSRC, video=VideoCodec.H264)
        sink = FrameSink(self.out.append, lambda _kind: self.out.append(None))
        self.assembler = Assembler(FORMATS[VideoCodec.H264], SourceClock(frozenset({VIDEO})), sink)

    def feed(self, seq: int, timestamp: int, *payloads: bytes, marker: bool = True) -> int:
        """Take the packets of one picture, and return the seq after them."""
        for number, payload in enumerate(payloads):
            packet = picture(seq + number, timestamp, payload, marker=marker and number == len(payloads) - 1)
            self.assembler.take(taken(self.up, packet), 1.0, again=False)
        return seq + len(payloads)

    @property
    def payloads(self) -> list[bytes | None]:
        """Return what came out as bytes."""
        return [None if frame is None else frame.payload for frame in self.out]


KEY = START + SPS + START + PPS + START + IDR


def test_pictures_begin_with_a_key_frame_and_have_its_size() -> None:
    """Parameters in a packet of their own, then the picture in fragments; what came before is dropped."""
    assembly = Assembly()
    seq = assembly.feed(10, 0, DELTA)
    seq = assembly.feed(seq, 3000, aggregated(SPS, PPS), *fragments(IDR, 4))
    assembly.feed(seq, 6000, *fragments(DELTA, 2))
    assert assembly.payloads == [KEY, START + DELTA]
    assert [frame.key_size for frame in assembly.out if frame is not None] == [(320, 240), None]


def test_picture_that_breaks_off_is_left_out_with_what_refers_to_it() -> None:
    """A browser that makes a key frame throws away the rest of the picture before it, and counts the packets on."""
    assembly = Assembly()
    seq = assembly.feed(10, 0, SPS, PPS, IDR)
    seq = assembly.feed(seq, 3000, fragments(DELTA, 3)[0], marker=False)
    seq = assembly.feed(seq, 6000, aggregated(SPS, PPS, IDR))
    assert assembly.payloads == [KEY, KEY]
    seq = assembly.feed(seq, 9000, fragments(DELTA, 3)[0], marker=False)
    seq = assembly.feed(seq, 12_000, DELTA)
    seq = assembly.feed(seq, 15_000, DELTA)
    assembly.feed(seq, 18_000, aggregated(SPS, PPS, IDR))
    assert assembly.payloads == [KEY, KEY, None, KEY]


def test_another_timestamp_ends_a_picture_where_no_marker_is_set() -> None:
    """RFC 6184, 5.1: nobody must rely on the marker."""
    assembly = Assembly()
    seq = assembly.feed(10, 0, SPS, PPS, IDR, marker=False)
    assembly.feed(seq, 3000, DELTA, DELTA)
    assert assembly.payloads == [KEY, START + DELTA + START + DELTA]
    assert [frame.timestamp for frame in assembly.out if frame is not None] == [0, 3000]


def test_pictures_go_on_at_the_next_key_frame_when_a_hole_stays() -> None:
    assembly = Assembly()
    seq = assembly.feed(10, 0, SPS, PPS, IDR)
    seq = assembly.feed(seq + 1, 3000, *fragments(DELTA, 3)[1:])
    seq = assembly.feed(seq, 6000, DELTA)
    assembly.feed(seq, 9000, aggregated(SPS, PPS, IDR))
    assembly.assembler.tick(1.01 + HOLD_S[VIDEO])
    assert assembly.payloads == [KEY, None, KEY]


def test_fragment_without_its_beginning_makes_no_picture() -> None:
    assembly = Assembly()
    seq = assembly.feed(10, 0, SPS, PPS, IDR)
    seq = assembly.feed(seq, 3000, fragments(IDR, 3)[2])
    assembly.feed(seq, 6000, DELTA)
    assert assembly.payloads == [KEY, START + DELTA]


def test_picture_without_parameters_is_no_key_frame() -> None:
    """Sequence and picture parameters and an IDR picture: without one of them nobody can begin there."""
    units = {"sps": START + SPS, "pps": START + PPS, "idr": START + IDR}
    assert key_size(b"".join(units.values())) == (320, 240)
    assert key_size(START + b"\x09\xf0" + KEY) == (320, 240)
    for missing in units:
        assert key_size(b"".join(unit for name, unit in units.items() if name != missing)) is None


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=5), st.integers(0, 200))
def test_cut_off_payloads_are_taken_or_dropped(units: list[bytes], end: int) -> None:
    """Whatever is left of an aggregate or of a fragment: whole units or nothing, and no error."""
    whole = aggregated(*units)
    part = part_of_picture(whole[:end])
    assert part in {b"", part_of_picture(whole)} or whole[:end] in {aggregated(*units[:n]) for n in range(len(units))}
    for payload in (whole[:end], *(one[:end] for one in fragments(b"\x65" + whole, 3))):
        part_of_picture(payload)
        starts_key_frame(payload)
        goes_on(payload)


@given(st.binary(max_size=60))
def test_any_bytes_have_a_size_or_none(data: bytes) -> None:
    for found in (picture_size(data), picture_size(SPS[:4] + data), key_size(START + SPS[:6] + data + KEY)):
        assert found is None or (0 < found[0] <= 16_384 and 0 < found[1] <= 16_384)


@given(st.lists(st.tuples(st.integers(0, 40), st.binary(max_size=30), st.booleans()), max_size=60))
def test_any_packets_leave_pictures_in_order(steps: list[tuple[int, bytes, bool]]) -> None:
    """Whatever bytes and order: a picture is never empty, and time stamps come out as they came in."""
    assembly = Assembly()
    assembly.feed(0, 0, SPS, PPS, IDR)
    for seq, payload, marker in steps:
        passed = assembly.up.take(picture(seq, 3000 * seq, payload, marker=marker), 1.0)
        if passed is not None:
            assembly.assembler.take(passed, 1.0, again=False)
        assembly.assembler.tick(1.0)
    out = [frame for frame in assembly.out if frame is not None]
    assert all(frame.payload for frame in out)
    assert [frame.timestamp for frame in out] == sorted(frame.timestamp for frame in out)
