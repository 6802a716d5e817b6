"""The port under fire: garbage, forgeries, replays, strangers and peers that lie. It lives, counts, and serves."""

import random
import time
from collections.abc import AsyncIterator
from functools import partial

import pytest

from server.media.transport.connection import ADDRESSES_KEPT, GONE_S, HANDSHAKE_S
from server.media.transport.rtp import write_rtp
from tests.media.wire_peer import Wire, running_wire
from tests.waiting import wait_until

VOLLEY = 16
"""Datagrams sent at once, before a look whether the live peer is still heard."""
REPORT = bytes.fromhex("81c90007 00000001") + bytes(24)
"""A receiver report (RFC 3550, 6.4.2)."""


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Run a port on the loopback."""
    async with running_wire() as opened:
        yield opened


def packet(seq: int, payload: bytes = b"payload") -> bytes:
    """Return a packet before protection."""
    return write_rtp(96, seq, 3000 * seq, 7, payload, marker=True)


def garbage(chance: random.Random) -> list[bytes]:
    """Return datagrams of every first byte, empty ones, and lengths up to beyond what is read."""
    lengths = [0, 1, 2, 11, 19, 20, 40, 300, 1200, 1500, 1501, 2048, 2049, 9000]
    some = [bytes([first]) + chance.randbytes(chance.choice(lengths)) for first in range(256)]
    return [b"", *some, *(bytes([first]) * length for first in (0x00, 0x16, 0x80, 0xFF) for length in lengths)]


@pytest.mark.parametrize("active", [True, False])
async def test_peer_connects_and_media_passes_both_ways(wire: Wire, *, active: bool) -> None:
    """In both DTLS roles: once told, packets and reports in, packets and reports out."""
    peer = wire.peer(offers_active=active)
    srtp = await peer.connect()
    peer.socket.send(srtp.protect(packet(1)), srtp.protect_rtcp(REPORT))
    await wait_until(lambda: peer.heard.reports)
    assert ([one.payload for one in peer.heard.packets], peer.heard.reports) == ([b"payload"], [REPORT])
    peer.connection.send_rtp(packet(5, b"down"))
    peer.connection.send_rtcp(REPORT)
    await peer.gets(media=2)
    assert (srtp.unprotect(peer.media[0]), srtp.unprotect_rtcp(peer.media[1])) == (packet(5, b"down"), REPORT)
    assert (peer.heard.connections, peer.heard.reasons, peer.connection.refused) == (1, [], 0)


async def test_garbage_of_strangers_is_counted_and_nothing_else(wire: Wire) -> None:
    """Every first byte and length: no answer, no end, and the live peer goes on."""
    peer = wire.peer()
    srtp = await peer.connect()
    datagrams = garbage(random.Random(1))
    nobody = wire.socket()
    for number in range(0, len(datagrams), VOLLEY):
        nobody.send(*datagrams[number : number + VOLLEY])
        peer.socket.send(srtp.protect(packet(number)))
        await peer.hears(number // VOLLEY + 1)
    assert nobody.received() == []
    assert wire.port.strangers == len(datagrams)
    assert (peer.connection.refused, peer.heard.reasons) == (0, [])


async def test_garbage_from_a_peers_own_address_does_not_end_it(wire: Wire) -> None:
    """Who can forge the address of a peer can send in its name, but proves nothing."""
    peer = wire.peer()
    srtp = await peer.connect()
    datagrams = garbage(random.Random(2))
    for number in range(0, len(datagrams), VOLLEY):
        peer.socket.send(*datagrams[number : number + VOLLEY], srtp.protect(packet(number)))
        await peer.hears(number // VOLLEY + 1)
    assert peer.heard.reasons == []
    assert peer.connection.refused > 64
    assert len(peer.heard.packets) == len({one.seq for one in peer.heard.packets})
    assert all(one.payload == b"payload" for one in peer.heard.packets)


async def test_spoofed_media_is_dropped_unread(wire: Wire) -> None:
    """Another socket with the very bytes of the peer: its address has proved nothing."""
    peer = wire.peer()
    srtp = await peer.connect()
    real = [srtp.protect(packet(seq)) for seq in range(20)]
    nobody = wire.socket()
    nobody.send(*real)
    await wait_until(lambda: wire.port.strangers == 20)
    assert peer.heard.packets == []
    nobody.send(*peer.dtls.to_us, b"\x16\xfe\xfd" + bytes(60))
    await wait_until(lambda: wire.port.strangers == 21)
    assert nobody.received() == []
    peer.socket.send(*real)
    await peer.hears(20)


async def test_replayed_packets_are_refused(wire: Wire) -> None:
    """RFC 3711, 3.3.2: each once, in any order; one that answers a NACK late is not too old."""
    peer = wire.peer()
    srtp = await peer.connect()
    real = [srtp.protect(packet(seq)) for seq in range(1000)]
    shuffled = random.Random(3).sample(real[1:], 999)
    for number, begin in enumerate(range(0, 999, 37)):
        part = shuffled[begin : begin + 37]
        peer.socket.send(*part, *part, *([srtp.protect_rtcp(REPORT)] * 2))
        await wait_until(partial(peer.told, number + 1))
    peer.socket.send(real[0], real[0])
    await peer.hears(1000)
    peer.socket.send(srtp.protect(packet(1001)))
    await peer.hears(1001)
    assert sorted(one.seq for one in peer.heard.packets) == [*range(1000), 1001]
    assert peer.connection.refused == 1000 + 27


async def test_malformed_packets_under_the_right_keys_are_refused(wire: Wire) -> None:
    """A peer that was let in can lie inside: headers that reach too far, reports of nothing."""
    peer = wire.peer()
    srtp = await peer.connect()
    header = packet(1, b"")[1:]
    lies = [
        b"\xa0" + header + b"\xff",
        b"\xa0" + header + b"\x00",
        b"\xb0" + header + bytes.fromhex("bede0001 00000009"),
    ]
    for number, lie in enumerate(lies):
        body = bytearray(lie)
        body[2:4] = (number + 1).to_bytes(2)
        peer.socket.send(srtp.protect(bytes(body)))
    await wait_until(lambda: peer.connection.refused == 3)
    peer.socket.send(srtp.protect(packet(9)))
    await peer.hears(1)


async def test_packet_that_cannot_be_protected_costs_only_itself(wire: Wire) -> None:
    """One beyond SRTP's buffer, and one from before its window: dropped and counted; the next is sent."""
    peer = wire.peer()
    srtp = await peer.connect()
    peer.connection.send_rtp(packet(5000, bytes(1490)))
    peer.connection.send_rtcp(REPORT[:8] + bytes(4 * 375))
    for seq in (5000, 100, 5001):
        peer.connection.send_rtp(packet(seq))
    assert peer.connection.refused == 3
    await peer.gets(media=2)
    assert [srtp.unprotect(one) for one in peer.media] == [packet(5000), packet(5001)]


async def test_nothing_is_sent_to_an_address_that_proved_nothing(wire: Wire) -> None:
    """Wrong checks, hellos and media of somebody get no byte: nobody can aim us at a third one."""
    peer = wire.peer()
    nobody = wire.socket()
    peer.dtls.shake()
    nobody.send(peer.check(password="y" * 24), *peer.dtls.to_us, packet(1))
    await wait_until(lambda: wire.port.strangers == 2)
    assert (peer.connection.refused, peer.connection.address, nobody.received()) == (1, None, [])
    peer.connection.send_rtp(packet(1))
    peer.connection.send_rtcp(REPORT)
    await peer.connect()
    nobody.send(peer.check(password="y" * 24))
    await wait_until(lambda: peer.connection.refused == 2)
    peer.connection.send_rtp(packet(1))
    await peer.gets(media=1)
    assert nobody.received() == []


async def test_media_follows_the_nominated_address(wire: Wire) -> None:
    """A check alone opens a second way in; only USE-CANDIDATE moves what is sent (RFC 8445, 7.3.1.5)."""
    peer = wire.peer()
    srtp = await peer.connect()
    moved = wire.socket()
    moved.send(peer.check(nominates=False))
    await wait_until(moved.received)
    assert peer.connection.address == peer.socket.address
    moved.send(srtp.protect(packet(1)))
    await peer.hears(1)
    moved.send(peer.check())
    await wait_until(moved.received)
    assert peer.connection.address == moved.address
    peer.connection.send_rtp(packet(2))
    (datagram,) = await wait_until(moved.received)
    assert srtp.unprotect(datagram) == packet(2)
    peer.socket.send(srtp.protect(packet(3)))
    await peer.hears(2)


async def test_addresses_of_a_peer_are_bounded(wire: Wire) -> None:
    """Old ones are forgotten, never the one in use."""
    peer = wire.peer()
    srtp = await peer.connect()
    many = [wire.socket() for _ in range(ADDRESSES_KEPT + 3)]
    for one in many:
        one.send(peer.check(nominates=False))
        await wait_until(one.received)
    many[0].send(srtp.protect(packet(1)))
    await wait_until(lambda: wire.port.strangers == 1)
    many[-1].send(srtp.protect(packet(2)))
    peer.socket.send(srtp.protect(packet(3)))
    await peer.hears(2)
    assert [one.seq for one in peer.heard.packets] == [2, 3]


async def test_peer_that_hangs_up_is_over(wire: Wire) -> None:
    """A farewell is told once; what comes afterwards is a stranger's."""
    peer = wire.peer()
    srtp = await peer.connect()
    peer.dtls.ssl.shutdown()
    peer.dtls.collect()
    peer.socket.send(*peer.dtls.to_us)
    await wait_until(lambda: peer.heard.reasons)
    peer.socket.send(srtp.protect(packet(1)), peer.check())
    await wait_until(lambda: wire.port.strangers + peer.connection.refused == 2)
    assert (peer.heard.reasons, peer.heard.packets, peer.connection.is_over) == (["closed_by_peer"], [], True)


async def test_restart_takes_the_new_credentials_only(wire: Wire) -> None:
    """RFC 8445, 9: keys and addresses stay, a check under the old password is a stranger's."""
    peer = wire.peer()
    srtp = await peer.connect()
    old = peer.check()
    peer.connection.restart("wire")
    peer.socket.send(old)
    await wait_until(lambda: wire.port.strangers == 1)
    peer.socket.send(peer.check(), srtp.protect(packet(1)))
    await peer.hears(1)
    await peer.gets(replies=2)


async def test_removed_peer_is_told_and_forgotten(wire: Wire) -> None:
    """Closing says farewell, and nothing of the peer stays behind."""
    peer = wire.peer()
    await peer.connect()
    wire.port.remove(peer.connection)
    wire.port.remove(peer.connection)
    assert (peer.heard.reasons, peer.connection.is_over) == ([], True)
    peer.socket.send(peer.check())
    await wait_until(lambda: wire.port.strangers == 1)
    assert [datagram[0] for datagram in peer.socket.received()] == [21]


async def test_address_taken_by_another_comes_back_with_the_next_check(wire: Wire) -> None:
    """One who was let in can forge a victim's address for a check of its own; the victim's next one undoes it."""
    peer, thief = wire.peer(), wire.peer()
    srtp = await peer.connect()
    peer.socket.send(thief.check())
    await wait_until(lambda: thief.connection.address == peer.socket.address)
    peer.socket.send(srtp.protect(packet(1)), peer.check(), srtp.protect(packet(2)))
    await peer.hears(1)
    assert [one.seq for one in peer.heard.packets] == [2]
    wire.port.remove(thief.connection)
    peer.socket.send(srtp.protect(packet(3)))
    await peer.hears(2)


async def test_peer_that_fell_silent_is_over_in_time(wire: Wire) -> None:
    """Twenty seconds for a handshake, a minute without a check: told once each."""
    slow, peer = wire.peer(), wire.peer()
    await peer.connect()
    now_s = time.monotonic()
    for connection in (slow.connection, peer.connection):
        connection.tick(now_s + HANDSHAKE_S - 5)
        assert not connection.is_over
    for _ in range(2):
        slow.connection.tick(now_s + HANDSHAKE_S + 1)
        peer.connection.tick(now_s + GONE_S - 5)
    assert (slow.heard.reasons, peer.heard.reasons) == (["connection_lost"], [])
    for _ in range(2):
        peer.connection.tick(now_s + GONE_S + 1)
    assert peer.heard.reasons == ["connection_lost"]
