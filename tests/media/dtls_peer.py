"""The other end of a handshake, on plain pyOpenSSL and in memory."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from OpenSSL import SSL

from server.media.transport.dtls import MTU, datagrams_of

BEST = b"SRTP_AEAD_AES_256_GCM"
BIG_RECORD_BYTES = 2000


def new_certificate() -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    """Return an RSA certificate, as some encoders still have: its flight takes more than a datagram."""
    key = rsa.generate_private_key(65_537, 2048)
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "peer")]), datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    return builder.sign(key, hashes.SHA256()), key


THEIRS, THEIR_KEY = new_certificate()


class Peer:
    """The other end, and the line between: datagrams that were sent and not carried yet."""

    def __init__(self, *, is_client: bool, profiles: bytes = BEST, certified: bool = True) -> None:
        context = SSL.Context(SSL.DTLS_METHOD)
        context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
        if certified:
            context.use_certificate(THEIRS)
            context.use_privatekey(THEIR_KEY)
        if profiles:
            context.set_tlsext_use_srtp(profiles)
        self.ssl = SSL.Connection(context, None)
        self.ssl.set_ciphertext_mtu(BIG_RECORD_BYTES + 100)
        self.to_us = list[bytes]()
        self.to_peer = list[bytes]()
        self.is_done = False
        if is_client:
            self.ssl.set_connect_state()
        else:
            self.ssl.set_accept_state()

    def shake(self) -> None:
        """Take what has come and go on."""
        for datagram in self.to_peer:
            self.ssl.bio_write(datagram)
            self._go_on()
        self.to_peer.clear()
        self._go_on()

    def collect(self) -> None:
        """Put what OpenSSL wants to send on the line."""
        try:
            self.to_us += datagrams_of(self.ssl.bio_read(65_536))
        except SSL.WantReadError:
            return

    def _go_on(self) -> None:
        try:
            if self.is_done:
                self.ssl.recv(MTU)  # so a last flight that was lost is sent again
            self.ssl.do_handshake()
            self.is_done = True
        except SSL.WantReadError:
            pass
        self.collect()
