"""Jobs of the custodian: let the store keep an item as the ledger says, seal it, and destroy what was ordered away.

Each is idempotent, and may be killed between any two steps: it runs again and finds what is done already.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from evidence import locker
from evidence.custody.rules import GONE, Custody, Disposal, Stage, keeps_longest, offers_seal, stage_of
from evidence.custody.store import StoredProof, get_custody, get_proof, list_sharers
from evidence.ids import CaseId, Digest, ItemId, ObjectKey
from evidence.items.rules import Derivative, Item
from evidence.items.store import get_item, list_derivatives_of
from evidence.ledger.transaction import Transaction
from evidence.objects.errors import ObjectLocked
from evidence.objects.probe import ProvableCustody
from evidence.records import Json
from server.config import Settings
from server.exports.store import BundleState, list_bundles, set_bundle
from server.jobs.filing import WORKER
from server.jobs.queue import enqueue
from server.jobs.worker import NotYet
from server.services import Services


@dataclass(frozen=True)
class Custodian:
    """The store's lock in the worker's hands."""

    store: ProvableCustody
    place: str
    """Which store it is, as proofs name it."""
    is_policy: bool
    """Whether the lock is one of this program's own, in a folder: kept, and never called a seal."""


def place_of(settings: Settings) -> str:
    """Return which store the settings name, as proofs name it."""
    if settings.objects == "local":
        return f"folder {settings.root / 'objects'}"[:300]
    return f"{settings.s3_endpoint or 's3'}/{settings.s3_bucket}"[:300]


async def ask_keeping(tx: Transaction, item_id: ItemId, *, once: bool = False) -> None:
    """Promise that the store will keep the item as this transaction says.

    Args:
        tx: the transaction.
        item_id: the item.
        once: whether a promise that waits already will do; not when the keeping was just changed, for a job that runs
            now may have read the old one.
    """
    await enqueue(tx, "keep_item", {"item_id": str(item_id)}, dedupe_key=f"keep:{item_id}" if once else None)


async def keep_item(custodian: Custodian, services: Services, payload: dict[str, Json]) -> None:
    """Set the item's date and hold at the store, read them back, and seal it when the lock is proved."""
    item_id = item_id_of(payload)
    async with services.database.read() as tx:
        item, custody, made = await _known(tx, item_id)
        stage = stage_of(item.state, custody)
        proof = await get_proof(tx, custodian.place)
        wanted = [(key, *await _wanted(tx, key)) for key in keys_of(item, made)]
    seals = seals_now(proof, services.clock())
    if stage in GONE or stage is Stage.ADMITTED or not (seals or custodian.is_policy):
        return
    for key, until, held in wanted:
        await locker.keep_object(custodian.store, key, until=until, held=held)
    if seals and proof is not None:
        async with services.database.write() as tx:
            await locker.seal_item(tx, item_id, WORKER, kept=custody, proof=proof.proof)


async def dispose_item(custodian: Custodian, services: Services, payload: dict[str, Json]) -> None:
    """Destroy the bytes of an item whose disposal was ordered, and state it.

    Raises: NotYet while a bundle with them is being built, or the store still locks what has no key of its own.
    """
    item_id = item_id_of(payload)
    async with services.database.read() as tx:
        item, custody, made = await _known(tx, item_id)
    if custody.ordered_at is None:
        return
    await _withdraw_bundles(custodian, services, item.case_id, before=custody.ordered_at)
    async with services.database.write() as tx:
        claimed = await locker.claim_bytes(tx, item_id, keys_of(item, made))
    locked = await _erase(custodian, claimed)
    if locked and not item.context.retention_class.own_key:
        raise NotYet("the store's lock")
    async with services.database.write() as tx:
        for key in set(claimed) - set(locked):
            await locker.set_erased(tx, key)
        await locker.finish_disposal(
            tx,
            item_id,
            WORKER,
            way=_way(ObjectKey(item.object_key), claimed, locked),
            derivatives=tuple(Digest(one.digest) for one in made),
        )
        if locked:
            after = max(custody.retain_until or tx.now, tx.now)
            await enqueue(tx, "dispose_item", payload, dedupe_key=f"erase:{item_id}:{after}", run_at=after)


def item_id_of(payload: dict[str, Json]) -> ItemId:
    """Return the item that a job is about."""
    return ItemId(UUID(str(payload["item_id"])))


def keys_of(item: Item, made: tuple[Derivative, ...]) -> tuple[ObjectKey, ...]:
    """Return the keys of an original and of what was made from it, each once."""
    return tuple(dict.fromkeys(ObjectKey(key) for key in (item.object_key, *(one.object_key for one in made))))


async def _known(tx: Transaction, item_id: ItemId) -> tuple[Item, Custody, tuple[Derivative, ...]]:
    item = await get_item(tx, item_id)
    return item, await get_custody(tx, item), await list_derivatives_of(tx, item_id)


async def _wanted(tx: Transaction, key: ObjectKey) -> tuple[datetime | None, bool]:
    """Return date and hold of bytes: the strictest of all items that have them."""
    sharers = [custody for _, custody in await list_sharers(tx, key)]
    return keeps_longest(one.retain_until for one in sharers), any(one.held for one in sharers)


def seals_now(proof: StoredProof | None, now: datetime) -> bool:
    """Say whether items may be sealed by the newest proof there is."""
    return proof is not None and offers_seal(proof.proof, proof.proved_at, now=now)


async def _erase(custodian: Custodian, keys: tuple[ObjectKey, ...]) -> tuple[ObjectKey, ...]:
    locked = []
    for key in keys:
        try:
            await custodian.store.erase(key)
        except ObjectLocked:
            locked.append(key)
    return tuple(locked)


def _way(original: ObjectKey, claimed: tuple[ObjectKey, ...], locked: tuple[ObjectKey, ...]) -> Disposal:
    if original in locked:
        return Disposal.KEY_DESTROYED
    return Disposal.ERASED if original in claimed else Disposal.SHARED


async def _withdraw_bundles(custodian: Custodian, services: Services, case_id: CaseId, *, before: datetime) -> None:
    """Destroy the bundles that were asked for before a moment: they hold copies of what is to go."""
    async with services.database.read() as tx:
        old = [one for one in await list_bundles(tx, case_id) if one.requested_at <= before]
    if any(one.state in {BundleState.WAITING, BundleState.BUILDING} for one in old):
        raise NotYet("a bundle that is being built")
    for one in old:
        if one.object_key is not None:
            await custodian.store.erase(ObjectKey(one.object_key))
            async with services.database.write() as tx:
                await set_bundle(tx, one.id, state=BundleState.WITHDRAWN, object_key=None)
