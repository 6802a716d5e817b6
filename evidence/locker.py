"""The one door of the locker. Bytes go into the store first; then one transaction makes the row and its entry.

A crash between the two leaves bytes that nothing refers to: harmless, found again by the same content key, and listed
by fsck. Whoever stands outside `evidence` uses the names of this module, the records, and the reads of the `store`
modules.
"""

from collections.abc import AsyncIterator

from evidence.custody.actions import (
    claim_bytes,
    finish_disposal,
    hold_item,
    lift_hold,
    note_probe,
    release_item,
    seal_item,
    set_retention,
)
from evidence.custody.actions import order_disposal as order_bytes_away
from evidence.custody.keeping import keep_object
from evidence.custody.reading import Keys, keys_of_case, keys_of_item
from evidence.custody.rules import DEFAULT_POLICY, RetentionPolicy, retention_end
from evidence.custody.store import (
    get_custody,
    insert_key,
    is_gone,
    lock_item,
    require_kept,
    save_custody,
    set_erased,
)
from evidence.examination.actions import (
    look_at,
    state_arrival,
    state_look,
    state_verdict,
)
from evidence.examination.store import forget_likeness
from evidence.ids import Digest, ItemId, ObjectKey, UploadId, case_log, uuid7
from evidence.intake import store as uploads
from evidence.intake.reception import (
    Intake,
    Stored,
    fetched,
    receive,
    store_bytes,
    store_file,
    verify_read_back,
)
from evidence.intake.rules import Accepted, Refused, UploadState
from evidence.intake.scanning import Scan
from evidence.intake.uploads import begin_upload, cancel_upload
from evidence.items import store as items
from evidence.items.errors import ItemIsQuarantined
from evidence.items.events import ItemAdmitted, ItemFiled, ItemQuarantined
from evidence.items.rules import Claims, Facts, Item, ItemState
from evidence.ledger.events import Actor
from evidence.ledger.transaction import Transaction
from evidence.objects.encryption import KeyedStore
from evidence.segments.actions import (
    add_lane,
    close_segment,
    end_recording,
    file_segment,
    open_recording,
    record_gap,
    reject_segment,
)

__all__ = [
    "Intake",
    "Keys",
    "Stored",
    "add_lane",
    "admit",
    "begin_upload",
    "cancel_upload",
    "claim_bytes",
    "close_segment",
    "draw_page",
    "end_recording",
    "fetched",
    "file_item",
    "file_segment",
    "finish_disposal",
    "hold_item",
    "is_gone",
    "keep_object",
    "keys_of_case",
    "keys_of_item",
    "lift_hold",
    "look_at",
    "note_probe",
    "open_item_range",
    "open_recording",
    "order_disposal",
    "quarantine",
    "readable",
    "receive",
    "record_gap",
    "reject_segment",
    "release_item",
    "scan_again",
    "seal_item",
    "set_erased",
    "set_retention",
    "state_look",
    "state_verdict",
    "store_bytes",
    "store_file",
    "verify_read_back",
]


async def admit(tx: Transaction, accepted: Accepted, actor: Actor, *, upload_id: UploadId | None = None) -> Item:
    """Make an item of a file that `receive` accepted. Equal bytes in one case share the object, not the item.

    Args:
        tx: the transaction.
        accepted: what `receive` returned.
        actor: who sent it.
        upload_id: the upload it came by; it is finished in the same transaction.

    Raises: UploadFinished when the upload has its item already, UploadNotFound; BytesErased when the bytes have to be
        received again.
    """
    arrival = accepted.arrival
    item = Item(
        id=ItemId(uuid7()),
        case_id=arrival.case_id,
        kind=arrival.kind,
        state=ItemState.ADMITTED,
        digest=accepted.digest,
        bytes=accepted.bytes,
        media_type=accepted.media_type,
        filename=arrival.filename,
        object_key=accepted.object_key,
        context=arrival.context,
        claims=accepted.claims,
        facts=accepted.facts,
        reason=None,
        admitted_at=tx.now,
        filed_at=None,
    )
    await require_kept(tx, accepted.object_key, stored_at=accepted.stored_at)
    await items.insert_item(tx, item)
    if accepted.own_key is not None:
        await insert_key(tx, item.id, accepted.own_key)
    if upload_id is not None:
        await uploads.set_upload_finished(tx, upload_id, state=UploadState.ADMITTED, item_id=item.id)
    stated = ItemAdmitted(
        item_id=item.id,
        digest=item.digest,
        bytes=item.bytes,
        media_type=item.media_type,
        filename=item.filename,
        kind=item.kind,
        claims=item.claims,
        facts=item.facts,
        **item.context.model_dump(),
    )
    tx.record(case_log(item.case_id), stated, actor)
    await state_arrival(tx, item, accepted.scan, actor)
    return item


async def quarantine(tx: Transaction, refused: Refused, actor: Actor, *, upload_id: UploadId | None = None) -> Item:
    """Keep a file that `receive` refused as a quarantined item, never shown; the caller raises `refused.refusal` after.

    Raises: UploadFinished when the upload is over already, UploadNotFound, BytesErased.
    """
    arrival, reason = refused.arrival, refused.refusal.code
    item = Item(
        id=ItemId(uuid7()),
        case_id=arrival.case_id,
        kind=arrival.kind,
        state=ItemState.QUARANTINED,
        digest=refused.digest,
        bytes=refused.bytes,
        media_type="application/octet-stream",
        filename=arrival.filename,
        object_key=refused.object_key,
        context=arrival.context,
        claims=Claims(captured_at_device=arrival.captured_at_device),
        facts=Facts(),
        reason=reason,
        admitted_at=tx.now,
        filed_at=None,
    )
    await require_kept(tx, refused.object_key, stored_at=refused.stored_at)
    await items.insert_item(tx, item)
    if refused.own_key is not None:
        await insert_key(tx, item.id, refused.own_key)
    if upload_id is not None:
        done = UploadState.QUARANTINED
        await uploads.set_upload_finished(tx, upload_id, state=done, item_id=item.id, refusal=reason)
    stated = ItemQuarantined(
        item_id=item.id,
        digest=item.digest,
        bytes=item.bytes,
        filename=item.filename,
        kind=item.kind,
        reason=reason,
        **item.context.model_dump(exclude={"camera", "source_type", "source_name"}),
    )
    tx.record(case_log(item.case_id), stated, actor)
    await state_arrival(tx, item, refused.scan, actor, refusal=refused.refusal)
    return item


async def order_disposal(
    tx: Transaction, item_id: ItemId, actor: Actor, *, reason: str, policy: RetentionPolicy = DEFAULT_POLICY
) -> None:
    """Order that an item's bytes be destroyed, which the worker then does; from now on nobody reads them.

    What was derived of them goes with them: a key of its own and the hash it is found by at once, the small picture
    and the text with the bytes.

    Raises: ItemNotFound, CustodyConflict, StillKept.
    """
    await order_bytes_away(tx, item_id, actor, reason=reason, policy=policy)
    await forget_likeness(tx, item_id)


async def draw_page(intake: Intake, item: Item, page: int, keys: Keys) -> bytes:
    """Return a page of an original as a JPEG of at most 1600 by 1600 pixels; empty when the type has no picture.

    Args:
        intake: the parts.
        item: the original.
        page: from 0.
        keys: what `keys_of_item` gives for it.

    Raises: ItemIsQuarantined, UnreadableFile (no such page, too), DigestMismatch, ObjectMissing, StoreUnavailable.
    """
    _refuse_quarantined(item)
    async with fetched(intake, ObjectKey(item.object_key), Digest(item.digest), keys=keys) as path:
        return await intake.imaging.draw(path, item.media_type, page=page)


async def scan_again(intake: Intake, item: Item, keys: Keys) -> Scan:
    """Have the stored bytes of an item scanned, in the clear; `state_verdict` comes after it.

    Args:
        intake: the parts.
        item: the original.
        keys: what `keys_of_item` gives for it.

    Raises: DigestMismatch, ObjectMissing, StoreUnavailable.
    """
    async with fetched(intake, ObjectKey(item.object_key), Digest(item.digest), keys=keys) as path:
        return await intake.scan(path)


async def file_item(
    tx: Transaction, item_id: ItemId, actor: Actor, *, policy: RetentionPolicy = DEFAULT_POLICY
) -> bool:
    """File an item whose bytes were read back and equal (`verify_read_back`, before the transaction).

    Args:
        tx: the transaction.
        item_id: the item.
        actor: who read it back.
        policy: says until when it is kept, which the entry states.

    Returns: False when it is filed already.
    Raises: ItemNotFound, ItemIsQuarantined.
    """
    item = await lock_item(tx, item_id)
    _refuse_quarantined(item)
    if not await items.set_item_filed(tx, item_id):
        return False
    custody = await get_custody(tx, item)
    until = retention_end(
        policy, item.context.retention_class, admitted_at=item.admitted_at, stated=custody.retain_until
    )
    await save_custody(tx, custody.model_copy(update={"retain_until": until}))
    tx.record(case_log(item.case_id), ItemFiled(item_id=item_id, digest=item.digest, retain_until=until), actor)
    return True


def open_item_range(
    intake: Intake, item: Item, keys: Keys, *, start: int = 0, end: int | None = None
) -> AsyncIterator[bytes]:
    """Iterate over the original's bytes from `start` up to, not including, `end`.

    Args:
        intake: the parts.
        item: the original.
        keys: what `keys_of_item` gives for it.
        start: first byte.
        end: byte after the last one; None: to the last.

    Raises: ItemIsQuarantined at once; ObjectMissing, StoreUnavailable while iterating.
    """
    _refuse_quarantined(item)
    return readable(intake, keys).open_range(ObjectKey(item.object_key), start, end)


def readable(intake: Intake, keys: Keys) -> KeyedStore:
    """Return the store as it is read with these keys."""
    return KeyedStore(intake.objects, keys, cpu=intake.cpu)


def _refuse_quarantined(item: Item) -> None:
    if item.state is ItemState.QUARANTINED:
        raise ItemIsQuarantined(item_id=str(item.id), reason=item.reason)
