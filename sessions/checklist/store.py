"""Rows of answers, links and requests. Nothing here commits."""

from uuid import UUID

from sqlalchemy import Select, Table, and_, func, select, update

from evidence.ledger.inserting import insert_once
from evidence.ledger.transaction import Transaction
from evidence.records import Record
from sessions.checklist import tables
from sessions.checklist.records import Answer, Request
from sessions.errors import VersionConflict
from sessions.ids import AccountId


def _select(table: Table, shape: type[Record]) -> Select[tuple[object, ...]]:
    return select(*(table.c[name] for name in shape.model_fields))


async def insert_answer(tx: Transaction, answer: Answer) -> bool:
    """Insert a version of an answer; returns False when that version is there already."""
    row = {**answer.model_dump(), "item_ids": [str(item_id) for item_id in answer.item_ids]}
    return await insert_once(tx, tables.answer, row)


async def find_answer(tx: Transaction, validation_id: UUID, criterion_id: str) -> Answer | None:
    """Return the last version of an answer; None when the criterion has none."""
    query = _select(tables.answer, Answer).where(
        tables.answer.c.validation_id == validation_id, tables.answer.c.criterion_id == criterion_id
    )
    row = (await tx.execute(query.order_by(tables.answer.c.version.desc()).limit(1))).mappings().one_or_none()
    return None if row is None else Answer.model_validate(dict(row))


async def list_answers(tx: Transaction, validation_id: UUID) -> tuple[Answer, ...]:
    """Return the last version of every answer of a validation."""
    answer = tables.answer
    last = (
        select(answer.c.criterion_id, func.max(answer.c.version).label("version"))
        .where(answer.c.validation_id == validation_id)
        .group_by(answer.c.criterion_id)
        .subquery()
    )
    query = (
        _select(answer, Answer)
        .join(last, and_(last.c.criterion_id == answer.c.criterion_id, last.c.version == answer.c.version))
        .where(answer.c.validation_id == validation_id)
    )
    return tuple(Answer.model_validate(dict(row)) for row in (await tx.execute(query)).mappings())


async def list_who_answered(tx: Transaction, validation_id: UUID) -> frozenset[AccountId | None]:
    """Return the accounts that recorded any version of any answer."""
    query = select(tables.answer.c.account_id).where(tables.answer.c.validation_id == validation_id).distinct()
    return frozenset(row["account_id"] for row in (await tx.execute(query)).mappings())


async def insert_link(tx: Transaction, *, validation_id: UUID, item_id: UUID, criterion_id: str) -> bool:
    """Tie an item to a criterion; returns False when it is already."""
    row: dict[str, object] = {
        "item_id": item_id,
        "criterion_id": criterion_id,
        "validation_id": validation_id,
        "linked_at": tx.now,
    }
    return await insert_once(tx, tables.item_link, row)


async def list_links(tx: Transaction, validation_id: UUID) -> dict[UUID, tuple[str, ...]]:
    """Return the criteria tied to each item after it was admitted, in the order they were tied."""
    link = tables.item_link
    query = select(link.c.item_id, link.c.criterion_id).where(link.c.validation_id == validation_id)
    found: dict[UUID, tuple[str, ...]] = {}
    for row in (await tx.execute(query.order_by(link.c.linked_at, link.c.criterion_id))).mappings():
        found[row["item_id"]] = (*found.get(row["item_id"], ()), row["criterion_id"])
    return found


async def insert_request(tx: Transaction, request: Request) -> None:
    """Insert an open request; raises VersionConflict when its id is taken."""
    if not await insert_once(tx, tables.request, request.model_dump()):
        raise VersionConflict


async def set_request_closed(tx: Transaction, validation_id: UUID, request_id: UUID) -> bool:
    """Close a request of the validation; returns whether there was such an open one."""
    request = tables.request
    done = await tx.execute(
        update(request)
        .where(request.c.id == request_id, request.c.validation_id == validation_id, request.c.closed_at.is_(None))
        .values(closed_at=tx.now)
    )
    return done.rowcount == 1
