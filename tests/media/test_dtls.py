"""The handshake against a peer on plain pyOpenSSL, in memory: roles, identity, loss, garbage and farewells."""

import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL import SSL

from server.media.transport.dtls import (
    LABEL,
    MTU,
    RECORD_HEADER_BYTES,
    Certificate,
    Dtls,
    DtlsFailed,
    Fingerprint,
    datagrams_of,
    fingerprint_of,
)
from server.media.transport.rtp import write_rtp
from server.media.transport.srtp import PROFILES, Srtp
from tests.media.dtls_peer import BEST, BIG_RECORD_BYTES, THEIRS, Peer
from tests.waiting import wait_until_blocking

OURS = Certificate()


def ours(peer: Peer, expected: frozenset[Fingerprint] | None = None, *, is_server: bool) -> Dtls:
    """Return our end of a peer's line."""
    known = frozenset({fingerprint_of(THEIRS, "sha-256")}) if expected is None else expected
    return Dtls(OURS, known, is_server=is_server, send=peer.to_peer.append)


def carried(peer: Peer, dtls: Dtls) -> None:
    """Carry what waits at our end."""
    waiting, peer.to_us = peer.to_us, []
    for datagram in waiting:
        dtls.receive(datagram)


def shaken(peer: Peer, dtls: Dtls) -> Srtp:
    """Carry datagrams both ways until both ends are done, and return our SRTP."""
    dtls.start()
    for _ in range(6):
        peer.shake()
        carried(peer, dtls)
    assert peer.is_done
    assert dtls.srtp is not None
    return dtls.srtp


def connected(*, is_server: bool = True) -> tuple[Peer, Dtls]:
    """Return two ends whose handshake is done."""
    peer = Peer(is_client=is_server)
    dtls = ours(peer, is_server=is_server)
    shaken(peer, dtls)
    return peer, dtls


@pytest.mark.parametrize("is_server", [True, False])
@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name.decode())
def test_both_ends_have_the_same_keys(*, is_server: bool, profile: object) -> None:
    """RFC 5764, 4.2, in both roles and with every profile: what one protects the other can read, both ways."""
    chosen = next(one for one in PROFILES if one is profile)
    peer = Peer(is_client=is_server, profiles=chosen.name)
    mine = shaken(peer, ours(peer, is_server=is_server))
    material = peer.ssl.export_keying_material(LABEL, chosen.exported_bytes)
    theirs = Srtp(chosen, material, is_server=not is_server)
    packet = write_rtp(96, 1, 2, 3, b"payload", marker=True)
    assert theirs.unprotect(mine.protect(packet)) == packet
    assert mine.unprotect(theirs.protect(packet)) == packet
    with pytest.raises(Srtp.Error):
        mine.unprotect(mine.protect(write_rtp(96, 2, 2, 3, b"reflected", marker=True)))


def test_best_profile_is_chosen() -> None:
    """As the server we choose, whatever the client prefers."""
    peer = Peer(is_client=True, profiles=b":".join(profile.name for profile in reversed(PROFILES)))
    shaken(peer, ours(peer, is_server=True))
    assert peer.ssl.get_selected_srtp_profile() == BEST


@pytest.mark.parametrize("hash_name", ["sha-256", "sha-384", "sha-512"])
def test_any_good_fingerprint_will_do(hash_name: str) -> None:
    """RFC 8122, 5: one that matches, among others that do not."""
    expected = frozenset({fingerprint_of(THEIRS, hash_name), ("sha-1", "00:11"), ("sha-256", "AA:BB")})
    peer = Peer(is_client=True)
    shaken(peer, ours(peer, expected, is_server=True))


@pytest.mark.parametrize("is_server", [True, False])
@pytest.mark.parametrize(
    "expected",
    [
        frozenset({OURS.fingerprint}),
        frozenset({("sha-1", "00:11:22")}),
        frozenset({("sha-512", fingerprint_of(THEIRS, "sha-256")[1])}),
        frozenset(),
    ],
)
def test_another_certificate_is_refused(*, is_server: bool, expected: frozenset[Fingerprint]) -> None:
    """The one in the middle has a certificate too; only the signalled one counts, by a hash worth its name."""
    peer = Peer(is_client=is_server)
    dtls = ours(peer, expected, is_server=is_server)
    with pytest.raises(DtlsFailed, match="certificate"):
        shaken(peer, dtls)
    assert dtls.srtp is None


@pytest.mark.parametrize(("profiles", "certified"), [(b"", True), (BEST, False)])
def test_handshake_fails_without_a_profile_or_a_certificate(profiles: bytes, *, certified: bool) -> None:
    """Nothing to protect media with, or nothing to know the peer by."""
    peer = Peer(is_client=True, profiles=profiles, certified=certified)
    with pytest.raises(DtlsFailed):
        shaken(peer, ours(peer, is_server=True))


@pytest.mark.parametrize("is_server", [True, False])
@pytest.mark.parametrize("lost", range(4))
def test_lost_flight_is_sent_again(*, is_server: bool, lost: int) -> None:
    """RFC 6347, 4.2.4: each flight of either side may be lost once; the timers of both ends bring it back."""
    peer = Peer(is_client=is_server)
    dtls = ours(peer, is_server=is_server)
    flights = 0

    def carry() -> bool:
        nonlocal flights
        for line in (peer.to_peer, peer.to_us):
            flights += bool(line)
            if line and flights == lost + 1:
                line.clear()
                flights += 1
            if line is peer.to_peer:
                peer.shake()
        carried(peer, dtls)
        dtls.tick()
        if (left_s := peer.ssl.DTLSv1_get_timeout()) is not None and left_s <= 0:
            peer.ssl.DTLSv1_handle_timeout()
            peer.collect()
        return peer.is_done and dtls.srtp is not None

    dtls.start()
    wait_until_blocking(carry, within_s=8)


@pytest.mark.parametrize("is_server", [True, False])
def test_garbage_does_not_end_a_handshake(*, is_server: bool) -> None:
    """RFC 6347, 4.1.2.7: what is no valid record is dropped, before, within and behind the handshake."""
    chance = random.Random(7)
    peer = Peer(is_client=is_server)
    dtls = ours(peer, is_server=is_server)
    for _ in range(4):
        for first in range(20, 64):
            dtls.receive(bytes([first]) + chance.randbytes(chance.randrange(1, 300)))
        dtls.start()
        peer.shake()
        carried(peer, dtls)
    assert peer.is_done
    assert dtls.srtp is not None
    assert not dtls.is_closed


def forged(kind: int, epoch: int, body: bytes) -> bytes:
    """Return a record that anybody could write."""
    return bytes([kind, 0xFE, 0xFD]) + epoch.to_bytes(2) + (99).to_bytes(6) + len(body).to_bytes(2) + body


@pytest.mark.parametrize("is_server", [True, False])
@pytest.mark.parametrize("epoch", [0, 1, 2])
def test_forged_records_do_not_end_a_connection(*, is_server: bool, epoch: int) -> None:
    """Alerts, farewells, hellos and data of somebody who has not the keys are dropped; the real farewell counts."""
    peer, dtls = connected(is_server=is_server)
    for kind, body in [
        (21, b"\x02\x28"),
        (21, b"\x01\x00"),
        (22, bytes(40)),
        (22, b"\x01" + bytes(60)),
        (23, b"x"),
        (20, b"\x01"),
    ]:
        dtls.receive(forged(kind, epoch, body))
        dtls.receive(forged(kind, epoch, body)[:-1])
    assert not dtls.is_closed
    peer.ssl.shutdown()
    peer.collect()
    carried(peer, dtls)
    assert dtls.is_closed


@pytest.fixture(scope="module")
def lasting() -> Dtls:
    """Give one end that many examples are tried on."""
    return connected()[1]


@given(bodies=st.lists(st.binary(max_size=80), max_size=8))
def test_any_bytes_are_dropped_by_a_connection(lasting: Dtls, bodies: list[bytes]) -> None:
    """Whatever comes from an address of the peer: nothing escapes, nothing ends."""
    for body in bodies:
        for first in (20, 21, 22, 23, 24, 63):
            lasting.receive(bytes([first]) + body)
            lasting.receive(bytes([first, 0xFE, 0xFD]) + body)
    assert not lasting.is_closed


def test_farewell_is_noticed_behind_data() -> None:
    """No data was agreed: however much of it comes is thrown away at once, and hides nothing behind it."""
    peer, dtls = connected()
    for _ in range(50):
        peer.ssl.send(bytes(BIG_RECORD_BYTES))
        peer.collect()
        carried(peer, dtls)
    assert not dtls.is_closed
    peer.ssl.shutdown()
    peer.collect()
    carried(peer, dtls)
    assert dtls.is_closed


@pytest.mark.parametrize("is_server", [True, False])
def test_farewell_is_said(*, is_server: bool) -> None:
    """Once, and only to somebody who is there."""
    peer, dtls = connected(is_server=is_server)
    dtls.close()
    assert len(peer.to_peer) == 1
    peer.ssl.bio_write(peer.to_peer.pop())
    with pytest.raises(SSL.ZeroReturnError):
        peer.ssl.recv(1)
    dtls.close()
    early = ours(peer, is_server=True)
    early.close()
    assert peer.to_peer == []


@pytest.mark.parametrize("is_server", [True, False])
def test_second_handshake_is_refused(*, is_server: bool) -> None:
    """Keys and identity were settled by the first; a second one would cost us and change nothing."""
    peer, dtls = connected(is_server=is_server)
    before = dtls.srtp
    peer.ssl.renegotiate()
    with suppress(SSL.Error):  # a client is told so and fails; a server's request gets a warning
        peer.shake()
        carried(peer, dtls)
        peer.shake()
    assert peer.to_us == []
    assert (dtls.srtp, dtls.is_closed) == (before, False)


RECORDS = st.lists(st.integers(0, 3000), max_size=12)


@given(RECORDS)
def test_flight_is_cut_between_records_only(lengths: list[int]) -> None:
    """RFC 6347, 4.1: a record is in one datagram, and as many as fit are in each."""
    records = [forged(22, 0, bytes(length)) for length in lengths]
    datagrams = datagrams_of(b"".join(records))
    assert b"".join(datagrams) == b"".join(records)
    left = list(records)
    for datagram in datagrams:
        took = b""
        while left and len(took) < len(datagram):
            took += left.pop(0)
        assert took == datagram
        assert len(datagram) <= MTU or len(datagram) - RECORD_HEADER_BYTES in lengths
        assert not left or len(datagram) + len(left[0]) > MTU
    assert left == []


@given(st.binary(max_size=3000))
def test_any_flight_is_cut_without_loss(flight: bytes) -> None:
    assert b"".join(datagrams_of(flight)) == flight
