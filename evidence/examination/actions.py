"""Looking at an original again, and stating what was found: scanner's verdict, thumbnail, text, checks."""

from dataclasses import dataclass

from evidence.custody.errors import ItemDisposed
from evidence.custody.reading import Keys
from evidence.custody.store import is_gone, lock_item, require_kept
from evidence.errors import EvidenceError
from evidence.examination import store
from evidence.examination.events import ItemExamined, ItemScanned
from evidence.examination.rules import (
    TELLING_STEPS,
    CheckName,
    CheckResult,
    Fence,
    Outcome,
    Subject,
    examine,
    summary,
)
from evidence.ids import Digest, ItemId, ObjectKey, case_log, uuid7
from evidence.intake.errors import FileNotAccepted, UnreadableFile
from evidence.intake.imaging import Opened
from evidence.intake.reception import Intake, Stored, fetched, store_bytes
from evidence.intake.scanning import Scan, Verdict
from evidence.intake.signals import Signals
from evidence.items import store as items
from evidence.items.errors import ItemIsQuarantined
from evidence.items.events import DerivativeFiled, ItemIsolated
from evidence.items.rules import Derivative, DerivativeKind, Item, ItemState
from evidence.ledger.events import Actor
from evidence.ledger.transaction import Transaction
from evidence.objects.errors import DigestMismatch


@dataclass(frozen=True)
class Look:
    """What an original gave when it was read again from the store; its derivatives are in the store already."""

    item: Item
    signals: Signals
    made: tuple[tuple[DerivativeKind, Stored], ...] = ()
    stored_digest_matches: bool = True


async def look_at(intake: Intake, item: Item, keys: Keys) -> Look:
    """Read an original from the store, decode it whole, and put its small picture and its text into the store.

    `state_look` comes after it.

    Args:
        intake: the parts.
        item: the original.
        keys: what `keys_of_item` gives for it; what is made of it is encrypted when the original is.

    Raises: ItemIsQuarantined, ObjectMissing, StoreUnavailable.
    """
    if item.state is ItemState.QUARANTINED:
        raise ItemIsQuarantined(item_id=str(item.id), reason=item.reason)
    try:
        async with fetched(intake, ObjectKey(item.object_key), Digest(item.digest), keys=keys) as path:
            opened = await intake.imaging.open(path, item.media_type)
    except DigestMismatch:
        return Look(item, Signals(), stored_digest_matches=False)
    except UnreadableFile:  # it opened at intake; a closer look may cost more than a child may have
        return Look(item, Signals())
    return Look(item, opened.signals, await _made(intake, item, opened, keys.get(ObjectKey(item.object_key))))


async def _made(
    intake: Intake, item: Item, opened: Opened, own_key: bytes | None
) -> tuple[tuple[DerivativeKind, Stored], ...]:
    wanted = (
        (DerivativeKind.THUMBNAIL, opened.thumbnail, "image/jpeg"),
        (DerivativeKind.TEXT, opened.text.strip().encode(), "text/plain"),
    )
    return tuple(
        [
            (kind, await store_bytes(intake, body, case_id=item.case_id, media_type=media_type, own_key=own_key))
            for kind, body, media_type in wanted
            if body
        ]
    )


async def state_look(tx: Transaction, look: Look, actor: Actor, *, fence: Fence | None) -> tuple[CheckResult, ...]:
    """State what was made of an original and what the checks say of it; repeating it states nothing twice.

    Args:
        tx: the transaction.
        look: what `look_at` returned.
        actor: the worker.
        fence: where the site is, None when nobody has said.

    Raises: ItemNotFound; ItemIsQuarantined when the item was isolated meanwhile; ItemDisposed when it was ordered away;
        BytesErased when what was made has to be stored again.
    """
    item = await _locked(tx, look.item.id)
    if item.state is ItemState.QUARANTINED:
        raise ItemIsQuarantined(item_id=str(item.id), reason=item.reason)
    for kind, stored in look.made:
        await _state_derivative(tx, item, kind, stored, actor)
    # A blank wall is like every other: it is neither asked for nor found.
    seen = look.signals.picture_hash if (look.signals.hash_steps or 0) >= TELLING_STEPS else None
    if seen is not None:
        await store.put_hash(tx, item, seen)
    subject = Subject(
        kind=item.kind,
        camera=item.context.camera,
        facts=item.facts,
        claims=item.claims,
        signals=look.signals,
        received_at=item.admitted_at,
        stored_digest_matches=look.stored_digest_matches,
        fence=fence,
        same=await store.find_same(tx, item),
        like=() if seen is None else await store.find_like(tx, item, seen),
    )
    results = examine(subject)
    await state_checks(tx, item, results, actor)
    return results


async def state_checks(tx: Transaction, item: Item, results: tuple[CheckResult, ...], actor: Actor) -> None:
    """Keep results and state them, unless the newest ones say the same."""
    known = await store.checks_of(tx, item.id)
    if {one.name: one for one in known} == {one.name: one for one in results}:
        return
    await store.put_checks(tx, item.id, results)
    stated = ItemExamined(item_id=item.id, digest=item.digest, summary=summary(results), checks=results)
    tx.record(case_log(item.case_id), stated, actor)


async def state_arrival(
    tx: Transaction, item: Item, scan: Scan, actor: Actor, *, refusal: EvidenceError | None = None
) -> None:
    """State what is known of an item in the transaction that makes it."""
    await state_scan(tx, item, scan, actor)
    if isinstance(refusal, DigestMismatch):
        failed = CheckResult(name=CheckName.DIGEST, outcome=Outcome.FAIL, reason="sent_otherwise")
        await state_checks(tx, item, (failed,), actor)


async def state_scan(tx: Transaction, item: Item, scan: Scan, actor: Actor) -> None:
    """Keep a scanner's answer, and state it when it is a verdict; that there is none yet is no fact to state."""
    await store.put_scan(tx, item.id, scan)
    if scan.verdict is not Verdict.NOT_SCANNED:
        stated = ItemScanned(item_id=item.id, digest=item.digest, **scan.model_dump())
        tx.record(case_log(item.case_id), stated, actor)


async def state_verdict(tx: Transaction, item_id: ItemId, scan: Scan, actor: Actor) -> None:
    """State what a later scan said of an item, and isolate it when it is infected.

    Raises: ItemNotFound; ItemDisposed when it was ordered away.
    """
    item = await _locked(tx, item_id)
    await state_scan(tx, item, scan, actor)
    if scan.verdict is Verdict.INFECTED:
        await _isolate(tx, item, actor)


async def _locked(tx: Transaction, item_id: ItemId) -> Item:
    """Return an item that nobody orders away until this transaction ends. Raises: ItemNotFound, ItemDisposed."""
    item = await lock_item(tx, item_id)
    if await is_gone(tx, item):
        raise ItemDisposed(item_id=str(item_id))
    return item


async def _isolate(tx: Transaction, item: Item, actor: Actor) -> None:
    reason = FileNotAccepted.code
    if await items.set_item_isolated(tx, item.id, reason):  # once
        tx.record(case_log(item.case_id), ItemIsolated(item_id=item.id, digest=item.digest, reason=reason), actor)


async def _state_derivative(tx: Transaction, parent: Item, kind: DerivativeKind, stored: Stored, actor: Actor) -> None:
    """State that something was made from an original that is locked, once of each kind. Raises: BytesErased."""
    if await items.get_derivative(tx, parent.id, kind) is not None:
        return
    derivative = Derivative(
        id=ItemId(uuid7()),
        case_id=parent.case_id,
        parent_id=parent.id,
        kind=kind,
        digest=stored.digest,
        bytes=stored.bytes,
        media_type=stored.media_type,
        object_key=stored.object_key,
        made_at=tx.now,
    )
    await require_kept(tx, stored.object_key, stored_at=stored.stored_at)
    await items.insert_derivative(tx, derivative)
    stated = DerivativeFiled(
        item_id=derivative.id,
        parent_id=parent.id,
        parent_digest=parent.digest,
        kind=derivative.kind,
        digest=derivative.digest,
        bytes=derivative.bytes,
        media_type=derivative.media_type,
    )
    tx.record(case_log(parent.case_id), stated, actor)
