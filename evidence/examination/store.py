"""Rows of what was found out about originals. Nothing here commits."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, String, delete, insert, select, type_coerce, union_all

from evidence.custody.store import stays
from evidence.examination.likeness import bands_of, distance
from evidence.examination.rules import ALIKE_BITS, CheckName, CheckResult, Twin
from evidence.examination.tables import BAND_NAMES, item_check, item_scan, picture_hash
from evidence.ids import CaseId, ItemId
from evidence.intake.scanning import NEVER_SCANNED, PASSING, Scan, Verdict
from evidence.items.rules import Item, ItemState
from evidence.items.tables import evidence_item
from evidence.ledger.transaction import Transaction

TWINS_LIMIT = 100
_ORDER = {name.value: place for place, name in enumerate(CheckName)}


async def put_scan(tx: Transaction, item_id: ItemId, scan: Scan) -> None:
    """Keep the newest verdict on an item."""
    await tx.execute(delete(item_scan).where(item_scan.c.item_id == item_id))
    await tx.execute(insert(item_scan).values(item_id=item_id, scanned_at=tx.now, **scan.model_dump()))


async def scans_of_case(tx: Transaction, case_id: CaseId) -> Mapping[ItemId, Scan]:
    """Return the newest verdict on each item of the case; an item of earlier versions has none."""
    return await _scans(tx, evidence_item.c.case_id == case_id)


async def scan_of(tx: Transaction, item_id: ItemId) -> Scan:
    """Return the newest verdict on an item."""
    return (await _scans(tx, evidence_item.c.id == item_id)).get(item_id, NEVER_SCANNED)


async def _scans(tx: Transaction, which: ColumnElement[bool]) -> Mapping[ItemId, Scan]:
    rows = await tx.execute(select(item_scan).join(evidence_item).where(which))
    return {
        ItemId(row["item_id"]): Scan.model_validate({name: row[name] for name in Scan.model_fields})
        for row in rows.mappings()
    }


async def list_unscanned(tx: Transaction, *, limit: int) -> tuple[ItemId, ...]:
    """List items that a scanner has not seen for a reason that passes, the oldest first; not what is ordered away.

    Those of before there was scanning have no row of their own and come first; what was put apart then stays so.
    """
    never = item_scan.c.item_id.is_(None) & (evidence_item.c.state != ItemState.QUARANTINED)
    passing = (item_scan.c.verdict == Verdict.NOT_SCANNED) & item_scan.c.reason.in_(sorted(PASSING))
    rows = await tx.execute(
        select(evidence_item.c.id)
        .select_from(evidence_item.outerjoin(item_scan))
        .where(never | passing, stays(evidence_item.c.id))
        .order_by(item_scan.c.scanned_at.is_not(None), item_scan.c.scanned_at, evidence_item.c.id)
        .limit(limit)
    )
    return tuple(ItemId(row["id"]) for row in rows.mappings())


async def put_checks(tx: Transaction, item_id: ItemId, results: Iterable[CheckResult]) -> None:
    """Keep the newest results of an item's checks."""
    await tx.execute(delete(item_check).where(item_check.c.item_id == item_id))
    rows = [one.model_dump() | {"item_id": item_id, "checked_at": tx.now} for one in results]
    await tx.execute(insert(item_check).values(rows))


async def checks_of_case(tx: Transaction, case_id: CaseId) -> Mapping[ItemId, tuple[CheckResult, ...]]:
    """Return the newest results of each item of the case, in the order they are shown."""
    return await _checks(tx, evidence_item.c.case_id == case_id)


async def checks_of(tx: Transaction, item_id: ItemId) -> tuple[CheckResult, ...]:
    """Return the newest results of an item's checks, in the order they are shown; none before it was examined."""
    return (await _checks(tx, evidence_item.c.id == item_id)).get(item_id, ())


async def _checks(tx: Transaction, which: ColumnElement[bool]) -> Mapping[ItemId, tuple[CheckResult, ...]]:
    found: dict[ItemId, list[CheckResult]] = {}
    for row in (await tx.execute(select(item_check).join(evidence_item).where(which))).mappings():
        result = CheckResult.model_validate({name: row[name] for name in CheckResult.model_fields})
        found.setdefault(ItemId(row["item_id"]), []).append(result)
    return {item: tuple(sorted(results, key=lambda one: _ORDER[one.name])) for item, results in found.items()}


async def put_hash(tx: Transaction, item: Item, digest: str) -> None:
    """Let a picture be found by what it shows. Args: digest: `Signals.picture_hash`."""
    await tx.execute(delete(picture_hash).where(picture_hash.c.item_id == item.id))
    bands = dict(zip(BAND_NAMES, bands_of(digest), strict=True))
    await tx.execute(insert(picture_hash).values(item_id=item.id, case_id=item.case_id, **bands))


async def forget_likeness(tx: Transaction, item_id: ItemId) -> None:
    """Let a picture be found no more by what it shows."""
    await tx.execute(delete(picture_hash).where(picture_hash.c.item_id == item_id))


async def list_findable(tx: Transaction, case_id: CaseId) -> frozenset[ItemId]:
    """Return the items of the case that are found by what they show."""
    rows = await tx.execute(select(picture_hash.c.item_id).where(picture_hash.c.case_id == case_id))
    return frozenset(ItemId(row["item_id"]) for row in rows.mappings())


async def find_same(tx: Transaction, item: Item) -> tuple[Twin, ...]:
    """Find other items of the whole locker with the very same bytes; what was refused or is destroyed is none."""
    alike = select(evidence_item.c.id, evidence_item.c.case_id).where(
        evidence_item.c.digest == item.digest,
        evidence_item.c.id != item.id,
        evidence_item.c.state != ItemState.QUARANTINED,
        stays(evidence_item.c.id),
    )
    rows = await tx.execute(alike.limit(TWINS_LIMIT))
    return tuple(_twin(row["id"], row["case_id"], item.case_id, 0) for row in rows.mappings())


async def find_like(tx: Transaction, item: Item, digest: str) -> tuple[Twin, ...]:
    """Find other pictures of the whole locker whose hash differs in at most 15 bits, the nearest first.

    None of them is missed. One index is asked a band, so the cost grows with the candidates, not with the locker.
    """
    bands = bands_of(digest)
    wanted = select(*(picture_hash.c[name] for name in BAND_NAMES), type_coerce(picture_hash.c.item_id, String))
    asked = [wanted.where(picture_hash.c[name] == value) for name, value in zip(BAND_NAMES, bands, strict=True)]
    near: dict[UUID, int] = {}
    # As plain as can be: some thousand candidates are looked at, of which hardly any is near.
    for row in await tx.execute(union_all(*asked)):
        apart = distance(bands, row[:-1])
        if apart <= ALIKE_BITS:
            near[UUID(str(row[-1]))] = apart
    near.pop(item.id, None)
    nearest = sorted(near, key=lambda one: near[one])[:TWINS_LIMIT]
    cases = (
        select(picture_hash.c.item_id, picture_hash.c.case_id)
        .join(evidence_item, evidence_item.c.id == picture_hash.c.item_id)
        .where(picture_hash.c.item_id.in_(nearest), evidence_item.c.state != ItemState.QUARANTINED)
    )
    found = [
        _twin(row["item_id"], row["case_id"], item.case_id, near[row["item_id"]]) for row in await _rows(tx, cases)
    ]
    return tuple(sorted(found, key=lambda one: (one.distance, str(one.item_id))))


async def _rows(tx: Transaction, query: Select[tuple[object, ...]]) -> Sequence[RowMapping]:
    return (await tx.execute(query)).mappings().all()


def _twin(item_id: UUID, case_id: UUID, here: CaseId, apart: int) -> Twin:
    return Twin(item_id=ItemId(item_id), distance=apart, is_here=case_id == here)
