"""Rows of the ledger. Nothing here decides and nothing here commits."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, delete, func, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql

from evidence.ids import CaseId, LogId
from evidence.ledger.checkpoints import StoredCheckpoint
from evidence.ledger.errors import CheckpointNotFound, EntryNotFound, LogNotFound
from evidence.ledger.events import Entry, EntryClass, LogKind
from evidence.ledger.inserting import insert_once
from evidence.ledger.rules import Audience, Header, read_body, readable_classes
from evidence.ledger.tables import (
    ledger_body,
    ledger_checkpoint,
    ledger_destroyed,
    ledger_entry,
    ledger_log,
    ledger_node,
)
from evidence.ledger.transaction import Transaction
from evidence.ledger.tree import NodeAt, Plan
from evidence.records import Count, Record

ROWS_A_STATEMENT = 500
"""Bound on the places asked for in one statement; both databases take some ten thousand parameters."""


_CHECKPOINTS = select(
    ledger_checkpoint.c.log_id, ledger_checkpoint.c.size, ledger_checkpoint.c.root, ledger_checkpoint.c.note
)


class Log(Record):
    """A log and the number of its entries."""

    id: LogId
    kind: LogKind
    case_id: CaseId | None
    size: Count


class SealedEntry(NamedTuple):
    """A header with the salt and bytes of its body, or None for both when the reader may not have them."""

    header: Header
    salt: bytes | None
    body: bytes | None


async def insert_log(tx: Transaction, log_id: LogId, kind: LogKind, case_id: CaseId | None) -> None:
    """Add an empty log, or leave the one that is there as it is."""
    await insert_once(tx, ledger_log, {"id": log_id, "kind": kind.value, "case_id": case_id, "size": 0})


async def get_log(tx: Transaction, log_id: LogId) -> Log:
    """Return a log; raises LogNotFound."""
    return await _one_log(tx, log_id, select(ledger_log).where(ledger_log.c.id == log_id))


async def lock_log(tx: Transaction, log_id: LogId) -> Log:
    """Return a log and hold its row until commit; raises LogNotFound."""
    return await _one_log(tx, log_id, select(ledger_log).where(ledger_log.c.id == log_id).with_for_update())


async def _one_log(tx: Transaction, log_id: LogId, statement: Select[tuple[object, ...]]) -> Log:
    row = (await tx.execute(statement)).mappings().one_or_none()
    if row is None:
        raise LogNotFound(log_id=str(log_id))
    return Log.model_validate(dict(row))


async def list_logs(tx: Transaction) -> tuple[Log, ...]:
    """Return every log, in the order of their ids."""
    rows = (await tx.execute(select(ledger_log).order_by(ledger_log.c.id))).mappings()
    return tuple(Log.model_validate(dict(row)) for row in rows)


async def insert_entries(tx: Transaction, entries: Sequence[tuple[Header, bytes, bytes]]) -> None:
    """Add entries of one log, each with salt and body, and count them in the log; the caller holds the log's row."""
    headers = [header for header, _, _ in entries]
    await tx.connection.execute(insert(ledger_entry), [header.model_dump() for header in headers])
    bodies = [
        {"log_id": header.log_id, "seq": header.seq, "salt": salt, "body": body} for header, salt, body in entries
    ]
    await tx.connection.execute(insert(ledger_body), bodies)
    await tx.execute(update(ledger_log).where(ledger_log.c.id == headers[-1].log_id).values(size=headers[-1].seq + 1))


async def insert_nodes(tx: Transaction, log_id: LogId, nodes: dict[NodeAt, bytes]) -> None:
    """Add finished nodes."""
    rows = [{"log_id": log_id, "level": at.level, "place": at.place, "hash": found} for at, found in nodes.items()]
    await tx.connection.execute(insert(ledger_node), rows)


async def list_nodes(tx: Transaction, log_id: LogId, plan: Plan) -> dict[NodeAt, bytes]:
    """Return the finished nodes that a plan names."""
    wanted = [(at.level, at.place) for places in plan for at in places]
    found: dict[NodeAt, bytes] = {}
    for start in range(0, len(wanted), ROWS_A_STATEMENT):
        places = tuple_(ledger_node.c.level, ledger_node.c.place).in_(wanted[start : start + ROWS_A_STATEMENT])
        columns = select(ledger_node.c.level, ledger_node.c.place, ledger_node.c.hash)
        for level, place, digest in await tx.connection.execute(columns.where(ledger_node.c.log_id == log_id, places)):
            found[NodeAt(level, place)] = digest
    return found


async def count_nodes(tx: Transaction, log_id: LogId) -> int:
    """Return how many finished nodes of a log are stored."""
    counted = select(func.count()).select_from(ledger_node).where(ledger_node.c.log_id == log_id)
    return (await tx.connection.execute(counted)).scalar_one()


def _entries(log: Log, audience: Audience, *, after: int, limit: int) -> Select[tuple[object, ...]]:
    # The audience is part of the join, so that a body outside it never leaves the database.
    readable = ledger_entry.c.entry_class.in_(readable_classes(log.kind, audience))
    same = and_(ledger_body.c.log_id == ledger_entry.c.log_id, ledger_body.c.seq == ledger_entry.c.seq, readable)
    return (
        select(ledger_entry, ledger_body.c.salt, ledger_body.c.body)
        .outerjoin(ledger_body, same)
        .where(ledger_entry.c.log_id == log.id, ledger_entry.c.seq > after)
        .order_by(ledger_entry.c.seq)
        .limit(limit)
    )


async def list_sealed(
    tx: Transaction, log_id: LogId, *, after: int, limit: int, audience: Audience
) -> tuple[SealedEntry, ...]:
    """Return entries as they were sealed: header, salt and exact bytes; for exports and for checking.

    Args:
        tx: any open transaction.
        log_id: the log; LogNotFound when there is none.
        after: seq of the last entry not wanted, -1 for all from the first.
        limit: most entries to return.
        audience: whose bodies are given; of the rest only the header.
    """
    log = await get_log(tx, log_id)
    rows = (await tx.connection.execute(_entries(log, audience, after=after, limit=limit))).mappings()
    columns = ledger_entry.columns.keys()
    return tuple(
        SealedEntry(Header.model_validate({name: row[name] for name in columns}), row["salt"], row["body"])
        for row in rows
    )


async def read_entries(
    tx: Transaction, log_id: LogId, *, after: int, limit: int, audience: Audience
) -> tuple[Entry, ...]:
    """Return a log's entries in order, as this audience may read them.

    Args:
        tx: any open transaction.
        log_id: the log; LogNotFound when there is none.
        after: seq of the last entry the reader has, -1 for none.
        limit: most entries to return, > 0; fewer come only at the end of the log.
        audience: outside an entry's audience the reader gets its header only.
    """
    sealed = await list_sealed(tx, log_id, after=after, limit=limit, audience=audience)
    return tuple(read_sealed(entry) for entry in sealed)


def read_sealed(entry: SealedEntry) -> Entry:
    """Return an entry as a reader gets it."""
    said = {} if entry.body is None else dict(read_body(entry.body))
    return Entry.model_validate({**dict(entry.header), **said})


async def get_entry_class(tx: Transaction, log_id: LogId, seq: int) -> EntryClass:
    """Return an entry's class; raises EntryNotFound."""
    place = and_(ledger_entry.c.log_id == log_id, ledger_entry.c.seq == seq)
    found = (await tx.connection.execute(select(ledger_entry.c.entry_class).where(place))).scalar_one_or_none()
    if found is None:
        raise EntryNotFound(log_id=str(log_id), seq=seq)
    return EntryClass(found)


async def has_body(tx: Transaction, log_id: LogId, seq: int) -> bool:
    """Return whether an entry still has its body."""
    place = and_(ledger_body.c.log_id == log_id, ledger_body.c.seq == seq)
    return (await tx.connection.execute(select(func.count()).select_from(ledger_body).where(place))).scalar_one() > 0


async def delete_body(tx: Transaction, log_id: LogId, seq: int, *, by_seq: int) -> None:
    """Remove a body after the entry `by_seq` that states it; the database refuses it without."""
    await tx.execute(insert(ledger_destroyed).values(log_id=log_id, seq=seq, by_seq=by_seq))
    await tx.execute(delete(ledger_body).where(ledger_body.c.log_id == log_id, ledger_body.c.seq == seq))


async def list_destroyed(tx: Transaction, log_id: LogId) -> dict[int, int]:
    """Return the seq of every entry whose body was destroyed, with the seq of the entry that states it."""
    columns = select(ledger_destroyed.c.seq, ledger_destroyed.c.by_seq)
    rows = await tx.connection.execute(columns.where(ledger_destroyed.c.log_id == log_id))
    return {seq: by_seq for seq, by_seq in rows}  # noqa: C416  (a row is not a typed pair)


async def insert_checkpoint(tx: Transaction, checkpoint: StoredCheckpoint) -> None:
    """Add a checkpoint, or leave the one of the same size as it is."""
    row = {**checkpoint.model_dump(), "at": tx.now}
    if tx.connection.dialect.name == "postgresql":
        await tx.execute(postgresql.insert(ledger_checkpoint).values(row).on_conflict_do_nothing())
    elif await find_checkpoint(tx, checkpoint.log_id, size=checkpoint.size) is None:
        # SQLite has one writer at a time, and its trigger refuses a second insert whatever the conflict clause says.
        await tx.execute(insert(ledger_checkpoint).values(row))


async def find_checkpoint(tx: Transaction, log_id: LogId, *, size: int) -> StoredCheckpoint | None:
    """Return the checkpoint of a log at one size, when there is one."""
    place = and_(ledger_checkpoint.c.log_id == log_id, ledger_checkpoint.c.size == size)
    row = (await tx.connection.execute(_CHECKPOINTS.where(place))).mappings().one_or_none()
    return None if row is None else StoredCheckpoint.model_validate(dict(row))


async def has_checkpoint(tx: Transaction) -> bool:
    """Say whether any log was ever signed."""
    return (await tx.connection.execute(select(ledger_checkpoint.c.log_id).limit(1))).first() is not None


async def get_checkpoint(tx: Transaction, log_id: LogId, *, size: int) -> StoredCheckpoint:
    """Return the checkpoint of a log at one size; raises CheckpointNotFound."""
    found = await find_checkpoint(tx, log_id, size=size)
    if found is None:
        raise CheckpointNotFound(log_id=str(log_id), size=size)
    return found


async def list_checkpoints(tx: Transaction, log_id: LogId) -> tuple[StoredCheckpoint, ...]:
    """Return a log's checkpoints, smallest first."""
    ordered = _CHECKPOINTS.where(ledger_checkpoint.c.log_id == log_id).order_by(ledger_checkpoint.c.size)
    rows = (await tx.connection.execute(ordered)).mappings()
    return tuple(StoredCheckpoint.model_validate(dict(row)) for row in rows)


async def list_logs_to_checkpoint(tx: Transaction) -> tuple[LogId, ...]:
    """Return the logs that have entries no checkpoint covers yet."""
    newest = select(func.max(ledger_checkpoint.c.size)).where(ledger_checkpoint.c.log_id == ledger_log.c.id)
    behind = ledger_log.c.size > func.coalesce(newest.scalar_subquery(), 0)
    rows = await tx.connection.execute(select(ledger_log.c.id).where(behind).order_by(ledger_log.c.id))
    found: list[UUID] = [row.id for row in rows]
    return tuple(LogId(log_id) for log_id in found)
