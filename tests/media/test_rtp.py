"""RTP headers read and written, against bytes laid out by hand from RFC 3550, RFC 8285 and RFC 7741."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.media.transport.rtp import WRAP, MalformedPacket, RtpPacket, Unwrapper, is_rtcp, read_rtp, write_rtp
from server.media.transport.vp8 import descriptor_bytes, starts_frame, starts_key_frame

PLAIN = "80 e0 12 34 00 01 02 03 de ad be ef"
"""Version 2, marker, payload type 96, seq 0x1234, timestamp 0x10203, SSRC 0xdeadbeef."""
EXTENDED = "90 60 12 34 00 01 02 03 de ad be ef  be de 00 02  51 ab cd  00  a0 61  00 00"
"""One-byte extensions: 5 of two bytes, a byte of padding, 10 of one byte, padding."""


def packet(text: str) -> RtpPacket:
    """Return the packet written in hex."""
    return read_rtp(bytes.fromhex(text))


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        (PLAIN + "01 02 03", b"\x01\x02\x03"),
        (PLAIN, b""),
        ("82" + PLAIN[2:] + "00 00 00 07 00 00 00 08 99", b"\x99"),
        ("8f" + PLAIN[2:] + "00 00 00 07" * 15 + "99", b"\x99"),
        ("a0" + PLAIN[2:] + "01 02 00 00 03", b"\x01\x02"),
        ("a0" + PLAIN[2:] + "00 00 00 04", b""),
        ("a0" + PLAIN[2:] + "01 01", b"\x01"),
        ("90" + PLAIN[2:] + "be de 00 01 10 aa 00 00 77", b"\x77"),
        ("90" + PLAIN[2:] + "be de 00 00 77", b"\x77"),
        ("90" + PLAIN[2:] + "10 00 00 01 01 02 aa bb 77", b"\x77"),
        ("b1" + PLAIN[2:] + "00 00 00 07 be de 00 01 10 aa 00 00 77 00 02", b"\x77"),
    ],
)
def test_payload_is_found_behind_every_kind_of_header(text: str, payload: bytes) -> None:
    """RFC 3550, 5.1 and 5.3.1: CSRCs, an extension and padding in any mix; the fixed fields are always the same."""
    read = packet(text)
    assert (read.payload, read.marker, read.payload_type) == (payload, True, 96)
    assert (read.seq, read.timestamp, read.ssrc) == (0x1234, 0x10203, 0xDEADBEEF)


@pytest.mark.parametrize(
    "text",
    [
        "",
        PLAIN[:-2],
        "40" + PLAIN[2:],
        "c0" + PLAIN[2:] + "00" * 20,
        "81" + PLAIN[2:] + "00 00 00",
        "8f" + PLAIN[2:] + "00" * 59,
        "90" + PLAIN[2:] + "be de 00",
        "90" + PLAIN[2:] + "be de 00 01 10 aa 00",
        "90" + PLAIN[2:] + "be de ff ff 10 aa 00 00",
        "a0" + PLAIN[2:] + "01 02 00",
        "a0" + PLAIN[2:] + "01 02 04",
        "a0" + PLAIN[2:-2] + "ff",
        "b0" + PLAIN[2:] + "be de 00 01 10 aa 00 01",
    ],
)
def test_packet_is_malformed_when_its_header_lies(text: str) -> None:
    """Cut off, another version, or lengths that reach beyond the packet or into its own header."""
    with pytest.raises(MalformedPacket):
        packet(text)


@given(st.binary(max_size=120))
@example(b"\xbf" + bytes(119))
def test_any_bytes_are_a_packet_or_malformed(data: bytes) -> None:
    """Nothing else escapes, and no more payload comes out than came in."""
    for candidate in (data, b"\x80" + data, b"\x90" + data, b"\xb0" + data, b"\xbf" + data):
        try:
            read = read_rtp(candidate)
        except MalformedPacket:
            continue
        assert len(read.payload) <= len(candidate) - 12
        assert all(isinstance(read.extension(number), bytes | None) for number in range(1, 15))


@given(st.integers(0, 127), st.integers(0, 0xFFFF), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.binary())
def test_what_is_written_is_read_again(kind: int, seq: int, timestamp: int, ssrc: int, payload: bytes) -> None:
    for marker in (False, True):
        read = read_rtp(write_rtp(kind, seq, timestamp, ssrc, payload, marker=marker))
        assert (read.payload_type, read.seq, read.timestamp, read.ssrc) == (kind, seq, timestamp, ssrc)
        assert (read.payload, read.marker, read.extensions) == (payload, marker, b"")


@pytest.mark.parametrize(("number", "value"), [(5, b"\xab\xcd"), (10, b"\x61"), (1, None), (14, None)])
def test_extension_is_found_by_its_number(number: int, value: bytes | None) -> None:
    """RFC 8285, 4.2: padding between elements is skipped."""
    assert packet(EXTENDED).extension(number) == value


@pytest.mark.parametrize(
    ("extensions", "value"),
    [
        ("50 01", b"\x01"),
        ("3f" + "00" * 16 + "50 01", b"\x01"),
        ("50", None),
        ("51 01", None),
        ("f0 00 50 01", None),
        ("01 aa bb 50 01", None),
        ("00 00 00 50 01", b"\x01"),
        ("50 01 50 02", b"\x01"),
        ("", None),
    ],
)
def test_extension_is_looked_for_until_its_end(extensions: str, value: bytes | None) -> None:
    """RFC 8285, 4.2: id 15, and id 0 with a length, end the list; what is cut off has no value."""
    read = RtpPacket(96, 1, 2, 3, b"", extensions=bytes.fromhex(extensions))
    assert read.extension(5) == value


@pytest.mark.parametrize(
    ("second", "rtcp"), [(0x60, False), (0xBF, False), (0xC0, True), (0xC8, True), (0xDF, True), (0xE0, False)]
)
def test_rtcp_is_told_by_the_second_byte(second: int, *, rtcp: bool) -> None:
    """RFC 5761, 4: 192 to 223."""
    assert is_rtcp(bytes([0x80, second])) is rtcp


@given(st.integers(0, WRAP - 1), st.lists(st.integers(-1000, 30_000), max_size=40))
def test_unwrapped_numbers_keep_the_distances(first: int, steps: list[int]) -> None:
    """Whatever is within half a wrap of the highest, before or after it, keeps its place."""
    unwrap = Unwrapper()
    begin = highest = unwrap(first)
    for step in steps:
        number = highest + step
        assert unwrap(number % WRAP) == number
        highest = max(highest, number)
    assert unwrap.highest == highest
    assert begin % WRAP == first


@pytest.mark.parametrize(
    ("payload", "descriptor", "frame", "key"),
    [
        ("10 00 aa", 1, True, True),
        ("10 01 aa", 1, True, False),
        ("00 00 aa", 1, False, False),
        ("11 00 aa", 1, False, False),
        ("90 80 11 00 aa", 3, True, True),
        ("90 80 91 22 00 aa", 4, True, True),
        ("90 80 91 22 01 aa", 4, True, False),
        ("90 e0 91 22 33 44 00", 6, True, True),
        ("90 40 33 00", 3, True, True),
        ("90 20 33 00", 3, True, True),
        ("90 10 33 00", 3, True, True),
        ("90 30 33 00", 3, True, True),
        ("90 f0 91 22 33 44 00", 6, True, True),
        ("90 00 00", 2, True, True),
        ("80 f0 91 22 33 44 00", 6, False, False),
        ("b0 80 11 01", 3, True, False),
        ("90 80 91 22", 0, True, False),
        ("90 80 91", 0, True, False),
        ("90 80", 0, True, False),
        ("90 f0 91 22 33 44", 0, True, False),
        ("90", 0, True, False),
        ("10", 0, True, False),
        ("", 0, False, False),
    ],
)
def test_vp8_descriptor_is_measured(payload: str, descriptor: int, *, frame: bool, key: bool) -> None:
    """RFC 7741, 4.2: picture ids of 7 and 15 bits, TL0PICIDX, TID and KEYIDX in one byte; 4.3: P clear is a key."""
    data = bytes.fromhex(payload)
    assert (descriptor_bytes(data), starts_frame(data), starts_key_frame(data)) == (descriptor, frame, key)


@given(st.binary(max_size=12))
def test_any_bytes_are_a_payload_or_none(data: bytes) -> None:
    """No length reaches the payload's end: a frame has a byte at least."""
    assert 0 <= descriptor_bytes(data) < max(1, len(data))
    assert not starts_key_frame(data) or starts_frame(data)
