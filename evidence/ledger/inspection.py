"""Reading one log again from its first entry and checking everything the database says of it."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial

from pydantic import ValidationError

from evidence.ledger import store, tree
from evidence.ledger.checkpoints import StoredCheckpoint, read_checkpoint
from evidence.ledger.errors import BodyInvalid, NoteInvalid
from evidence.ledger.rules import Audience, Body, commitment, entry_leaf, read_body
from evidence.ledger.store import Log, SealedEntry
from evidence.ledger.transaction import Transaction
from evidence.records import Count, Json, Record

PAGE = 1000
"""Entries checked at a time."""


class Fault(Record):
    """One thing that is wrong: a stable code, where, and what."""

    code: str
    where: str
    what: str


class Fact(Record):
    """What a readable entry says."""

    seq: Count
    tag: str
    data: dict[str, Json]


class Inspection(Record):
    """What was found in one log."""

    entries: Count
    faults: tuple[Fault, ...]
    facts: tuple[Fact, ...]


async def inspect_log(tx: Transaction, log: Log, *, remember: str, cpu: Executor) -> Inspection:
    """Check a log: no gap, every body against its commitment, every node against the leaves, every checkpoint.

    Args:
        tx: a reading transaction that sees one state throughout.
        log: the log, as this transaction sees it.
        remember: beginning of the tags whose entries are returned.
        cpu: where the hashing is done.
    """
    loop, size, faults, facts = asyncio.get_running_loop(), 0, list[Fault](), list[Fact]()
    destroyed = await store.list_destroyed(tx, log.id)
    edge: dict[tree.NodeAt, bytes] = {}
    while page := await store.list_sealed(tx, log.id, after=size - 1, limit=PAGE, audience=Audience.GOVERNMENT):
        check = partial(_check_page, page, first=size, destroyed=set(destroyed), remember=remember)
        found, said = await loop.run_in_executor(cpu, check)
        leaves = [entry_leaf(entry.header) for entry in page]
        nodes = await loop.run_in_executor(cpu, tree.grow, edge, size, leaves)
        faults += found + await _check_nodes(tx, log, nodes)
        facts += said
        size += len(page)
        edge = {at: nodes[at] if at in nodes else edge[at] for at in tree.root_nodes(size)}
    faults += await _check_counts(tx, log, size)
    for checkpoint in await store.list_checkpoints(tx, log.id):
        faults += await _check_checkpoint(tx, log, checkpoint)
    return Inspection(entries=size, faults=tuple(faults), facts=tuple(facts))


def _check_page(
    page: Sequence[SealedEntry], *, first: int, destroyed: set[int], remember: str
) -> tuple[list[Fault], list[Fact]]:
    faults, facts = list[Fault](), list[Fact]()
    for seq, entry in enumerate(page, first):
        where = f"log {entry.header.log_id} entry {entry.header.seq}"
        if entry.header.seq != seq:
            faults.append(Fault(code="entry_missing", where=where, what=f"stands where entry {seq} should"))
        body = _said(entry)
        if (entry.body is None) is not (entry.header.seq in destroyed):
            what = "no body, and nothing states that it was destroyed" if entry.body is None else "stated as destroyed"
            faults.append(Fault(code="body_missing" if entry.body is None else "body_left", where=where, what=what))
        elif entry.body is not None and body is None:
            faults.append(Fault(code="body_changed", where=where, what="not the body that the header commits to"))
        elif body is not None and body.tag.startswith(remember):
            facts.append(Fact(seq=seq, tag=body.tag, data=body.data))
    return faults, facts


def _said(entry: SealedEntry) -> Body | None:
    if entry.body is None or entry.salt is None:
        return None
    try:
        if commitment(entry.salt, entry.body) != entry.header.commitment:
            return None
        return read_body(entry.body)
    except (BodyInvalid, ValidationError, ValueError):
        return None


async def _check_nodes(tx: Transaction, log: Log, nodes: dict[tree.NodeAt, bytes]) -> list[Fault]:
    stored = await store.list_nodes(tx, log.id, (tuple(nodes),))
    return [
        Fault(
            code="node_changed" if at in stored else "node_missing",
            where=f"log {log.id} node {at.level}/{at.place}",
            what="does not follow from the entries below it",
        )
        for at, found in nodes.items()
        if stored.get(at) != found
    ]


async def _check_counts(tx: Transaction, log: Log, size: int) -> list[Fault]:
    faults = []
    if log.size != size:
        what = f"says that it has {log.size} entries, there are {size}"
        faults.append(Fault(code="size_differs", where=f"log {log.id}", what=what))
    nodes, finished = await store.count_nodes(tx, log.id), 2 * size - size.bit_count()
    if nodes > finished:
        what = f"has {nodes} nodes, {finished} follow from its entries"
        faults.append(Fault(code="node_unexpected", where=f"log {log.id}", what=what))
    return faults


async def _check_checkpoint(tx: Transaction, log: Log, checkpoint: StoredCheckpoint) -> list[Fault]:
    where = f"log {log.id} checkpoint {checkpoint.size}"
    places = tree.root_nodes(checkpoint.size)
    nodes = await store.list_nodes(tx, log.id, (places,))
    root = tree.fold(nodes, places).hex() if set(places) == set(nodes) else ""
    try:
        stated = read_checkpoint(checkpoint.note.rpartition("\n\n")[0] + "\n")
    except NoteInvalid:
        return [Fault(code="checkpoint_unreadable", where=where, what="its note is not a checkpoint")]
    if (stated.size, stated.root, checkpoint.root) != (checkpoint.size, root, root):
        what = "the entries do not have the root that it states: they were changed, or it was"
        return [Fault(code="checkpoint_differs", where=where, what=what)]
    return []
