"""The file of the checkpoint signing key: made once, readable by the account of the worker alone."""

import os
import secrets
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from evidence.ledger.checkpoints import Signer, require_key_name
from evidence.ledger.errors import NoteInvalid, SigningKeyExposed


def load_or_create_signer(path: Path, name: str) -> Signer:
    """Return the signer of a key file; make the file when there is none. Blocks: call it while starting.

    Args:
        path: PEM file (PKCS #8, unencrypted) of mode 0600; its folder exists.
        name: what the checkpoints are signed as, without blanks or plus signs; part of the public key's identity.

    Raises:
        SigningKeyExposed: when group or others may read the file.
        NoteInvalid: when the name cannot stand in a note or the file holds another kind of key.
    """
    require_key_name(name)
    if not path.exists():
        _create(path)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SigningKeyExposed(path=str(path))
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise NoteInvalid(reason="signing key is not Ed25519")
    return Signer(name=name, key=key)


def _create(path: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        # Linking fails when the file exists: of two workers starting at once one key wins and both load it.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
