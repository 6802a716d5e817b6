"""IPv6 beside IPv4: two sockets of one number, a peer on either or on one after the other, the same limits on both."""

import socket
import sys
from collections.abc import AsyncIterator
from contextlib import closing

import pytest

from server.media.transport.connection import ADDRESSES_KEPT
from server.media.transport.lines import Lines
from server.media.transport.rtp import write_rtp
from tests.media.peers import MovingPicture, Tone, at_hosts
from tests.media.room import Room
from tests.media.wire_peer import Wire, running_wire
from tests.parts.networks import network
from tests.parts.running import LOOPBACK, LOOPBACK_V6
from tests.waiting import wait_until

BOTH = (LOOPBACK_V6, LOOPBACK)
TWO_NUMBERS = """
import sys
from contextlib import closing
from pathlib import Path
from server.media.transport.lines import Lines
Path("/proc/sys/net/ipv4/ip_local_port_range").write_text("40000 40001")
with closing(Lines((sys.argv[2],), 40000)):
    for _ in range(20):
        with closing(Lines(tuple(sys.argv[1:]), 0)) as both:
            print(both.number)
"""


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Run a port in both families."""
    async with running_wire(*BOTH) as opened:
        yield opened


def packet(seq: int, payload: bytes = b"payload") -> bytes:
    """Return a packet before protection."""
    return write_rtp(96, seq, 3000 * seq, 7, payload, marker=True)


@pytest.mark.parametrize(("publishes", "watches"), [BOTH, BOTH[::-1], BOTH[:1] * 2], ids=["6 to 4", "4 to 6", "6 to 6"])
async def test_each_family_sees_the_other(both_families: Room, publishes: str, watches: str) -> None:
    """A peer with one family publishes, one with the other watches; one of the publisher's watches beside it."""
    with at_hosts(publishes):
        source_id = await both_families.publish(MovingPicture(), Tone(440))
        beside = await both_families.watch(source_id, "video")
    with at_hosts(watches):
        viewer = await both_families.watch(source_id, "audio", "video")
    await wait_until(lambda: len(viewer.received["video"]) >= 20 and len(viewer.received["audio"]) >= 20)
    await wait_until(lambda: len(beside.received["video"]) >= 20)
    assert viewer.decoded_size() == (320, 240)
    for peer, host in ((both_families.publishers[0], publishes), (beside, publishes), (viewer, watches)):
        lines = [line for line in peer.pc.localDescription.sdp.splitlines() if line.startswith("a=candidate:")]
        assert {line.split()[4] for line in lines} == {host}
        told = [line.split()[4] for line in peer.pc.remoteDescription.sdp.splitlines() if "a=candidate:" in line]
        assert set(told) == set(BOTH)


@pytest.mark.parametrize("many", [True, False], ids=["at once", "one by one"])
@pytest.mark.parametrize("host", BOTH)
async def test_frame_of_many_packets_arrives_whole(wire: Wire, host: str, *, many: bool) -> None:
    """In one call where the kernel takes several datagrams; the last is shorter, the one behind it longer again."""
    wire.port.segments = wire.port.segments and many
    peer = wire.peer(host)
    srtp = await peer.connect()
    packets = [packet(seq, bytes(1100 if seq % 10 else 300)) for seq in range(1, 32)]
    for one in packets:
        peer.connection.send_rtp(one)
    await peer.gets(media=len(packets))
    assert [srtp.unprotect(one) for one in peer.media] == packets
    assert wire.port.dropped == 0


@pytest.mark.parametrize(("before", "after"), [BOTH, BOTH[::-1]], ids=["6 to 4", "4 to 6"])
async def test_change_of_family_is_followed(wire: Wire, before: str, after: str) -> None:
    """A phone goes from a network with IPv6 to one without, or back: keys and numbers go on from there."""
    peer = wire.peer(before)
    srtp = await peer.connect()
    peer.socket.send(srtp.protect(packet(1)))
    await peer.hears(1)
    peer.socket = wire.socket(after)
    peer.socket.send(srtp.protect(packet(2)))
    await wait_until(lambda: wire.port.strangers == 1)  # the new address has proved nothing yet
    peer.socket.send(peer.check(), srtp.protect(packet(3)))
    await peer.hears(2)
    assert peer.connection.address == peer.socket.address
    peer.connection.send_rtp(packet(9, b"down"))
    await peer.gets(media=1, replies=2)
    assert srtp.unprotect(peer.media[0]) == packet(9, b"down")
    assert (peer.heard.reasons, peer.heard.connections) == ([], 1)


async def test_spoofed_source_and_many_addresses_are_limited_alike(wire: Wire) -> None:
    """By IPv6 everybody has addresses without end: a peer's are those it proved, and the eight latest of both."""
    peer = wire.peer(LOOPBACK_V6)
    srtp = await peer.connect()
    nobody = wire.socket(LOOPBACK_V6)
    nobody.send(srtp.protect(packet(1)), peer.check(password="guessed-of-24-characters"))
    await wait_until(lambda: wire.port.strangers + peer.connection.refused == 2)
    many = [wire.socket(BOTH[number % 2]) for number in range(ADDRESSES_KEPT + 3)]
    for one in many:
        one.send(peer.check(nominates=False))
        await wait_until(one.received)
    assert (wire.port.known, peer.heard.packets, nobody.received()) == (ADDRESSES_KEPT, [], [])
    peer.socket.send(srtp.protect(packet(2)))
    await peer.hears(1)


def test_number_is_one_that_both_families_have_free() -> None:
    """A firewall's rule names one number; IPv6's socket takes nothing of IPv4, nor the other way round."""
    taken = Lines((LOOPBACK_V6,), 0)
    with closing(taken):
        both = Lines(BOTH, 0)
        with closing(both):
            assert {line.getsockname()[:2] for line in both.all} == {(host, both.number) for host in BOTH}
            assert both.number != taken.number
        with pytest.raises(OSError, match="in use"):
            Lines((LOOPBACK, LOOPBACK_V6), taken.number)
        with closing(Lines((LOOPBACK,), taken.number)) as other:
            assert other.number == taken.number  # and what failed before it left nothing bound


def test_another_number_is_tried_when_ipv6_has_the_first_one_taken() -> None:
    """In a network whose programs get one of two numbers, and one of them is taken."""
    with network() as alone:
        found = alone.run(sys.executable, "-c", TWO_NUMBERS, LOOPBACK, LOOPBACK_V6).split()
    assert found == ["40001"] * 20


@pytest.mark.parametrize(
    ("addresses", "bound"),
    [(("::1",), "::1"), (("::1", "2001:db8::1"), "::"), (("2001:db8::1",), "::")],
    ids=["one of ours", "several", "not ours"],
)
def test_ipv6_is_bound_to_the_one_address_or_to_all(addresses: tuple[str, ...], bound: str) -> None:
    """As IPv4 is, and apart from it. 2001:db8::1 is an address of documentation (RFC 3849)."""
    with closing(Lines((LOOPBACK, *addresses), 0)) as lines:
        assert [line.getsockname()[0] for line in lines.all] == [LOOPBACK, bound]


async def test_port_that_ends_leaves_no_socket() -> None:
    async with running_wire(*BOTH) as opened:
        await opened.peer(LOOPBACK_V6).connect()
        number = opened.port.addresses[0][1]
    with closing(Lines(BOTH, number)) as lines:
        assert [line.family for line in lines.all] == [socket.AF_INET6, socket.AF_INET]
