"""Facts of the keeping of items, in the log of their case; and what the probe found, in the deployment's."""

from pydantic import Field

from evidence.custody.rules import Disposal
from evidence.ids import ItemId
from evidence.items.rules import RetentionClass
from evidence.ledger.events import EntryClass, Event
from evidence.objects.probe import StoreProof
from evidence.records import Count, Instant, Name, Sha256Hex, Text


class RetentionSet(Event):
    """An item is kept until a date: its first one, or a later one than the ledger stated so far."""

    TAG = "evidence.retention_set"

    item_id: ItemId
    retention_class: RetentionClass
    retain_until: Instant


class ItemSealed(Event):
    """The store keeps the item's bytes until the date, whoever asks; its lock was proved before, and read back."""

    TAG = "evidence.item_sealed"

    item_id: ItemId
    digest: Sha256Hex
    retain_until: Instant
    store: str = Field(max_length=300)
    """What the store calls itself."""


class ItemHeld(Event):
    """The item is under a legal hold: it can be neither released nor disposed of."""

    TAG = "evidence.item_held"
    ENTRY_CLASS = EntryClass.GOVERNMENT

    item_id: ItemId
    reason: Text = Field(min_length=1)


class HoldLifted(Event):
    """The legal hold is over."""

    TAG = "evidence.hold_lifted"
    ENTRY_CLASS = EntryClass.GOVERNMENT

    item_id: ItemId
    reason: Text = Field(min_length=1)


class ItemReleased(Event):
    """The office does not need the item any more; it is kept until its date and may then be disposed of."""

    TAG = "evidence.item_released"

    item_id: ItemId
    reason: Text = Field(min_length=1)


class DisposalOrdered(Event):
    """The item is to be destroyed, and closed to readers from now on."""

    TAG = "evidence.disposal_ordered"

    item_id: ItemId
    digest: Sha256Hex
    reason: Text = Field(min_length=1)
    key_destroyed: bool
    """Whether it had a key of its own, which is gone with this entry."""


class ItemDisposed(Event):
    """The item's bytes are destroyed; what it was stays stated here and where it was admitted."""

    TAG = "evidence.item_disposed"

    item_id: ItemId
    digest: Sha256Hex
    bytes: Count
    way: Disposal
    derivatives: tuple[Sha256Hex, ...]
    """Digests of what was made from it, destroyed with it."""
    reason: Text = Field(min_length=1)
    ordered_by: Name


class StoreProbed(Event):
    """What the object store did when it was tried."""

    TAG = "custody.store_probed"
    ENTRY_CLASS = EntryClass.GOVERNMENT

    store: str = Field(max_length=300)
    """Where it is."""
    proof: StoreProof
    seals: bool
    """Whether items may be sealed on it."""
