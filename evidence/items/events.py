"""Facts of items, in the log of their case."""

from uuid import UUID

from evidence.ids import ItemId
from evidence.items.rules import Camera, Claims, DerivativeKind, Facts, ItemKind, RetentionClass
from evidence.ledger.events import Event
from evidence.records import Count, Instant, Name, Sha256Hex


class ItemAdmitted(Event):
    """The bytes are stored under their digest and open as what they say they are."""

    TAG = "evidence.item_admitted"

    item_id: ItemId
    digest: Sha256Hex
    bytes: Count
    media_type: str
    filename: Name
    kind: ItemKind
    claims: Claims
    facts: Facts
    participant_id: UUID
    validation_session_id: UUID | None
    criterion_id: str | None
    stop_id: UUID | None
    still_id: UUID | None
    camera: Camera | None
    source_type: str | None = None
    source_name: Name | None = None
    retention_class: RetentionClass = RetentionClass.GENERAL


class ItemQuarantined(Event):
    """Bytes arrived and were refused; they are kept apart and never shown."""

    TAG = "evidence.item_quarantined"

    item_id: ItemId
    digest: Sha256Hex
    bytes: Count
    filename: Name
    kind: ItemKind
    reason: str
    participant_id: UUID
    validation_session_id: UUID | None
    criterion_id: str | None
    stop_id: UUID | None
    still_id: UUID | None
    retention_class: RetentionClass = RetentionClass.GENERAL


class ItemIsolated(Event):
    """An item that was admitted is not shown any more, and what was made of it neither; the bytes are kept.

    Why, is in an entry for government eyes.
    """

    TAG = "evidence.item_isolated"

    item_id: ItemId
    digest: Sha256Hex
    reason: str


class ItemFiled(Event):
    """The stored bytes were read back and have the digest they were admitted with."""

    TAG = "evidence.item_filed"

    item_id: ItemId
    digest: Sha256Hex
    retain_until: Instant | None = None
    """How long they are kept; entries of earlier versions do not say it."""


class DerivativeFiled(Event):
    """Something was made from an original and stored. `item_id` is its own id."""

    TAG = "evidence.derivative_filed"

    item_id: ItemId
    parent_id: ItemId
    parent_digest: Sha256Hex
    kind: DerivativeKind
    digest: Sha256Hex
    bytes: Count
    media_type: str
