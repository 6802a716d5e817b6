"""What may come in: types and sizes for each kind of item, and what is known of a file on its way. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import Field

from evidence.errors import EvidenceError
from evidence.ids import CaseId, ItemId, ObjectKey, UploadId
from evidence.intake.errors import FileTooLarge, TypeMismatch, TypeNotAllowed
from evidence.intake.scanning import NEVER_SCANNED, Scan
from evidence.items.rules import Claims, Facts, ItemContext, ItemKind, MediaType
from evidence.objects.encryption import WrappedKey
from evidence.records import Count, Instant, Name, Record, Sha256Hex

_MB: Final = 1024 * 1024
LIMIT_BYTES: Final = {
    ItemKind.STILL: 50 * _MB,
    ItemKind.PHOTO: 50 * _MB,
    ItemKind.DOCUMENT: 200 * _MB,
    ItemKind.VIDEO: 2048 * _MB,
}
"""Largest file of each kind."""
_PICTURES: Final[frozenset[MediaType]] = frozenset(
    {"image/jpeg", "image/png", "image/heic", "image/avif", "image/webp", "image/tiff", "image/gif"}
)
_OFFICE: Final[frozenset[MediaType]] = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    }
)
ALLOWED: Final[dict[ItemKind, frozenset[MediaType]]] = {
    ItemKind.STILL: frozenset({"image/jpeg", "image/png"}),
    ItemKind.PHOTO: _PICTURES,
    ItemKind.DOCUMENT: _PICTURES | _OFFICE | {"application/pdf", "text/plain", "text/csv"},
    ItemKind.VIDEO: frozenset({"video/mp4", "video/quicktime", "video/webm"}),
}
"""Types of each kind; a paper may come as a photograph of it."""
ARCHIVE: Final = "application/zip"
"""What the first bytes of an office document say; which one it is, only opening it shows."""
UPLOAD_LIFETIME: Final = timedelta(days=3)
"""How long an unfinished upload can be resumed."""
OPEN_UPLOADS_LIMIT: Final = 100
"""Unfinished uploads one participant may have at most; a phone sends one at a time."""
_UNDECLARED = frozenset({"", "application/octet-stream"})
_SAME_TYPE = {
    "image/heif": "image/heic",
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "application/x-pdf": "application/pdf",
    "application/csv": "text/csv",
    "application/vnd.ms-excel": "text/csv",
    "video/x-m4v": "video/mp4",
    "video/3gpp": "video/mp4",
}
"""Other names of a type. Windows calls a CSV file an Excel table; a real one of old Excel is not opened here."""


class Fault(StrEnum):
    """Why bytes of a known type cannot be opened."""

    DAMAGED = "damaged"
    """Cut off, or not what the format says."""
    TOO_MANY_PIXELS = "too_many_pixels"
    ENCRYPTED = "encrypted"
    TOO_COSTLY = "too_costly"
    """Decoding needed more memory or time than a file may take."""
    TOO_LARGE_INSIDE = "too_large_inside"
    """A document that unpacks to more than it may."""
    UNSAFE_NAMES = "unsafe_names"
    """A document with parts whose names lead out of it, or twice to the same place."""
    ACTIVE_CONTENT = "active_content"
    """A document with macros."""
    POLYGLOT = "polyglot"
    """Two things at once: a picture that is also an archive, a page or a PDF."""
    UNKNOWN_CODEC = "unknown_codec"
    """A video in a coding that no phone or browser records."""
    NOT_OFFICE = "not_office"
    """An archive that is no office document."""


class Allowance(Record):
    """What one sender may have under way, and the largest file of theirs; smaller than `LIMIT_BYTES` for some."""

    largest_bytes: Count
    open_uploads: Count = OPEN_UPLOADS_LIMIT
    open_bytes: Count


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
    told: str = Field(default="", max_length=8000)
    """The sender's metadata as it was written, to be read back by it."""
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
    scan: Scan = NEVER_SCANNED


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
    scan: Scan = NEVER_SCANNED


def check_size(kind: ItemKind, size_bytes: int, *, allowed_bytes: int | None = None) -> None:
    """Refuse a file that is too large for its kind, or for its sender. Raises: FileTooLarge."""
    limit = LIMIT_BYTES[kind] if allowed_bytes is None else min(LIMIT_BYTES[kind], allowed_bytes)
    if size_bytes > limit:
        raise FileTooLarge(limit_bytes=limit)


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
    said = _SAME_TYPE.get(declared, declared)
    if said == "text/csv" and found == "text/plain":
        found = said  # only the sender can tell which of the two a text is
    if declared not in _UNDECLARED and found != said:
        raise TypeMismatch(declared=declared, found=found)
    for allowed in ALLOWED[kind]:
        if found == allowed:
            return allowed
    raise TypeNotAllowed(kind=kind, found=found)
