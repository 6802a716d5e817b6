"""What is done to the keeping of an item, each inside the caller's transaction and with one entry."""

from collections.abc import Iterable

from evidence.custody import store
from evidence.custody.events import (
    DisposalOrdered,
    HoldLifted,
    ItemDisposed,
    ItemHeld,
    ItemReleased,
    ItemSealed,
    RetentionSet,
    StoreProbed,
)
from evidence.custody.rules import (
    DEFAULT_POLICY,
    Custody,
    Disposal,
    RetentionPolicy,
    check_disposal,
    check_hold,
    check_lift,
    check_release,
    may_seal,
    offers_seal,
    retention_end,
)
from evidence.ids import DEPLOYMENT_LOG, Digest, ItemId, ObjectKey, case_log
from evidence.items.rules import Item
from evidence.ledger.actions import open_log
from evidence.ledger.events import Actor, Event, LogKind
from evidence.ledger.transaction import Transaction
from evidence.objects.probe import StoreProof


async def hold_item(tx: Transaction, item_id: ItemId, actor: Actor, *, reason: str) -> None:
    """Put an item under a legal hold. Raises: ItemNotFound, CustodyConflict."""
    item, custody = await _locked(tx, item_id)
    check_hold(item.state, custody)
    await _change(tx, custody, ItemHeld(item_id=item_id, reason=reason), actor, held=True)


async def lift_hold(tx: Transaction, item_id: ItemId, actor: Actor, *, reason: str) -> None:
    """Lift the legal hold of an item. Raises: ItemNotFound, CustodyConflict."""
    item, custody = await _locked(tx, item_id)
    check_lift(item.state, custody)
    await _change(tx, custody, HoldLifted(item_id=item_id, reason=reason), actor, held=False)


async def release_item(tx: Transaction, item_id: ItemId, actor: Actor, *, reason: str) -> None:
    """Let an item go that the office does not need any more. Raises: ItemNotFound, CustodyConflict."""
    item, custody = await _locked(tx, item_id)
    check_release(item.state, custody)
    await _change(tx, custody, ItemReleased(item_id=item_id, reason=reason), actor, released_at=tx.now)


async def order_disposal(
    tx: Transaction, item_id: ItemId, actor: Actor, *, reason: str, policy: RetentionPolicy = DEFAULT_POLICY
) -> None:
    """Order that an item's bytes be destroyed, which the worker then does; from now on nobody reads them.

    A key of its own is destroyed with the order itself.

    Raises: ItemNotFound, CustodyConflict, StillKept.
    """
    item, custody = await _locked(tx, item_id)
    kind = item.context.retention_class
    until = retention_end(policy, kind, admitted_at=item.admitted_at, stated=custody.retain_until)
    check_disposal(item.state, custody, keeps_until=until, own_key=kind.own_key, now=tx.now)
    destroyed = await store.destroy_key(tx, item_id)
    ordered = DisposalOrdered(item_id=item_id, digest=item.digest, reason=reason, key_destroyed=destroyed)
    await _change(tx, custody, ordered, actor, ordered_at=tx.now, ordered_by=actor, reason=reason)


async def set_retention(tx: Transaction, item_id: ItemId, policy: RetentionPolicy, actor: Actor) -> bool:
    """State until when an item is kept, when the policy says later than the ledger does so far.

    Returns: whether something was stated. Raises: ItemNotFound.
    """
    item, custody = await _locked(tx, item_id)
    kind = item.context.retention_class
    until = retention_end(policy, kind, admitted_at=item.admitted_at, stated=custody.retain_until)
    if custody.ordered_at is not None or until == custody.retain_until:
        return False
    stated = RetentionSet(item_id=item_id, retention_class=kind, retain_until=until)
    await _change(tx, custody, stated, actor, retain_until=until)
    return True


async def seal_item(tx: Transaction, item_id: ItemId, actor: Actor, *, kept: Custody, proof: StoreProof) -> bool:
    """State that the store keeps an item, after its lock was set and read back.

    Args:
        tx: the transaction.
        item_id: the item.
        actor: the worker.
        kept: the keeping that was set at the store; when it has changed meanwhile, nothing is sealed.
        proof: the recent proof of the store's lock.

    Returns: whether it was sealed. Raises: ItemNotFound.
    """
    item, custody = await _locked(tx, item_id)
    if custody != kept or custody.retain_until is None or not may_seal(item.state, custody):
        return False
    until = custody.retain_until
    sealed = ItemSealed(item_id=item_id, digest=item.digest, retain_until=until, store=proof.product[:300])
    await _change(tx, custody, sealed, actor, sealed_at=tx.now)
    return True


async def claim_bytes(tx: Transaction, item_id: ItemId, keys: Iterable[ObjectKey]) -> tuple[ObjectKey, ...]:
    """Return which bytes of a going item nothing else needs, and state that these are going."""
    claimed = []
    for key in sorted(keys):
        await store.lock_bytes(tx, key)
        if not await store.list_sharers(tx, key) and not await store.is_recorded(tx, key):
            await store.begin_erasure(tx, key, item_id)
            claimed.append(key)
    return tuple(claimed)


async def finish_disposal(
    tx: Transaction, item_id: ItemId, actor: Actor, *, way: Disposal, derivatives: tuple[Digest, ...]
) -> bool:
    """State that an item's bytes are destroyed; returns False when that is stated already.

    Raises: ItemNotFound.
    """
    item, custody = await _locked(tx, item_id)
    if custody.ordered_by is None or custody.reason is None or custody.disposed_at is not None:
        return False
    disposed = ItemDisposed(
        item_id=item_id,
        digest=item.digest,
        bytes=item.bytes,
        way=way,
        derivatives=derivatives,
        reason=custody.reason,
        ordered_by=custody.ordered_by.name,
    )
    await _change(tx, custody, disposed, actor, disposed_at=tx.now)
    return True


async def note_probe(tx: Transaction, where: str, proof: StoreProof, actor: Actor) -> None:
    """State what the store did when it was tried, and keep it as its newest proof."""
    await store.save_proof(tx, where, proof)
    await open_log(tx, DEPLOYMENT_LOG, LogKind.DEPLOYMENT)
    probed = StoreProbed(store=where, proof=proof, seals=offers_seal(proof, tx.now, now=tx.now))
    tx.record(DEPLOYMENT_LOG, probed, actor)


async def _locked(tx: Transaction, item_id: ItemId) -> tuple[Item, Custody]:
    item = await store.lock_item(tx, item_id)
    return item, await store.get_custody(tx, item)


async def _change(tx: Transaction, custody: Custody, event: Event, actor: Actor, **changes: object) -> None:
    await store.save_custody(tx, custody.model_copy(update=changes))
    tx.record(case_log(custody.case_id), event, actor)
