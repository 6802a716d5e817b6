"""What a viewer is sent of a stream, and sent again. Sources: RFC 3550, RFC 4588."""

import pytest
from aiortc.rtp import RtcpSenderInfo, RtcpSrPacket
from hypothesis import given
from hypothesis import strategies as st

from server.media.frames import TrackKind
from server.media.transport.downstream import AGAIN_A_S, DownStream
from server.media.transport.rtp import WRAP, RtpPacket, read_rtp
from server.media.transport.sdp import Codec, SentMedia
from server.media.transport.upstream import UpStream
from tests.media.packets import OPUS, SSRC, VP8, VP8_ALONE, frames, picture, sound, taken

VIDEO, AUDIO = TrackKind.VIDEO, TrackKind.AUDIO
SENT = SentMedia(0x1000_0001, 0x1000_0002)


class Viewing:
    """A source's stream, a viewer's stream of it, and what went out."""

    def __init__(self, kind: TrackKind, codec: Codec, sent: SentMedia = SENT) -> None:
        self.up = UpStream(kind, SSRC)
        self.wire = list[bytes]()
        self.down = DownStream(kind, (codec,), sent, self.wire.append)

    @property
    def sent(self) -> list[RtpPacket]:
        """Return what went out, as the viewer reads it."""
        return [read_rtp(data) for data in self.wire]

    @property
    def seqs(self) -> list[int]:
        """Return the seqs sent so far, from the first one on."""
        packets = self.sent
        return [(packet.seq - packets[0].seq) % WRAP for packet in packets]

    def feed(self, *packets: RtpPacket) -> None:
        """Pass packets on."""
        for packet in packets:
            self.down.take(taken(self.up, packet))

    def nacked(self, *seqs: int, now_s: float = 100.0) -> list[RtpPacket]:
        """Return what is sent for a NACK."""
        already = len(self.wire)
        self.down.send_again(self.up, list(seqs), now_s)
        return self.sent[already:]


def test_stream_starts_at_a_key_frame() -> None:
    """A picture that refers to one never seen is of no use; what overtook the key frame is from before it."""
    viewing = Viewing(VIDEO, VP8)
    viewing.feed(*frames(100, 2, 2))
    assert (viewing.wire, viewing.down.needs_key_frame) == ([], True)
    viewing.feed(*frames(106, 3, 2, key=True))
    viewing.feed(picture(105), picture(104))
    assert (viewing.seqs, viewing.down.needs_key_frame) == ([0, 1, 2, 3, 4], False)


def test_sound_starts_at_once() -> None:
    viewing = Viewing(AUDIO, OPUS)
    assert not viewing.down.needs_key_frame
    viewing.feed(sound(7), sound(8))
    assert viewing.seqs == [0, 1]


def test_header_is_the_viewers_own_and_the_payload_the_senders() -> None:
    """SSRC and payload type as answered to this viewer; timestamp, marker and bytes as they came, no extension."""
    viewing = Viewing(VIDEO, VP8._replace(payload_type=120))
    packets = frames(0xFFFE, 3, 1, key=True, ticks=1234)
    for packet in packets:
        packet.extensions = b"\x50\x01\x00\x00"
    viewing.feed(*packets)
    for before, after in zip(packets, viewing.sent, strict=True):
        assert (after.ssrc, after.payload_type, after.extensions) == (SENT.ssrc, 120, b"")
        assert (after.timestamp, after.marker, after.payload) == (before.timestamp, before.marker, before.payload)


def test_first_seq_is_low_so_that_no_receiver_takes_it_for_a_wrap() -> None:
    firsts = set[int]()
    for _ in range(40):
        viewing = Viewing(AUDIO, OPUS)
        viewing.feed(sound(60_000))
        firsts.add(viewing.sent[0].seq)
    assert max(firsts) < WRAP // 2
    assert len(firsts) > 30


@given(st.integers(0, WRAP - 1), st.permutations(range(1, 30)))
def test_gaps_and_order_are_kept(first: int, order: list[int]) -> None:
    """A viewer sees the loss and order that we saw, over the wrap, so that it asks for what is missing."""
    viewing = Viewing(VIDEO, VP8)
    viewing.feed(*frames(first, 1, key=True))
    viewing.feed(*(picture(first + step) for step in order if step % 7))
    assert viewing.seqs == [0, *(step for step in order if step % 7)]


def test_lost_packet_is_sent_again_as_rtx() -> None:
    """RFC 4588, 4: its own SSRC, type and seqs, the lost seq before the payload; timestamp and marker as they were."""
    viewing = Viewing(VIDEO, VP8)
    viewing.feed(*frames(0xFFFD, 3, 3, key=True))
    lost = viewing.sent[1], viewing.sent[5]
    again = viewing.nacked(*(packet.seq for packet in lost))
    assert [(packet.ssrc, packet.payload_type) for packet in again] == [(SENT.rtx_ssrc, 97)] * 2
    assert (again[1].seq - again[0].seq) % WRAP == 1
    for before, after in zip(lost, again, strict=True):
        assert after.payload == before.seq.to_bytes(2) + before.payload
        assert (after.timestamp, after.marker) == (before.timestamp, before.marker)


@pytest.mark.parametrize(
    ("codec", "sent"), [(VP8_ALONE, SENT), (VP8, SentMedia(SENT.ssrc, None)), (VP8_ALONE, SentMedia(SENT.ssrc, None))]
)
def test_lost_packet_is_sent_again_as_it_was_without_rtx(codec: Codec, sent: SentMedia) -> None:
    viewing = Viewing(VIDEO, codec, sent)
    viewing.feed(*frames(10, 3, key=True))
    before = list(viewing.wire)
    viewing.nacked(*(packet.seq for packet in viewing.sent))
    assert viewing.wire == [*before, *before]


def test_packet_that_came_late_can_be_sent_again_too() -> None:
    viewing = Viewing(VIDEO, VP8_ALONE)
    viewing.feed(*frames(10, 2, key=True), picture(13), picture(12, payload=b"\x00late"))
    assert [packet.payload for packet in viewing.nacked(viewing.sent[-1].seq)] == [b"\x00late"]


def test_nothing_is_sent_again_that_was_not_sent_or_is_not_kept() -> None:
    """Seqs ahead, seqs from before the viewer's first packet, lost ones, and those too old."""
    viewing = Viewing(VIDEO, VP8)
    assert viewing.nacked(0, 1) == []
    viewing.feed(picture(9), *frames(10, 2, key=True), picture(13))
    first = viewing.sent[0].seq
    assert viewing.nacked(*((first + step) % WRAP for step in (2, 4, 30_000, -1, -2, -30_000))) == []
    viewing.feed(*(picture(seq) for seq in range(14, 10 + 1026)))
    assert [packet.payload for packet in viewing.nacked(first, (first + 1) % WRAP)] == []
    assert len(viewing.nacked((first + 3) % WRAP)) == 1


def test_nack_over_the_wrap_is_answered() -> None:
    """A bit mask counts on from its seq: readers give 65536 and more where the seqs begin anew."""
    for codec in (VP8, VP8_ALONE):
        viewing = Viewing(VIDEO, codec)
        viewing.feed(*frames(10, 1, key=True))
        first = viewing.sent[0].seq
        for seq in range(11, 10 + WRAP - first + 5):
            viewing.feed(picture(seq, payload=seq.to_bytes(4)))
        (again,) = viewing.nacked(WRAP + 2)
        assert again.payload[-4:] == (10 + WRAP + 2 - first).to_bytes(4)


def test_viewer_gets_no_more_again_than_its_share() -> None:
    """Three hundred in a burst, then as many as time allows: a line that is full is not filled more."""
    viewing = Viewing(VIDEO, VP8)
    viewing.feed(*frames(10, 500, key=True))
    seqs = [packet.seq for packet in viewing.sent]
    assert len(viewing.nacked(*seqs, now_s=100.0)) == AGAIN_A_S
    assert viewing.nacked(*seqs, now_s=100.0) == []
    assert len(viewing.nacked(*seqs, now_s=100.125)) == AGAIN_A_S // 8
    assert len(viewing.nacked(*seqs, now_s=200.0)) == AGAIN_A_S


def test_seqs_go_on_when_the_stream_begins_anew() -> None:
    """After a pause or from another sender: no hole to ask for, from a key frame on, and nothing from before it."""
    viewing = Viewing(VIDEO, VP8)
    viewing.feed(*frames(10, 4, key=True))
    for first in (60_000, 5):
        viewing.down.begin_anew()
        viewing.down.begin_anew()
        assert viewing.down.needs_key_frame
        assert viewing.nacked(viewing.sent[-1].seq) == []
        viewing.up = UpStream(VIDEO, SSRC + first)
        viewing.feed(*frames(first, 2))
        viewing.feed(*frames(first + 2, 3, key=True))
    assert viewing.seqs == list(range(10))
    before = viewing.sent[6].seq
    assert viewing.nacked(before) == []
    assert [packet.payload[2:] for packet in viewing.nacked(viewing.sent[7].seq)] == [viewing.sent[7].payload]


def test_sound_goes_on_without_a_key_frame_when_it_begins_anew() -> None:
    viewing = Viewing(AUDIO, OPUS)
    viewing.feed(sound(7), sound(9))
    viewing.down.begin_anew()
    viewing.feed(sound(500), sound(501))
    assert (viewing.seqs, viewing.down.needs_key_frame) == ([0, 2, 3, 4], False)


def test_senders_clock_is_told_under_our_ssrc_and_counts() -> None:
    """RFC 3550, 6.4.1: the NTP and RTP times belong together and are the sender's; the counts are of what we sent."""
    viewing = Viewing(VIDEO, VP8)
    assert viewing.down.report(viewing.up) is None
    info = RtcpSenderInfo(ntp_timestamp=1 << 63, rtp_timestamp=77, packet_count=9000, octet_count=9000)
    viewing.up.note_report(RtcpSrPacket(ssrc=SSRC, sender_info=info), 1.0)
    assert viewing.down.report(viewing.up) is None
    viewing.feed(*frames(10, 2, 1, key=True))
    viewing.nacked(viewing.sent[0].seq)
    told = viewing.down.report(viewing.up)
    assert told is not None
    assert (told.ssrc, told.reports) == (SENT.ssrc, [])
    assert told.sender_info == RtcpSenderInfo(1 << 63, 77, 3, sum(len(one.payload) for one in viewing.sent[:3]))
