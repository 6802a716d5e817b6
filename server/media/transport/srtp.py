"""SRTP of one connection: profiles, keys from the DTLS handshake, and the two sessions. Sources: RFC 5764, RFC 7714."""

from dataclasses import dataclass

from pylibsrtp import Error, Policy, Session

from server.media.transport.srtp_seam import protecting, unprotecting

REPLAY_WINDOW = 1024
"""Packets that a late one may be behind: a second of a sharp picture, so that answers to a NACK are not refused."""


@dataclass(frozen=True)
class SrtpProfile:
    """A protection profile: its name to OpenSSL, its number to libsrtp, and the lengths of key and salt in bytes."""

    name: bytes
    libsrtp: int
    key_bytes: int
    salt_bytes: int

    @property
    def exported_bytes(self) -> int:
        """How much keying material a handshake exports for both directions."""
        return 2 * (self.key_bytes + self.salt_bytes)


PROFILES = (
    SrtpProfile(b"SRTP_AEAD_AES_256_GCM", Policy.SRTP_PROFILE_AEAD_AES_256_GCM, 32, 12),
    SrtpProfile(b"SRTP_AEAD_AES_128_GCM", Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12),
    SrtpProfile(b"SRTP_AES128_CM_SHA1_80", Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14),
)
"""Best first; the DTLS server chooses the first one that the client has too."""


class Srtp:
    """Both directions of one connection. Raises pylibsrtp.Error for what is forged, replayed or too old."""

    Error = Error

    def __init__(self, profile: SrtpProfile, material: bytes, *, is_server: bool) -> None:
        """Take the exported keying material, client key first (RFC 5764, 4.2), and our DTLS role."""
        keys, salts = material[: 2 * profile.key_bytes], material[2 * profile.key_bytes : profile.exported_bytes]
        client = keys[: profile.key_bytes] + salts[: profile.salt_bytes]
        server = keys[profile.key_bytes :] + salts[profile.salt_bytes :]
        sends, receives = (server, client) if is_server else (client, server)
        outbound = Policy(sends, Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile.libsrtp)
        outbound.allow_repeat_tx = True  # a sound packet that was asked for again goes out as it was
        inbound = Policy(receives, Policy.SSRC_ANY_INBOUND, srtp_profile=profile.libsrtp)
        inbound.window_size = REPLAY_WINDOW
        outbound.window_size = REPLAY_WINDOW
        out_session, in_session = Session(outbound), Session(inbound)
        self.protect = protecting(out_session)
        self.protect_rtcp = out_session.protect_rtcp
        self.unprotect = unprotecting(in_session)
        self.unprotect_rtcp = in_session.unprotect_rtcp
