"""What is done to a log, each inside the caller's transaction: open, append, prove, checkpoint, destroy a body."""

import secrets
from typing import ClassVar

from pydantic import Field

from evidence.ids import CaseId, LogId
from evidence.ledger import store, tree
from evidence.ledger.checkpoints import Checkpoint, Signer, StoredCheckpoint, origin_of, sign_checkpoint
from evidence.ledger.errors import BodyKept, ProofOutOfRange
from evidence.ledger.events import Actor, Entry, EntryClass, EntryDraft, Event, LogKind
from evidence.ledger.rules import SALT_BYTES, Header, body_bytes, commitment, entry_leaf
from evidence.ledger.transaction import Transaction
from evidence.records import Count, Record, Sha256Hex, Text


class BodyDestroyed(Event):
    """The body of the entry `seq` was destroyed; the reason is read by everybody in the case."""

    TAG: ClassVar[str] = "ledger.body_destroyed"
    ENTRY_CLASS: ClassVar[EntryClass] = EntryClass.BODY_DESTROYED
    seq: Count
    reason: Text = Field(min_length=1)


class InclusionProof(Record):
    """What shows that the entry `seq` is among the first `size` ones of a log; hashes from the leaf upwards."""

    log_id: LogId
    seq: Count
    size: Count
    path: tuple[Sha256Hex, ...]


class ConsistencyProof(Record):
    """What shows that a log of `size` entries only adds to its first `first` ones."""

    log_id: LogId
    first: Count
    size: Count
    path: tuple[Sha256Hex, ...]


async def open_log(tx: Transaction, log_id: LogId, kind: LogKind, case_id: CaseId | None = None) -> None:
    """Open a log; one that is open already stays as it is."""
    await store.insert_log(tx, log_id, kind, case_id)


async def append_all(tx: Transaction) -> dict[LogId, tuple[Entry, ...]]:
    """Append the transaction's drafts to their logs. Call it as the last step before commit.

    Each log's row is held from here to the commit, so that seq is gap-free and in commit order; logs are taken in the
    order of their ids, so that two transactions never wait for each other.

    Returns: what was appended, per log and in order; empty when nothing was recorded.
    Raises: LogNotFound; BodyInvalid; BodyKept when the body to be destroyed has gone meanwhile.
    """
    drafts: dict[LogId, list[EntryDraft]] = {}
    for log_id, draft in tx.drafts:
        drafts.setdefault(log_id, []).append(draft)
    tx.drafts.clear()
    return {log_id: await _append(tx, log_id, drafts[log_id]) for log_id in sorted(drafts)}


async def _append(tx: Transaction, log_id: LogId, drafts: list[EntryDraft]) -> tuple[Entry, ...]:
    # Before the lock: nothing but database work happens while the row is held.
    sealed = [(draft, secrets.token_bytes(SALT_BYTES), body_bytes(draft)) for draft in drafts]
    size = (await store.lock_log(tx, log_id)).size
    headers = [
        Header(log_id=log_id, seq=seq, entry_class=draft.entry_class, at=tx.now, commitment=commitment(salt, body))
        for seq, (draft, salt, body) in enumerate(sealed, start=size)
    ]
    edge = await store.list_nodes(tx, log_id, (tree.root_nodes(size),)) if size else {}
    rows = [(header, salt, body) for header, (_, salt, body) in zip(headers, sealed, strict=True)]
    await store.insert_entries(tx, rows)
    await store.insert_nodes(tx, log_id, tree.grow(edge, size, [entry_leaf(header) for header in headers]))
    entries = tuple(store.read_sealed(store.SealedEntry(*row)) for row in rows)
    for entry in entries:
        if entry.entry_class is EntryClass.BODY_DESTROYED:
            await _apply_destruction(tx, entry)
    return entries


async def _apply_destruction(tx: Transaction, entry: Entry) -> None:
    stated = BodyDestroyed.from_data(entry.data or {})
    if not await store.has_body(tx, entry.log_id, stated.seq):
        raise BodyKept(seq=stated.seq, reason="destroyed already")
    await store.delete_body(tx, entry.log_id, stated.seq, by_seq=entry.seq)


async def destroy_body(tx: Transaction, log_id: LogId, seq: int, *, reason: str, actor: Actor) -> None:
    """Destroy what an entry says, at the end of this transaction and together with the entry that states it.

    Header, commitment and place in the tree stay. The caller clears the state derived from the body.

    Raises:
        EntryNotFound: when there is no such entry.
        BodyKept: when the entry itself states a destruction, or its body has gone already.
    """
    if await store.get_entry_class(tx, log_id, seq) is EntryClass.BODY_DESTROYED:
        raise BodyKept(seq=seq, reason="states a destruction")
    if not await store.has_body(tx, log_id, seq):
        raise BodyKept(seq=seq, reason="destroyed already")
    tx.record(log_id, BodyDestroyed(seq=seq, reason=reason), actor)


async def log_root(tx: Transaction, log_id: LogId, size: int) -> bytes:
    """Return the root over a log's first `size` entries; raises LogEmpty for 0 and ProofOutOfRange beyond its end."""
    places = tree.root_nodes(size)
    await _require_size(tx, log_id, size)
    return tree.fold(await store.list_nodes(tx, log_id, (places,)), places)


async def inclusion_proof(tx: Transaction, log_id: LogId, seq: int, *, size: int) -> InclusionProof:
    """Prove that an entry is among the first `size` ones; raises ProofOutOfRange."""
    path = await _prove(tx, log_id, tree.inclusion_plan(seq, size), size)
    return InclusionProof(log_id=log_id, seq=seq, size=size, path=path)


async def consistency_proof(tx: Transaction, log_id: LogId, first: int, *, size: int) -> ConsistencyProof:
    """Prove that the log at `size` only adds to itself at `first`; raises ProofOutOfRange."""
    path = await _prove(tx, log_id, tree.consistency_plan(first, size), size)
    return ConsistencyProof(log_id=log_id, first=first, size=size, path=path)


async def _prove(tx: Transaction, log_id: LogId, plan: tree.Plan, size: int) -> tuple[str, ...]:
    await _require_size(tx, log_id, size)
    return tuple(step.hex() for step in tree.prove(await store.list_nodes(tx, log_id, plan), plan))


async def _require_size(tx: Transaction, log_id: LogId, size: int) -> None:
    log = await store.get_log(tx, log_id)
    if size > log.size:
        raise ProofOutOfRange(first=size, size=log.size)


async def make_checkpoint(tx: Transaction, log_id: LogId, signer: Signer) -> StoredCheckpoint:
    """Sign the log's present size and root, once for each size; a later call returns the checkpoint that is there.

    Entries recorded in this very transaction are appended at its end and are not part of it.

    Raises: LogNotFound; LogEmpty when there is nothing to state.
    """
    size = (await store.get_log(tx, log_id)).size
    existing = await store.find_checkpoint(tx, log_id, size=size)
    if existing is not None:
        return existing
    root = (await log_root(tx, log_id, size)).hex()
    note = sign_checkpoint(Checkpoint(origin=origin_of(signer.name, log_id), size=size, root=root), signer)
    await store.insert_checkpoint(tx, StoredCheckpoint(log_id=log_id, size=size, root=root, note=note))
    return await store.get_checkpoint(tx, log_id, size=size)
