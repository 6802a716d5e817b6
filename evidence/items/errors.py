"""What is refused about items."""

from evidence.errors import EvidenceError


class ItemNotFound(EvidenceError):
    """No such item.

    Field: item_id.
    """

    code = "item_not_found"


class ItemIsQuarantined(EvidenceError):
    """The item was refused at intake: it is neither filed nor shown.

    Fields: item_id, reason.
    """

    code = "item_quarantined"
