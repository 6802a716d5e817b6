"""What may come in: types and sizes for each kind of item, and what is known of a file on its way. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import Field

from evidence.errors import EvidenceError
from evidence.ids import CaseId, ItemId, ObjectKey, UploadId
from evidence.intake.errors import FileTooLarge, TypeMismatch, TypeNotAllowed
from evidence.items.rules import Claims, Facts, ItemContext, ItemKind, MediaType
from evidence.objects.encryption import WrappedKey
from evidence.records import Count, Instant, Name, Record, Sha256Hex

_MB: Final = 1024 * 1024
LIMIT_BYTES: Final = {ItemKind.STILL: 50 * _MB, ItemKind.PHOTO: 50 * _MB, ItemKind.DOCUMENT: 200 * _MB}
"""Largest file of each kind."""
ALLOWED: Final[dict[ItemKind, frozenset[MediaType]]] = {
    ItemKind.STILL: frozenset({"image/jpeg", "image/png"}),
    ItemKind.PHOTO: frozenset({"image/jpeg", "image/png", "image/heic"}),
    ItemKind.DOCUMENT: frozenset({"application/pdf", "image/jpeg", "image/png", "image/heic"}),
}
"""Types of each kind; a paper may come as a photograph of it."""
UPLOAD_LIFETIME: Final = timedelta(days=3)
"""How long an unfinished upload can be resumed."""
OPEN_UPLOADS_LIMIT: Final = 100
"""Unfinished uploads one participant may have; a phone sends one at a time."""
_UNDECLARED = frozenset({"", "application/octet-stream"})
_SAME_TYPE = {"image/heif": "image/heic", "image/jpg": "image/jpeg", "application/x-pdf": "application/pdf"}


class Fault(StrEnum):
    """Why bytes of a known type cannot be opened."""

    DAMAGED = "damaged"
    """Cut off, or not what the format says."""
    TOO_MANY_PIXELS = "too_many_pixels"
    ENCRYPTED = "encrypted"
    TOO_COSTLY = "too_costly"
    """Decoding needed more memory or time than a file may take."""


class UploadState(StrEnum):
    """Where an upload is. Only RECEIVING takes bytes; the other three are final."""

    RECEIVING = "receiving"
    ADMITTED = "admitted"
    QUARANTINED = "quarantined"
    EXPIRED = "expired"


class Arrival(Record):
    """What the sender says of a file."""

    case_id: CaseId
    kind: ItemKind
    filename: Name
    media_type: str = Field(default="", max_length=100)
    """Declared type; empty when the sender knows none, as browsers do not for HEIC."""
    digest: Sha256Hex | None = None
    """Declared digest; None when the server itself made the file."""
    context: ItemContext
    captured_at_device: Instant | None = None


class Upload(Record):
    """A resumable upload as it is now. How far it is, the staging file itself tells."""

    id: UploadId
    arrival: Arrival
    bytes_total: Count
    state: UploadState
    item_id: ItemId | None
    refusal: str | None
    """Code of the error that the finished file was refused with."""
    created_at: Instant
    expires_at: Instant


class Accepted(Record):
    """A file that is what it says, already in the store under its content key; an entry may now state it."""

    arrival: Arrival
    digest: Sha256Hex
    bytes: Count
    media_type: MediaType
    object_key: ObjectKey
    claims: Claims
    facts: Facts
    stored_at: Instant
    """When the store was asked to take it."""
    own_key: WrappedKey | None = None
    """The wrapped key that the stored bytes alone are encrypted with."""


@dataclass(frozen=True)
class Refused:
    """A file that was refused, already in the store under its quarantine key. `refusal` says why."""

    arrival: Arrival
    digest: Sha256Hex
    bytes: int
    object_key: ObjectKey
    refusal: EvidenceError
    stored_at: datetime
    """When the store was asked to take it."""
    own_key: WrappedKey | None = None
    """The wrapped key that the stored bytes alone are encrypted with."""


def check_size(kind: ItemKind, size_bytes: int) -> None:
    """Refuse a file that is too large for its kind. Raises: FileTooLarge."""
    if size_bytes > LIMIT_BYTES[kind]:
        raise FileTooLarge(limit_bytes=LIMIT_BYTES[kind])


def check_declared(kind: ItemKind, declared: str) -> None:
    """Refuse a declared type that this kind never takes, before a byte is sent. Raises: TypeNotAllowed."""
    if declared not in _UNDECLARED and _SAME_TYPE.get(declared, declared) not in ALLOWED[kind]:
        raise TypeNotAllowed(kind=kind, found=declared)


def check_found(kind: ItemKind, *, declared: str, found: str) -> MediaType:
    """Return the type of the content when it is the declared one and taken for this kind.

    Args:
        kind: what the item is to be.
        declared: the sender's word; empty or octet-stream for none.
        found: what the content is, empty for nothing known.

    Raises: TypeMismatch, TypeNotAllowed.
    """
    if declared not in _UNDECLARED and found != _SAME_TYPE.get(declared, declared):
        raise TypeMismatch(declared=declared, found=found)
    for allowed in ALLOWED[kind]:
        if found == allowed:
            return allowed
    raise TypeNotAllowed(kind=kind, found=found)
