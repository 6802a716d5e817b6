"""Enqueue, claim and finish jobs. A job is enqueued in the transaction that makes it necessary, or not at all."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from evidence.ids import uuid7
from evidence.ledger.inserting import insert_once
from evidence.ledger.transaction import Transaction
from evidence.records import Json, Record
from server.jobs.tables import job

LEASE = timedelta(seconds=120)
"""How long a claimed job stays with its worker unless the worker renews it; a dead worker's job is free afterwards."""
FIRST_RETRY = timedelta(seconds=1)
LAST_RETRY = timedelta(minutes=5)


class Job(Record):
    """A claimed job; `attempts` counts this one."""

    id: UUID
    kind: str
    payload: dict[str, Json]
    attempts: int


async def enqueue(
    tx: Transaction,
    kind: str,
    payload: dict[str, Json],
    *,
    dedupe_key: str | None = None,
    run_at: datetime | None = None,
) -> None:
    """Promise a job; with a `dedupe_key` already waiting, the earlier one stands for both."""
    row = {
        "id": uuid7(),
        "kind": kind,
        "payload": payload,
        "dedupe_key": dedupe_key,
        "run_at": run_at or tx.now,
        "attempts": 0,
        "created_at": tx.now,
    }
    await insert_once(tx, job, row)


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(job.c.run_at <= now, or_(job.c.lease_until.is_(None), job.c.lease_until < now))


async def is_due(tx: Transaction) -> bool:
    """Return whether a job waits; a cheap look before `claim` takes the writer."""
    return (await tx.execute(select(job.c.id).where(_due(tx.now)).limit(1))).first() is not None


async def claim(tx: Transaction) -> Job | None:
    """Take the due job that has waited longest, with a lease; None when nothing is due."""
    query = select(job).where(_due(tx.now)).order_by(job.c.run_at, job.c.id).limit(1).with_for_update(skip_locked=True)
    row = (await tx.execute(query)).mappings().one_or_none()
    if row is None:
        return None
    attempts = row["attempts"] + 1
    change = update(job).where(job.c.id == row["id"]).values(lease_until=tx.now + LEASE, attempts=attempts)
    await tx.execute(change)
    return Job(id=row["id"], kind=row["kind"], payload=row["payload"], attempts=attempts)


async def renew(tx: Transaction, job_id: UUID) -> None:
    """Keep a long job for another lease."""
    await tx.execute(update(job).where(job.c.id == job_id).values(lease_until=tx.now + LEASE))


async def finish(tx: Transaction, job_id: UUID) -> None:
    """Forget a job that is done; its effects are in the ledger."""
    await tx.execute(delete(job).where(job.c.id == job_id))


async def put_back(tx: Transaction, done: Job, error: str) -> None:
    """Let a failed job run again later, after 1 s, 2 s, 4 s, up to 5 minutes; it is never given up silently."""
    wait = min(FIRST_RETRY * 2 ** min(done.attempts - 1, 20), LAST_RETRY)
    change = {"run_at": tx.now + wait, "lease_until": None, "last_error": error[:2000]}
    await tx.execute(update(job).where(job.c.id == done.id).values(change))
