"""Where the deployment's signing key and its public half lie."""

from pathlib import Path

from evidence.ledger.checkpoints import Signer
from server.config import Settings
from server.errors import NotReady


def signing_key_path(settings: Settings) -> Path:
    """Return the file of the private key, in a folder of its own: only the worker is given it."""
    return settings.root / "signing" / "checkpoint.pem"


def public_key_path(settings: Settings) -> Path:
    """Return the file of the public key, as a verifier takes it."""
    return settings.root / "keys" / "checkpoint.pub"


def signer_name(deployment: bytes) -> str:
    """Return the name checkpoints are signed under; it stays the same when the server moves."""
    return f"sightline-{deployment[:6].hex()}"


def publish_key(settings: Settings, signer: Signer) -> None:
    """Write the public key into the folder that every process reads."""
    path = public_key_path(settings)
    draft = path.with_suffix(".new")
    draft.write_text(f"{signer.vkey}\n")
    draft.replace(path)


def read_public_key(settings: Settings) -> str:
    """Return the public key as `name+hash+base64`; raises NotReady until the worker has run once."""
    try:
        return public_key_path(settings).read_text().strip()
    except FileNotFoundError:
        raise NotReady(part="worker") from None
