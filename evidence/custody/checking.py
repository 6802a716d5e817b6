"""What the entries say of the keeping of items, against what the rows say; for fsck."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from evidence.custody.rules import Custody
from evidence.ids import ItemId
from evidence.ledger.inspection import Fact, Fault
from evidence.records import Json

_FIELDS = ("retain_until", "held", "sealed", "released", "ordered", "disposed")
_STATED: Mapping[str, dict[str, Json]] = {
    "evidence.item_filed": {},
    "evidence.retention_set": {},
    "evidence.item_sealed": {"sealed": True},
    "evidence.item_held": {"held": True},
    "evidence.hold_lifted": {"held": False},
    "evidence.item_released": {"released": True},
    "evidence.disposal_ordered": {"ordered": True},
    "evidence.item_disposed": {"disposed": True},
}
"""What each entry changes; those that give a date change it too."""
_DATED = frozenset({"evidence.item_filed", "evidence.retention_set"})


def check_custody(custody: Mapping[ItemId, Custody], facts: Iterable[Fact]) -> list[Fault]:
    """Return where rows and entries of a case do not agree on how an item is kept."""
    stated: dict[UUID, dict[str, Json]] = {}
    for fact in facts:
        if fact.tag in _STATED:
            said = stated.setdefault(UUID(str(fact.data["item_id"])), _nothing())
            said.update(_STATED[fact.tag])
            if fact.tag in _DATED and fact.data.get("retain_until") is not None:
                said["retain_until"] = fact.data["retain_until"]
    faults = []
    for item_id in sorted(stated.keys() | custody.keys()):
        row = _row(custody.get(ItemId(item_id)))
        said = stated.get(item_id, _nothing())
        if different := [name for name in _FIELDS if row[name] != said[name]]:
            what = f"row and entries differ in {', '.join(different)}"
            faults.append(Fault(code="custody_differs", where=f"item {item_id}", what=what))
    return faults


def _nothing() -> dict[str, Json]:
    return {name: None if name == "retain_until" else False for name in _FIELDS}


def _row(custody: Custody | None) -> dict[str, Json]:
    if custody is None:
        return _nothing()
    shown = custody.model_dump(mode="json", include={"retain_until", "held"})
    reached = {
        "sealed": custody.sealed_at,
        "released": custody.released_at,
        "ordered": custody.ordered_at,
        "disposed": custody.disposed_at,
    }
    return {**shown, **{name: at is not None for name, at in reached.items()}}
