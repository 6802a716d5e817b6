"""What an item is: its kinds, its states, what a device claimed of it and what the server found. Pure."""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import Field

from evidence.ids import CaseId, ItemId
from evidence.records import Count, Instant, Name, Record, Sha256Hex

MediaType = Literal[
    "image/jpeg",
    "image/png",
    "image/heic",
    "image/avif",
    "image/webp",
    "image/tiff",
    "image/gif",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "text/plain",
    "text/csv",
    "video/mp4",
    "video/quicktime",
    "video/webm",
]
"""A type that intake can open and check; an item with another content is quarantined."""


class ItemKind(StrEnum):
    """Why an original was made: a still asked for in the tour, a photograph, a paper, a film that somebody brings."""

    STILL = "still"
    PHOTO = "photo"
    DOCUMENT = "document"
    VIDEO = "video"


class ItemState(StrEnum):
    """How far an item is in the locker.

    ADMITTED: bytes stored and stated in the ledger. FILED: read back and equal. QUARANTINED: refused, kept apart.
    """

    ADMITTED = "admitted"
    FILED = "filed"
    QUARANTINED = "quarantined"


class RetentionClass(StrEnum):
    """What an item shows, and so how long it is kept and how.

    GENERAL: the site and its papers. IDENTITY_PAPER and PERSONNEL_FILE are about persons: they are encrypted with a key
    of their own at intake, so that they can be withdrawn while the store still locks their bytes.
    """

    GENERAL = "general"
    IDENTITY_PAPER = "identity_paper"
    PERSONNEL_FILE = "personnel_file"

    @property
    def own_key(self) -> bool:
        """Whether items of this class are encrypted with a key of their own."""
        return self is not RetentionClass.GENERAL


class DerivativeKind(StrEnum):
    """What was made from an original."""

    THUMBNAIL = "thumbnail"
    TEXT = "text"
    """What is written in a document, for the search."""


class Camera(StrEnum):
    """How a still was taken: at the phone's full resolution, from the phone's video, or from the received video."""

    FULL = "full"
    FRAME = "frame"
    SERVER_FRAME = "server_frame"


class ItemContext(Record):
    """Who sent the item and what it belongs to; ids and labels of the case's own domain, opaque here."""

    participant_id: UUID
    validation_session_id: UUID | None = None
    criterion_id: str | None = Field(default=None, max_length=10)
    stop_id: UUID | None = None
    still_id: UUID | None = None
    camera: Camera | None = None
    source_type: str | None = Field(default=None, max_length=20)
    """Of a still: where the picture comes from, a phone, a fixed camera and so on."""
    source_name: Name | None = None
    """Of a still from equipment: what it is called."""
    retention_class: RetentionClass = RetentionClass.GENERAL


class Claims(Record):
    """What the sending device says of time, place and itself. Anybody can write these; nothing is inferred."""

    captured_at_device: Instant | None = None
    """The sending page's clock at the moment of capture."""
    exif_captured_at: str | None = Field(default=None, max_length=40)
    """EXIF DateTimeOriginal as ISO 8601; without an offset when the camera wrote none."""
    latitude_deg: float | None = Field(default=None, ge=-90, le=90)
    longitude_deg: float | None = Field(default=None, ge=-180, le=180)
    altitude_m: float | None = Field(default=None, ge=-12_000, le=100_000)
    device: str | None = Field(default=None, max_length=200)
    """EXIF make and model."""
    software: str | None = Field(default=None, max_length=200)


class Facts(Record):
    """What the server found by decoding the bytes."""

    width_px: Count | None = None
    """As stored, before `orientation` is applied; a PDF has none."""
    height_px: Count | None = None
    orientation: int = Field(default=1, ge=1, le=8)
    """EXIF orientation, 1 to 8; 1 is upright."""
    pages: Count | None = None
    """Pages of a PDF or a TIFF of several, slides of a presentation; anything else has none."""
    duration_ms: Count | None = None
    """Of a video."""


class Item(Record):
    """One original as it is now."""

    id: ItemId
    case_id: CaseId
    kind: ItemKind
    state: ItemState
    digest: Sha256Hex
    bytes: Count
    media_type: str
    filename: Name
    object_key: str
    context: ItemContext
    claims: Claims
    facts: Facts
    reason: str | None
    """Error code that an item was quarantined for."""
    admitted_at: Instant
    filed_at: Instant | None


class Derivative(Record):
    """Something made from an original; it proves its parent by id and digest in the ledger."""

    id: ItemId
    case_id: CaseId
    parent_id: ItemId
    kind: DerivativeKind
    digest: Sha256Hex
    bytes: Count
    media_type: str
    object_key: str
    made_at: Instant
