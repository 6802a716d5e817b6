"""Publishers and viewers that were let in and lie in their packets: nothing escapes, and others are served on."""

import random
from collections.abc import AsyncIterator, Iterator

import pytest
from aiortc.rtp import RTCP_RTPFB_NACK, RtcpRtpfbPacket
from aiortc.sdp import SessionDescription

from server.media.frames import EncodedFrame, TrackKind, VideoCodec
from server.media.publisher import Publisher
from server.media.pump import Feed, UpListener, ViewerListener
from server.media.subscriber import Subscriber
from server.media.transport.rtp import WRAP, RtpPacket
from tests.media.offers import chromium
from tests.media.packets import frames
from tests.media.wire_peer import Wire, running_wire
from tests.waiting import wait_until

TICKS = 60
"""More than a second: each kind of feedback and report is written at least once."""


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Run a port on the loopback."""
    async with running_wire() as opened:
        yield opened


class Told:
    """What publisher and viewer told."""

    def __init__(self) -> None:
        self.frames = list[EncodedFrame]()
        self.lost = list[TrackKind]()
        self.events = list[str]()

    def up(self) -> UpListener:
        """Return what a publisher tells."""
        return UpListener(self.frames.append, self.lost.append, lambda: self.events.append("up"), self.events.append)

    def viewer(self) -> ViewerListener:
        """Return what a viewer tells."""
        return ViewerListener(lambda: self.events.append("viewer"), self.events.append)

    def ask(self) -> None:
        """Note that a viewer asked for a key frame."""
        self.events.append("key frame")


async def publishing(wire: Wire, told: Told) -> Publisher:
    """Return a publisher of sound and pictures."""
    publisher = Publisher(wire.port, told.up())
    await publisher.answer(chromium("sendonly"), tuple(VideoCodec))
    return publisher


async def goes_on(wire: Wire) -> None:
    """Connect somebody else, hear it, and see the port keep time."""
    peer = wire.peer()
    srtp = await peer.connect()
    peer.socket.send(srtp.protect(b"\x80\x60" + bytes(10) + b"alive"))
    await peer.hears(1)
    await wait_until(lambda: peer.heard.ticks >= TICKS)


def lying_packets(chance: random.Random) -> Iterator[RtpPacket]:
    """Give packets that jump, repeat, change their SSRC, and have extensions and payloads of any form."""
    seq = 65_000
    for _ in range(4000):
        seq += chance.choice([1, 1, 2, 18, 499, 501, 32_767, 40_000, -1, -300])
        head = chance.choice([b"", b"\x10", b"\x90", b"\x00", b"\x10\x02\x00\x9d\x01\x2a\x40\x01\xf0\x00"])
        packet = RtpPacket(
            chance.choice([96, 96, 97, 111, 63, 5]),
            seq % WRAP,
            chance.getrandbits(32),
            chance.choice([11, 11, 11, 22, 3735928559, 5]),
            head + chance.randbytes(chance.choice([0, 1, 2, 30])),
            marker=chance.random() < 0.5,
            extensions=bytes([0x30 | chance.randrange(16)]) + chance.randbytes(chance.choice([1, 2, 16])),
        )
        yield packet


def lying_reports(chance: random.Random) -> Iterator[bytes]:
    """Give compound packets of every type whose insides mean nothing."""
    for _ in range(4000):
        body = chance.randbytes(4 * chance.randrange(12))
        first = 0x80 | chance.choice([0, 1, 2, 4, 15, 31]) | (0x20 if chance.random() < 0.2 else 0)
        report = bytes([first, chance.randrange(192, 224)]) + (len(body) // 4).to_bytes(2) + body
        yield chance.choice([report, report[:-3], report * 3, report + b"\x80"])


async def test_publisher_that_lies_ends_at_most_itself(wire: Wire) -> None:
    """Jumps, wraps, false extensions and false reports: feedback can be written, and the end is told once."""
    told = Told()
    publisher = await publishing(wire, told)
    chance = random.Random(11)
    for number, packet in enumerate(lying_packets(chance)):
        publisher.take_rtp(packet, 1.0 + number / 1000)
    for report in lying_reports(chance):
        try:
            publisher.take_rtcp(report)
        except ValueError:  # what a connection counts
            continue
    await goes_on(wire)
    assert told.events == ["too_many_streams"]


@pytest.mark.parametrize("steps", [[18] * 600, [499] * 60, [2] * 2000, [32_767] * 3000])
async def test_pattern_of_loss_that_fills_a_nack_ends_nothing(wire: Wire, steps: list[int]) -> None:
    """A NACK longer than a datagram, or over the wrap, or a loss of millions would have stopped the port's clock."""
    publisher = await publishing(wire, Told())
    seq = 60_000
    for step in steps:
        seq += step
        publisher.take_rtp(RtpPacket(96, seq % WRAP, 0, 11, b"\x00more"), 1.0)
    await goes_on(wire)


async def test_viewer_that_lies_ends_nothing(wire: Wire) -> None:
    """It may ask for what was never sent, over the wrap and in any form; others are served."""
    told = Told()
    publisher = await publishing(wire, told)
    viewer = Subscriber(wire.port, told.viewer(), only=Feed(publisher, told.ask))
    answer = SessionDescription.parse(await viewer.answer(chromium("recvonly")))
    ssrc = answer.media[1].ssrc[0].ssrc
    viewer.connected()
    for packet in frames(65_500, *[20] * 10, key=True):
        packet.ssrc = 11
        publisher.take_rtp(packet, 1.0)
    chance = random.Random(12)
    lies = [bytes(RtcpRtpfbPacket(RTCP_RTPFB_NACK, 1, ssrc, [*range(begin, WRAP, 16)])) for begin in range(16)]
    lies += [bytes.fromhex("81cd0003 00000001") + ssrc.to_bytes(4) + b"\xff\xff" * 2]
    for report in [*lies, *lying_reports(chance)]:
        try:
            viewer.take_rtcp(report)
        except ValueError:  # what a connection counts
            continue
    await goes_on(wire)
    assert len(told.frames) == 10
    assert set(told.events) <= {"viewer", "key frame"}
