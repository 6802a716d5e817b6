"""What is refused about the keeping of items."""

from evidence.errors import EvidenceError


class CustodyConflict(EvidenceError):
    """The item is not where it would have to be for that.

    Fields: item_id, stage, held (1 or 0), wanted.
    """

    code = "custody_conflict"


class StillKept(EvidenceError):
    """The item's retention is not over.

    Fields: item_id, retain_until.
    """

    code = "still_kept"


class ItemDisposed(EvidenceError):
    """The item's bytes are gone, or going; its digest and the reason are in the ledger.

    Field: item_id.
    """

    code = "item_disposed"


class BytesErased(EvidenceError):
    """Equal bytes of another item were erased while these arrived; they have to be stored again.

    Field: key.
    """

    code = "bytes_erased"


class KeepingDiffers(EvidenceError):
    """The store took a lock and does not show it when read back.

    Fields: key, retain_until (empty: none), held (1 or 0), as the store shows them.
    """

    code = "keeping_differs"
