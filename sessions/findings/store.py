"""Rows of findings. Nothing here commits."""

from uuid import UUID

from sqlalchemy import Select, select, update

from evidence.ledger.inserting import insert_once
from evidence.ledger.transaction import Transaction
from sessions.errors import FindingNotFound, VersionConflict
from sessions.findings import tables
from sessions.findings.records import Finding
from sessions.findings.rules import FindingState


def _open() -> Select[tuple[object, ...]]:
    columns = (tables.finding.c[name] for name in Finding.model_fields)
    return select(*columns).where(tables.finding.c.state == FindingState.OPEN.value)


async def insert_finding(tx: Transaction, finding: Finding) -> None:
    """Insert an open finding; raises VersionConflict when the criterion has one."""
    if not await insert_once(tx, tables.finding, finding.model_dump()):
        raise VersionConflict


async def find_open(tx: Transaction, validation_id: UUID, criterion_id: str) -> Finding | None:
    """Return the open finding on a criterion."""
    query = _open().where(
        tables.finding.c.validation_id == validation_id, tables.finding.c.criterion_id == criterion_id
    )
    row = (await tx.execute(query)).mappings().one_or_none()
    return None if row is None else Finding.model_validate(dict(row))


async def lock_open(tx: Transaction, validation_id: UUID, finding_id: UUID) -> Finding:
    """Return an open finding of the validation and hold its row; raises FindingNotFound."""
    query = _open().where(tables.finding.c.validation_id == validation_id, tables.finding.c.id == finding_id)
    row = (await tx.execute(query.with_for_update())).mappings().one_or_none()
    if row is None:
        raise FindingNotFound
    return Finding.model_validate(dict(row))


async def set_finding(tx: Transaction, finding: Finding, **changes: object) -> None:
    """Change a finding that was read in this transaction; raises VersionConflict when it changed meanwhile."""
    done = await tx.execute(
        update(tables.finding)
        .where(tables.finding.c.id == finding.id, tables.finding.c.version == finding.version)
        .values(version=finding.version + 1, **changes)
    )
    if done.rowcount != 1:
        raise VersionConflict
