"""SRTP by our shorter way into pylibsrtp's library, against its public one."""

import pytest
from pylibsrtp import Error, Policy, Session

from server.media.transport.rtp import write_rtp
from server.media.transport.srtp import PROFILES, Srtp, SrtpProfile
from server.media.transport.srtp_seam import PACKET_BYTES

PACKET = write_rtp(96, 1, 2, 3, bytes(range(200)), marker=True)


def pair(profile: SrtpProfile) -> tuple[Srtp, Session, Session]:
    """Return our end as the DTLS server, and the client's two sessions by public names."""
    material = bytes(range(profile.exported_bytes))
    keys, salts = material[: 2 * profile.key_bytes], material[2 * profile.key_bytes :]
    client = keys[: profile.key_bytes] + salts[: profile.salt_bytes]
    server = keys[profile.key_bytes :] + salts[profile.salt_bytes :]
    outbound = Session(Policy(client, Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile.libsrtp))
    inbound = Session(Policy(server, Policy.SSRC_ANY_INBOUND, srtp_profile=profile.libsrtp))
    return Srtp(profile, material, is_server=True), outbound, inbound


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name.decode())
def test_what_we_protect_the_public_way_reads_and_the_other_way_round(profile: SrtpProfile) -> None:
    """RFC 3711 and RFC 7714; also across the wrap of the seq, where both count on."""
    ours, outbound, inbound = pair(profile)
    for seq in (65_534, 65_535, 0, 1):
        packet = write_rtp(96, seq, 2, 3, b"picture", marker=False)
        assert inbound.unprotect(ours.protect(packet)) == packet
        assert ours.unprotect(outbound.protect(packet)) == packet


def test_a_forged_packet_is_refused_and_the_next_one_is_taken() -> None:
    ours, outbound, _ = pair(PROFILES[0])
    protected = outbound.protect(PACKET)
    with pytest.raises(Error):
        ours.unprotect(protected[:-1] + bytes([protected[-1] ^ 1]))
    assert ours.unprotect(protected) == PACKET
    with pytest.raises(Error):
        ours.unprotect(protected)


@pytest.mark.parametrize("size", [0, 1, 11])
def test_what_is_no_packet_is_refused(size: int) -> None:
    ours, _, _ = pair(PROFILES[0])
    with pytest.raises(Error):
        ours.unprotect(bytes(size))
    with pytest.raises(Error):
        ours.protect(bytes(size))


def test_a_packet_longer_than_the_buffer_is_refused_before_it_is_copied() -> None:
    ours, _, _ = pair(PROFILES[0])
    longest = write_rtp(96, 1, 2, 3, bytes(PACKET_BYTES - 12), marker=False)
    assert len(ours.protect(longest)) == PACKET_BYTES + 16
    for step in (ours.protect, ours.unprotect):
        with pytest.raises(ValueError, match="too long"):
            step(longest + b"\0")
