"""Rows of interruptions. Nothing here commits."""

from uuid import UUID

from sqlalchemy import Select, select, update

from evidence.ledger.inserting import insert_once
from evidence.ledger.transaction import Transaction
from sessions.tour import tables
from sessions.tour.interruption_rules import Interruption, InterruptionCause
from sessions.tour.records import Source
from sessions.tour.rules import SourceKind

_TABLE = tables.interruption


def _select() -> Select[tuple[object, ...]]:
    return select(*(_TABLE.c[name] for name in Interruption.model_fields))


async def _all(tx: Transaction, query: Select[tuple[object, ...]]) -> tuple[Interruption, ...]:
    rows = (await tx.execute(query.order_by(_TABLE.c.touched_at, _TABLE.c.id))).mappings()
    return tuple(Interruption.model_validate(dict(row)) for row in rows)


async def insert_interruption(tx: Transaction, row: Interruption) -> bool:
    """Insert an interruption; returns False when its id or claim is taken."""
    return await insert_once(tx, _TABLE, row.model_dump())


async def set_interruption(tx: Transaction, interruption_id: UUID, **changes: object) -> None:
    """Change an interruption."""
    await tx.execute(update(_TABLE).where(_TABLE.c.id == interruption_id).values(touched_at=tx.now, **changes))


async def claim_statement(tx: Transaction, interruption_id: UUID) -> bool:
    """Mark an interruption as stated; returns whether it was not yet."""
    unstated = update(_TABLE).where(_TABLE.c.id == interruption_id, _TABLE.c.stated_at.is_(None))
    return (await tx.execute(unstated.values(stated_at=tx.now))).rowcount == 1


async def lock_claimed(tx: Transaction, source_id: UUID, claim_id: UUID) -> Interruption | None:
    """Return the interruption of a source that a page claimed by this id, and hold its row."""
    query = _select().where(_TABLE.c.source_id == source_id, _TABLE.c.claim_id == claim_id).with_for_update()
    found = await _all(tx, query)
    return found[0] if found else None


async def has_other_claim_open(tx: Transaction, source_id: UUID, cause: InterruptionCause, *, claim_id: UUID) -> bool:
    """Return whether a page says of a source that an interruption goes on for this cause, by another id."""
    query = select(_TABLE.c.id).where(
        _TABLE.c.source_id == source_id,
        _TABLE.c.cause == cause.value,
        _TABLE.c.claim_id.is_not(None),
        _TABLE.c.claim_id != claim_id,
        _TABLE.c.page_until.is_(None),
        _TABLE.c.stated_at.is_(None),
    )
    return (await tx.execute(query.limit(1))).scalar_one_or_none() is not None


async def list_of_source(tx: Transaction, source_id: UUID) -> tuple[Interruption, ...]:
    """Return the interruptions of a source, stated or not, and hold their rows."""
    return await _all(tx, _select().where(_TABLE.c.source_id == source_id).with_for_update())


async def is_silent(tx: Transaction, source_id: UUID) -> bool:
    """Return whether nothing arrives of a source now."""
    silent = _TABLE.c.media_from.is_not(None) & _TABLE.c.media_until.is_(None) & _TABLE.c.stated_at.is_(None)
    return bool(await _all(tx, _select().where(_TABLE.c.source_id == source_id, silent)))


async def list_before(
    tx: Transaction, validation_session_id: UUID, participant_id: UUID, kind: SourceKind, *, later: Source
) -> tuple[Interruption, ...]:
    """Return what is not stated of a participant's sources of a kind, by the same token, before the one `later`."""
    source = tables.source
    of_kind = select(source.c.id).where(
        source.c.validation_session_id == validation_session_id,
        source.c.participant_id == participant_id,
        source.c.kind == kind.value,
        source.c.token_id.is_not_distinct_from(later.token_id),
        source.c.id != later.id,
    )
    return await _all(tx, _select().where(_TABLE.c.stated_at.is_(None), _TABLE.c.source_id.in_(of_kind)))


async def list_unstated(
    tx: Transaction, *, validation_session_id: UUID | None = None, participant_id: UUID | None = None
) -> tuple[Interruption, ...]:
    """Return what is not stated yet: everywhere, in a session, or of one participant in it."""
    query = _select().where(_TABLE.c.stated_at.is_(None))
    if validation_session_id is not None:
        query = query.where(_TABLE.c.validation_session_id == validation_session_id)
    if participant_id is not None:
        query = query.where(_TABLE.c.participant_id == participant_id)
    return await _all(tx, query)
