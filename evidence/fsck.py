"""Reading everything again in place: logs, rows and objects, each against the others. Nothing is repaired.

An object that nothing names is no fault: bytes are stored before the transaction that names them, so a crash leaves
some behind. They are listed.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Executor
from contextlib import AbstractAsyncContextManager
from uuid import UUID

from sqlalchemy import text

from evidence.custody.checking import check_custody
from evidence.custody.reading import keys_of_case
from evidence.custody.rules import Custody
from evidence.custody.store import list_custody, list_erasures, list_keyed
from evidence.examination import store as results
from evidence.examination.rules import summary
from evidence.ids import CaseId, Digest, ItemId, ObjectKey, SourceId
from evidence.intake.reception import Intake
from evidence.intake.scanning import Verdict
from evidence.items import store as items
from evidence.items.rules import ItemState
from evidence.ledger.events import LogKind
from evidence.ledger.inspection import Fact, Fault, inspect_log
from evidence.ledger.store import list_logs
from evidence.ledger.transaction import Transaction
from evidence.objects.encryption import KeyedStore
from evidence.objects.errors import ObjectMissing
from evidence.objects.keys import is_quarantine_key
from evidence.objects.port import ObjectStore
from evidence.records import Count, Record
from evidence.segments import store as segments
from evidence.segments.rules import Segment, SegmentState, chain_next, chain_start

AT_ONCE = 4
"""Objects read at the same time."""
CASES = "cases/"
"""Prefix of every object of every case."""

Reading = Callable[[], AbstractAsyncContextManager[Transaction]]
Rows = dict[str, dict[UUID, str]]
"""For each tag: what the rows say an entry of it must state, by the id it is about."""


class FsckReport(Record):
    """What was checked and what is wrong."""

    logs: Count
    entries: Count
    objects: Count
    bytes: Count
    faults: tuple[Fault, ...]
    orphans: tuple[str, ...]
    """Keys of objects that nothing names; harmless."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def text(self) -> str:
        """Return the report for people, a fault a line."""
        lines = [f"{self.logs} logs, {self.entries} entries, {self.objects} objects, {self.bytes} bytes read again"]
        lines += [f"FAULT {fault.code} {fault.where}: {fault.what}" for fault in self.faults]
        lines += [f"orphan {key} (harmless: nothing names it)" for key in self.orphans]
        return "\n".join([*lines, "sound" if self.is_sound else f"{len(self.faults)} faults"])


_STATED: Mapping[str, tuple[str, str]] = {
    "evidence.item_admitted": ("item_id", "digest"),
    "evidence.item_quarantined": ("item_id", "digest"),
    "evidence.item_isolated": ("item_id", "digest"),
    "evidence.item_filed": ("item_id", "digest"),
    "evidence.item_scanned": ("item_id", "verdict"),
    "evidence.item_examined": ("item_id", "summary"),
    "evidence.derivative_filed": ("item_id", "digest"),
    "evidence.segment_closed": ("segment_id", "digest"),
    "evidence.segment_filed": ("segment_id", "chain"),
    "evidence.recording_closed": ("source_id", "chain"),
    "evidence.lane_built": ("lane_id", "digest"),
}
"""For each tag: the field that names what it is about, and the field that a row must agree with."""


async def fsck(read: Reading, intake: Intake, *, also: Mapping[ObjectKey, Digest] | None = None) -> FsckReport:
    """Check every log, every row of the locker and every stored object.

    Args:
        read: opens a reading transaction.
        intake: the parts that read: the store, of which each object that something names is read whole, the key that
            opens encrypted ones, and the executor for the hashing.
        also: objects that others than the locker keep under a case, by key; read and compared too.

    Raises: StoreUnavailable.
    """
    faults, expected, logs, entries = list[Fault](), dict(also or {}), 0, 0
    going, opened = set[ObjectKey](), dict[ObjectKey, bytes]()
    async with read() as tx:
        # One state for the whole reading, or an entry made meanwhile would lack its row.
        if tx.connection.dialect.name == "postgresql":
            await tx.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        for log in await list_logs(tx):
            found = await inspect_log(tx, log, remember="evidence.", cpu=intake.cpu)
            logs, entries = logs + 1, entries + found.entries
            faults += found.faults
            if log.kind is LogKind.CASE and log.case_id is not None:
                rows, named, chains = await _locker_rows(tx, log.case_id)
                custody = await list_custody(tx, log.case_id)
                faults += _compare(rows, found.facts) + chains + check_custody(custody, found.facts)
                faults += await _check_keys(tx, log.case_id, custody)
                faults += await _check_likeness(tx, log.case_id, custody)
                opened |= await keys_of_case(tx, intake, log.case_id)
                going |= {key for key, stays in named.items() if not stays}
                expected |= {key: stays for key, stays in named.items() if stays}
        erased = {ObjectKey(one.object_key) for one in await list_erasures(tx) if one.erased_at is not None}
    keys = {key async for key in intake.objects.list_keys(CASES)}
    objects = KeyedStore(intake.objects, opened, cpu=intake.cpu)
    lost, read_bytes = await _read_back(objects, expected, cpu=intake.cpu)
    orphans = sorted(keys - set(expected) - going)
    left = sorted(keys & erased - set(expected))
    faults += [Fault(code="object_left", where=key, what="is stated as erased and is there") for key in left]
    return FsckReport(
        logs=logs,
        entries=entries,
        objects=len(expected),
        bytes=read_bytes,
        faults=tuple(faults + lost),
        orphans=tuple(orphans),
    )


async def _locker_rows(tx: Transaction, case_id: CaseId) -> tuple[Rows, dict[ObjectKey, Digest | None], list[Fault]]:
    """Return what the entries must state, the digest of each object (None: it goes), and broken chains."""
    rows: Rows = {tag: {} for tag in _STATED}
    named: dict[ObjectKey, Digest | None] = {}
    faults: list[Fault] = []
    goes = {item_id for item_id, one in (await list_custody(tx, case_id)).items() if one.ordered_at is not None}
    for item in await items.list_items(tx, case_id):
        refused = item.state is ItemState.QUARANTINED
        isolated = refused and not is_quarantine_key(ObjectKey(item.object_key))
        rows["evidence.item_quarantined" if refused > isolated else "evidence.item_admitted"][item.id] = item.digest
        if isolated:
            rows["evidence.item_isolated"][item.id] = item.digest
        if item.state is ItemState.FILED or (isolated and item.filed_at is not None):
            rows["evidence.item_filed"][item.id] = item.digest
        _name(named, item.object_key, item.digest, goes=item.id in goes)
    rows |= await _found_out(tx, case_id)
    for made in await items.list_derivatives(tx, case_id):
        rows["evidence.derivative_filed"][made.id] = made.digest
        _name(named, made.object_key, made.digest, goes=made.parent_id in goes)
    for lane in await segments.list_lanes(tx, case_id):
        rows["evidence.lane_built"][lane.id] = lane.digest
        named[ObjectKey(lane.object_key)] = Digest(lane.digest)
    for recording in await segments.list_recordings(tx, case_id):
        pieces = await segments.list_segments(tx, recording.source_id)
        rows["evidence.segment_closed"] |= {one.segment_id: one.digest for one in pieces}
        filed = [one for one in pieces if one.state is SegmentState.FILED]
        rows["evidence.segment_filed"] |= {one.segment_id: str(one.chain) for one in filed}
        if recording.closed_at is not None:
            rows["evidence.recording_closed"][recording.source_id] = recording.chain
        faults += _check_chain(recording.source_id, filed, recording.chain)
        # A damaged piece is a gap that the log states; what is left of it proves nothing.
        sound = [one for one in pieces if one.state is not SegmentState.DAMAGED]
        named |= {ObjectKey(one.object_key): Digest(one.digest) for one in sound}
    return rows, named, faults


async def _found_out(tx: Transaction, case_id: CaseId) -> Rows:
    """Return what scanner and checks found out about the case's items, as the rows have it."""
    scans, checks = await results.scans_of_case(tx, case_id), await results.checks_of_case(tx, case_id)
    return {
        "evidence.item_scanned": {
            item: scan.verdict for item, scan in scans.items() if scan.verdict is not Verdict.NOT_SCANNED
        },
        "evidence.item_examined": {item: summary(found) for item, found in checks.items()},
    }


async def _check_keys(tx: Transaction, case_id: CaseId, custody: Mapping[ItemId, Custody]) -> list[Fault]:
    """Return the items whose own key is not there, and those whose key should be gone."""
    keyed, faults = await list_keyed(tx, case_id), []
    for item in await items.list_items(tx, case_id):
        goes = item.id in custody and custody[item.id].ordered_at is not None
        if item.context.retention_class.own_key and not goes and item.id not in keyed:
            faults.append(Fault(code="key_missing", where=f"item {item.id}", what="nobody can read it any more"))
        elif goes and item.id in keyed:
            faults.append(Fault(code="key_left", where=f"item {item.id}", what="is ordered away and has its key"))
    return faults


async def _check_likeness(tx: Transaction, case_id: CaseId, custody: Mapping[ItemId, Custody]) -> list[Fault]:
    """Return the items that are ordered away and can still be found by what they show."""
    findable = await results.list_findable(tx, case_id)
    going = sorted(item_id for item_id, one in custody.items() if one.ordered_at is not None)
    what = "is ordered away and is found by what it shows"
    return [Fault(code="hash_left", where=f"item {one}", what=what) for one in going if one in findable]


def _name(named: dict[ObjectKey, Digest | None], key: str, digest: str, *, goes: bool) -> None:
    # What one item lets go another may still need.
    if not goes or ObjectKey(key) not in named:
        named[ObjectKey(key)] = None if goes else Digest(digest)


def _check_chain(source_id: SourceId, filed: list[Segment], last: str) -> list[Fault]:
    chain = chain_start(source_id)
    for one in filed:
        chain = chain_next(chain, index=one.index, digest=Digest(one.digest))
        if chain != one.chain:
            what = "its chain does not follow from the segments before it"
            return [Fault(code="chain_broken", where=f"segment {one.segment_id}", what=what)]
    if chain != last:
        return [Fault(code="chain_broken", where=f"source {source_id}", what="its chain is not that of its segments")]
    return []


def _compare(rows: Rows, facts: tuple[Fact, ...]) -> list[Fault]:
    stated: Rows = {tag: {} for tag in _STATED}
    for fact in facts:
        if fact.tag in _STATED:
            about, value = _STATED[fact.tag]
            stated[fact.tag][UUID(str(fact.data[about]))] = str(fact.data[value])
    faults = []
    for tag, (about, value) in _STATED.items():
        for one in sorted(rows[tag].keys() | stated[tag].keys()):
            where = f"{about.removesuffix('_id')} {one}"
            if one not in stated[tag]:
                faults.append(Fault(code="entry_absent", where=where, what=f"has a row, but no entry {tag}"))
            elif one not in rows[tag]:
                faults.append(Fault(code="row_absent", where=where, what=f"has an entry {tag}, but no row like it"))
            elif rows[tag][one] != stated[tag][one]:
                faults.append(Fault(code="row_differs", where=where, what=f"row and entry {tag} differ in {value}"))
    return faults


async def _read_back(
    objects: ObjectStore, expected: Mapping[ObjectKey, Digest], *, cpu: Executor
) -> tuple[list[Fault], int]:
    faults: list[Fault] = []
    waiting = iter(expected.items())
    lengths: list[int] = []

    async def work() -> None:
        for key, digest in waiting:
            try:
                found, length = await _digest(objects.open_range(key), cpu=cpu)
            except ObjectMissing:
                faults.append(Fault(code="object_missing", where=key, what="something names it"))
                continue
            lengths.append(length)
            if found != digest:
                faults.append(Fault(code="object_changed", where=key, what=f"has digest {found}, named with {digest}"))

    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE):
            tasks.create_task(work())
    return sorted(faults, key=lambda fault: fault.where), sum(lengths)


async def _digest(pieces: AsyncIterator[bytes], *, cpu: Executor) -> tuple[str, int]:
    loop, seen, length = asyncio.get_running_loop(), hashlib.sha256(), 0
    async for piece in pieces:
        await loop.run_in_executor(cpu, seen.update, piece)
        length += len(piece)
    return seen.hexdigest(), length
