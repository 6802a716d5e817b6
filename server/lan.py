"""`serve --lan`: a certificate of our own making and a QR code, so that a real phone can be tried."""

import ipaddress
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from server.config import Settings
from server.errors import StartupError

LIFETIME = timedelta(days=90)


def lan_address() -> str:
    """Return the address of this machine on its network.

    Raises: StartupError when it has none but loopback.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # documentation address: choosing a route sends nothing
            address = str(probe.getsockname()[0])
        except OSError:
            address = "127.0.0.1"
    if ipaddress.ip_address(address).is_loopback:
        raise StartupError("this machine has no address on a network; connect it and try again")
    return address


def lan_settings(settings: Settings, address: str) -> Settings:
    """Return `settings` changed to serve HTTPS on `address` with a certificate made for it."""
    certificate, key = _certificate(settings.root / "keys", address)
    return settings.model_copy(
        update={
            "host": "0.0.0.0",  # noqa: S104  reaching it from the phone is the purpose
            "public_url": f"https://{address}:{settings.port}",
            "media_addresses": f"{address},127.0.0.1",
            "tls_certificate": certificate,
            "tls_key": key,
        }
    )


def _certificate(folder: Path, address: str) -> tuple[Path, Path]:
    certificate_path, key_path = folder / f"lan-{address}.crt", folder / f"lan-{address}.key"
    if certificate_path.exists():
        found = x509.load_pem_x509_certificate(certificate_path.read_bytes())
        if found.not_valid_after_utc > datetime.now(UTC) + timedelta(days=1):
            return certificate_path, key_path
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Sightline {address}")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    )
    certificate = builder.sign(key, hashes.SHA256())
    encoding = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    _write(key_path, key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain))
    _write(certificate_path, certificate.public_bytes(encoding))
    return certificate_path, key_path


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
