"""The DTLS handshake of one connection, over bytes. Sources: RFC 5764 (SRTP keys), RFC 8122 (fingerprints)."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

from server.media.transport.srtp import PROFILES, Srtp

MTU = 1200
"""Bytes of a handshake datagram: fits every path that WebRTC's media fits."""
FLIGHT_BYTES = 65_536
RECORD_HEADER_BYTES = 13
LABEL = b"EXTRACTOR-dtls_srtp"
CIPHERS = (
    b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
    b"ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA"
)
HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha-256": hashes.SHA256,
    "sha-384": hashes.SHA384,
    "sha-512": hashes.SHA512,
}
"""What a peer may name its certificate by; SHA-1 and MD5 are not worth the name."""
LIFE = timedelta(days=30)
Fingerprint = tuple[str, str]
"""Hash name in lower case, and the digest as upper-case hex pairs with colons."""


class DtlsFailed(Exception):
    """The handshake cannot succeed; the peer is not who signalled, or speaks nothing we do."""


class Certificate:
    """The certificate of this process, made anew at each start; what vouches for it is the signalling."""

    def __init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, secrets.token_hex(8))])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - LIFE)
            .not_valid_after(now + LIFE)
            .sign(key, hashes.SHA256())
        )
        self.fingerprint = fingerprint_of(certificate, "sha-256")
        self.context = SSL.Context(SSL.DTLS_METHOD)
        self.context.set_options(SSL.OP_NO_TICKET | SSL.OP_NO_RENEGOTIATION)
        # Any certificate will do for OpenSSL: the fingerprint is compared when the handshake is done.
        self.context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
        self.context.use_certificate(certificate)
        self.context.use_privatekey(key)
        self.context.set_cipher_list(CIPHERS)
        self.context.set_tlsext_use_srtp(b":".join(profile.name for profile in PROFILES))


def fingerprint_of(certificate: x509.Certificate, hash_name: str) -> Fingerprint:
    """Return the certificate's fingerprint. Args: hash_name: a key of HASHES."""
    digest = certificate.fingerprint(HASHES[hash_name]())
    return hash_name, digest.hex(":").upper()


class Dtls:
    """One handshake. Feed it datagrams and time; it sends by itself and gives SRTP once both ends are known."""

    def __init__(
        self,
        certificate: Certificate,
        expected: frozenset[Fingerprint],
        *,
        is_server: bool,
        send: Callable[[bytes], None],
    ) -> None:
        """Take our certificate, what the peer signalled, our role, and what sends it a datagram."""
        self.is_server = is_server
        self.srtp: Srtp | None = None
        self.is_closed = False
        self._expected = expected
        self._send = send
        self._ssl = SSL.Connection(certificate.context, None)
        self._ssl.set_ciphertext_mtu(MTU)
        if is_server:
            self._ssl.set_accept_state()
        else:
            self._ssl.set_connect_state()

    def start(self) -> None:
        """Say hello first, as the client. Raises: DtlsFailed."""
        if not self.is_server:
            self._go_on()

    def receive(self, datagram: bytes) -> None:
        """Take a datagram of the peer. Raises: DtlsFailed."""
        self._ssl.bio_write(datagram)
        if self.srtp is None:
            self._go_on()
            return
        try:
            # No data is expected, but this is how a farewell is noticed, and how a lost last flight is sent again.
            # All of it is read: what stays behind would pile up, and hide the farewell.
            while True:
                self._ssl.recv(FLIGHT_BYTES)
        except SSL.ZeroReturnError:
            self.is_closed = True
        except SSL.WantReadError:
            pass
        except SSL.Error as error:
            raise DtlsFailed("broken record") from error
        self._flush()

    def tick(self) -> None:
        """Send the last flight again when it is time. Raises: DtlsFailed."""
        if self.srtp is not None:
            return
        left_s = self._ssl.DTLSv1_get_timeout()
        if left_s is None or left_s > 0:
            return
        try:
            self._ssl.DTLSv1_handle_timeout()
        except SSL.Error as error:
            raise DtlsFailed("no answer") from error
        self._flush()

    def close(self) -> None:
        """Say farewell, if there is somebody to say it to."""
        if self.is_closed:
            return
        self.is_closed = True
        if self.srtp is not None:
            try:
                self._ssl.shutdown()
            except SSL.Error:
                return  # nobody waits for the other side's farewell
            self._flush()

    def _go_on(self) -> None:
        try:
            self._ssl.do_handshake()
        except SSL.WantReadError:
            self._flush()
            return
        except SSL.Error as error:
            self._flush()  # the alert that tells the peer why
            raise DtlsFailed("handshake") from error
        self._flush()
        self._finish()

    def _finish(self) -> None:
        certificate = self._ssl.get_peer_certificate(as_cryptography=True)
        known = {name for name, _ in self._expected} & set(HASHES)
        if certificate is None or not known:
            raise DtlsFailed("no certificate to check")
        if not any(fingerprint_of(certificate, name) in self._expected for name in known):
            raise DtlsFailed("another certificate than signalled")
        chosen = self._ssl.get_selected_srtp_profile()
        profile = next((one for one in PROFILES if one.name == chosen), None)
        if profile is None:
            raise DtlsFailed("no common SRTP profile")
        material = self._ssl.export_keying_material(LABEL, profile.exported_bytes)
        self.srtp = Srtp(profile, material, is_server=self.is_server)

    def _flush(self) -> None:
        try:
            flight = self._ssl.bio_read(FLIGHT_BYTES)
        except SSL.WantReadError:
            return
        for datagram in datagrams_of(flight):
            self._send(datagram)


def datagrams_of(flight: bytes) -> list[bytes]:
    """Cut what OpenSSL wrote at once into datagrams of whole records (RFC 6347, 4.1), of up to MTU bytes."""
    datagrams: list[bytes] = []
    begin = at = 0
    while at + RECORD_HEADER_BYTES <= len(flight):
        end = at + RECORD_HEADER_BYTES + int.from_bytes(flight[at + 11 : at + RECORD_HEADER_BYTES])
        if end - begin > MTU and at > begin:
            datagrams.append(flight[begin:at])
            begin = at
        at = end
    if begin < len(flight):
        datagrams.append(flight[begin:])
    return datagrams
