"""What a checkpoint states and how it is signed: C2SP tlog-checkpoint in a C2SP signed note, Ed25519. Pure.

Signing is deterministic and the note has no time, so a log has exactly one checkpoint for each size and key.
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from evidence.ids import LogId
from evidence.ledger.errors import LogEmpty, NoteInvalid
from evidence.ledger.tree import HASH_BYTES
from evidence.records import Count, Record, Sha256Hex

ED25519 = b"\x01"
"""Signature type of the signed-note format."""
KEY_HASH_BYTES = 4
_KEY_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]+")
_SIZE = re.compile(r"[1-9][0-9]{0,15}")


class Checkpoint(Record):
    """A statement of a log's size and root. `origin` names deployment and log."""

    origin: str
    size: Count
    root: Sha256Hex


class Receipt(Record):
    """A checkpoint as somebody keeps it outside our hands: the signed note and the key that signed it."""

    vkey: str
    note: str


class StoredCheckpoint(Record):
    """A checkpoint of a log as stored, with the signed note as it is handed out."""

    log_id: LogId
    size: Count
    root: Sha256Hex
    note: str


@dataclass(frozen=True)
class Signer:
    """The deployment's checkpoint key and the name it signs under."""

    name: str
    key: Ed25519PrivateKey

    @property
    def vkey(self) -> str:
        """Return the public key as `name+hash+base64`, the form a verifier is given. Source: C2SP signed-note."""
        public = self.key.public_key().public_bytes_raw()
        return f"{self.name}+{key_hash(self.name, public).hex()}+{b64encode(ED25519 + public).decode()}"


def require_key_name(name: str) -> str:
    """Return the name of a key when it may stand in a note.

    Raises: NoteInvalid when it is empty or has a blank or a plus sign in it.
    """
    if not _KEY_NAME.fullmatch(name):
        raise NoteInvalid(reason="key name")
    return name


def key_hash(name: str, public: bytes) -> bytes:
    """Return the four bytes by which a note names its key. Source: C2SP signed-note."""
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:KEY_HASH_BYTES]


def origin_of(name: str, log_id: LogId) -> str:
    """Return the first line of a log's checkpoints, its identity in the eyes of a verifier."""
    return f"{name}/{log_id}"


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """Return the three lines that are signed.

    Raises: LogEmpty for size 0: a signature over the hash of nothing vouches for nothing.
    Source: C2SP tlog-checkpoint.
    """
    if checkpoint.size < 1:
        raise LogEmpty
    return f"{checkpoint.origin}\n{checkpoint.size}\n{b64encode(bytes.fromhex(checkpoint.root)).decode()}\n"


def read_checkpoint(text: str) -> Checkpoint:
    """Read the signed lines back.

    Raises: NoteInvalid unless they are an origin, a size from 1 on and a root of 32 bytes.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0] or not _SIZE.fullmatch(lines[1]):  # noqa: PLR2004  (three lines, each ended)
        raise NoteInvalid(reason="checkpoint lines")
    root = _decoded(lines[2], HASH_BYTES)
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root.hex())


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """Return the signed note of a checkpoint."""
    return sign_note(checkpoint_text(checkpoint), signer)


def sign_note(text: str, signer: Signer) -> str:
    """Return a signed note: the text, which ends in a line break, an empty line, and the signature line.

    Source: C2SP signed-note.
    """
    public = signer.key.public_key().public_bytes_raw()
    signature = key_hash(signer.name, public) + signer.key.sign(text.encode())
    return f"{text}\n\N{EM DASH} {signer.name} {b64encode(signature).decode()}\n"


def open_checkpoint(note: str, vkey: str) -> Checkpoint:
    """Return what a note states when the key of `vkey` has signed it; signatures of other keys are passed over.

    Raises: NoteInvalid when the note or the key is malformed, the key has not signed, or the signature is wrong.
    """
    name, public = read_vkey(vkey)
    text, blank, signatures = note.rpartition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise NoteInvalid(reason="note")
    wanted = key_hash(name, public)
    for line in signatures.removesuffix("\n").split("\n"):
        dash, _, rest = line.partition(" ")
        signer, _, encoded = rest.partition(" ")
        if dash != "\N{EM DASH}":
            raise NoteInvalid(reason="signature line")
        signature = _decoded(encoded, None)
        if signer == name and signature[:KEY_HASH_BYTES] == wanted:
            return _verified(f"{text}\n", signature[KEY_HASH_BYTES:], public)
    raise NoteInvalid(reason="not signed by this key")


def read_vkey(vkey: str) -> tuple[str, bytes]:
    """Return the name and the 32 bytes of a public key in the form `name+hash+base64`.

    Raises: NoteInvalid when it is malformed, of another type, or its hash is not its own.
    """
    name, _, rest = vkey.strip().partition("+")
    named, _, encoded = rest.partition("+")
    public = _decoded(encoded, 1 + HASH_BYTES)
    if public[:1] != ED25519 or key_hash(require_key_name(name), public[1:]).hex() != named:
        raise NoteInvalid(reason="public key")
    return name, public[1:]


def _verified(text: str, signature: bytes, public: bytes) -> Checkpoint:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
    except InvalidSignature as refusal:
        raise NoteInvalid(reason="signature") from refusal
    return read_checkpoint(text)


def _decoded(encoded: str, length: int | None) -> bytes:
    try:
        found = b64decode(encoded, validate=True)
    except ValueError as refusal:
        raise NoteInvalid(reason="base64") from refusal
    if length is not None and len(found) != length:
        raise NoteInvalid(reason="length")
    return found
