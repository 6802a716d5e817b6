"""Rows of validations, sessions and invitations. Nothing here commits."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, Table, insert, select, update

from evidence.ledger.inserting import insert_once
from evidence.ledger.transaction import Transaction
from evidence.records import Record
from sessions.errors import InvitationNotFound, ValidationNotFound, VersionConflict
from sessions.ids import ValidationId
from sessions.roster.tables import participant
from sessions.schedule import tables
from sessions.schedule.records import Invitation, Validation, ValidationSession
from sessions.schedule.rules import Phase, SessionState


def _select(table: Table, shape: type[Record]) -> Select[tuple[object, ...]]:
    return select(*(table.c[name] for name in shape.model_fields))


async def take_number(tx: Transaction, year: int) -> int:
    """Return the next number of the year, from 1; concurrent takers wait for each other and none is given twice."""
    numbers = tables.validation_number
    await insert_once(tx, numbers, {"year": year, "last": 0})
    await tx.execute(update(numbers).where(numbers.c.year == year).values(last=numbers.c.last + 1))
    taken = (await tx.execute(select(numbers.c.last).where(numbers.c.year == year))).mappings().one()
    return int(taken["last"])


async def insert_validation(tx: Transaction, validation: Validation) -> None:
    """Insert a validation."""
    types = [entity.value for entity in validation.entity_types]
    await tx.execute(insert(tables.validation).values({**validation.model_dump(), "entity_types": types}))


async def get_validation(tx: Transaction, validation_id: UUID) -> Validation:
    """Return a validation; raises ValidationNotFound."""
    query = _select(tables.validation, Validation).where(tables.validation.c.id == validation_id)
    return await _validation(tx, query)


async def find_validation(tx: Transaction, number: str) -> ValidationId | None:
    """Return the validation of this number; None when there is none."""
    validation = tables.validation
    row = (await tx.execute(select(validation.c.id).where(validation.c.number == number))).mappings().one_or_none()
    return None if row is None else ValidationId(row["id"])


async def hold_validation(tx: Transaction, validation_id: UUID) -> Validation:
    """Return a validation whose phase stays as it is until commit; many may hold it. Raises ValidationNotFound."""
    query = _select(tables.validation, Validation).where(tables.validation.c.id == validation_id)
    return await _validation(tx, query.with_for_update(read=True))


async def lock_validation(tx: Transaction, validation_id: UUID) -> Validation:
    """Return a validation and hold its row against a concurrent change of its phase; raises ValidationNotFound."""
    query = _select(tables.validation, Validation).where(tables.validation.c.id == validation_id)
    return await _validation(tx, query.with_for_update())


async def _validation(tx: Transaction, query: Select[tuple[object, ...]]) -> Validation:
    row = (await tx.execute(query)).mappings().one_or_none()
    if row is None:
        raise ValidationNotFound
    return Validation.model_validate(dict(row))


async def list_validations(tx: Transaction, *, account_id: UUID | None) -> tuple[Validation, ...]:
    """Return validations, newest first: those with the account on their roster, or all for None."""
    query = _select(tables.validation, Validation).order_by(
        tables.validation.c.opened_at.desc(), tables.validation.c.id.desc()
    )
    if account_id is not None:
        theirs = select(participant.c.validation_id).where(participant.c.account_id == account_id)
        query = query.where(tables.validation.c.id.in_(theirs))
    return tuple(Validation.model_validate(dict(row)) for row in (await tx.execute(query)).mappings())


async def set_closed(tx: Transaction, validation_id: UUID) -> None:
    """Close a validation."""
    closed = update(tables.validation).where(tables.validation.c.id == validation_id)
    await tx.execute(closed.values(phase=Phase.CLOSED.value, closed_at=tx.now))


async def insert_session(tx: Transaction, session: ValidationSession) -> None:
    """Insert a planned session."""
    await tx.execute(insert(tables.validation_session).values(session.model_dump()))


async def get_session(tx: Transaction, validation_id: UUID, validation_session_id: UUID) -> ValidationSession:
    """Return a session of the validation; raises ValidationNotFound, so that a stranger learns nothing."""
    return await _session(tx, _sessions(validation_id, validation_session_id))


async def lock_session(tx: Transaction, validation_id: UUID, validation_session_id: UUID) -> ValidationSession:
    """Return a session and hold its row against a concurrent change of its state; raises ValidationNotFound.

    The order in which every transaction takes what it holds: validations, each for reading at least, then sessions,
    then what is of a session. Rows that point to both are inserted under them, so neither may come later.
    """
    await hold_validation(tx, validation_id)
    return await _session(tx, _sessions(validation_id, validation_session_id).with_for_update())


async def lock_sessions(tx: Transaction, session_ids: Collection[UUID]) -> None:
    """Hold sessions of any validations as `lock_session` does, in the order of their ids; unknown ones are no error."""
    validation, session = tables.validation, tables.validation_session
    cases = select(session.c.validation_id).where(session.c.id.in_(session_ids))
    held = select(validation.c.id).where(validation.c.id.in_(cases)).order_by(validation.c.id)
    await tx.execute(held.with_for_update(read=True))
    await tx.execute(select(session.c.id).where(session.c.id.in_(session_ids)).order_by(session.c.id).with_for_update())


def _sessions(validation_id: UUID, validation_session_id: UUID) -> Select[tuple[object, ...]]:
    sessions = tables.validation_session
    return _select(sessions, ValidationSession).where(
        sessions.c.id == validation_session_id, sessions.c.validation_id == validation_id
    )


async def _session(tx: Transaction, query: Select[tuple[object, ...]]) -> ValidationSession:
    row = (await tx.execute(query)).mappings().one_or_none()
    if row is None:
        raise ValidationNotFound
    return ValidationSession.model_validate(dict(row))


async def validation_of_session(tx: Transaction, validation_session_id: UUID) -> ValidationId:
    """Return the validation that a session belongs to; it proves nothing about who asks. Raises ValidationNotFound."""
    sessions = tables.validation_session
    query = select(sessions.c.validation_id).where(sessions.c.id == validation_session_id)
    row = (await tx.execute(query)).mappings().one_or_none()
    if row is None:
        raise ValidationNotFound
    return ValidationId(row["validation_id"])


async def list_sessions(tx: Transaction, validation_ids: tuple[UUID, ...]) -> tuple[ValidationSession, ...]:
    """Return the sessions of these validations in the order of their start."""
    sessions = tables.validation_session
    query = _select(sessions, ValidationSession).where(sessions.c.validation_id.in_(validation_ids))
    rows = (await tx.execute(query.order_by(sessions.c.starts_at, sessions.c.id))).mappings()
    return tuple(ValidationSession.model_validate(dict(row)) for row in rows)


async def has_live_session(tx: Transaction, validation_id: UUID) -> bool:
    """Say whether a session of the validation is live."""
    sessions = tables.validation_session
    query = select(sessions.c.id).where(
        sessions.c.validation_id == validation_id, sessions.c.state == SessionState.LIVE.value
    )
    return (await tx.execute(query.limit(1))).first() is not None


async def set_session(tx: Transaction, session: ValidationSession, **changes: object) -> None:
    """Change a session that was read in this transaction; raises VersionConflict when it changed meanwhile."""
    sessions = tables.validation_session
    done = await tx.execute(
        update(sessions)
        .where(sessions.c.id == session.id, sessions.c.version == session.version)
        .values(version=session.version + 1, **changes)
    )
    if done.rowcount != 1:
        raise VersionConflict


async def insert_invitation(tx: Transaction, invitation: Invitation) -> None:
    """Insert an invitation."""
    await tx.execute(insert(tables.invitation).values(invitation.model_dump()))


async def get_invitation(tx: Transaction, invitation_id: UUID) -> Invitation:
    """Return an invitation; raises InvitationNotFound."""
    return await _invitation(tx, _select(tables.invitation, Invitation).where(tables.invitation.c.id == invitation_id))


async def lock_invitation(tx: Transaction, invitation_id: UUID) -> Invitation:
    """Return an invitation and hold its row, so that one of two browsers opens it first; raises InvitationNotFound."""
    query = _select(tables.invitation, Invitation).where(tables.invitation.c.id == invitation_id)
    return await _invitation(tx, query.with_for_update())


async def _invitation(tx: Transaction, query: Select[tuple[object, ...]]) -> Invitation:
    row = (await tx.execute(query)).mappings().one_or_none()
    if row is None:
        raise InvitationNotFound
    return Invitation.model_validate(dict(row))


async def list_invitations(tx: Transaction, validation_session_id: UUID) -> tuple[Invitation, ...]:
    """Return the invitations to a session in the order they were sent."""
    invitations = tables.invitation
    query = _select(invitations, Invitation).where(invitations.c.validation_session_id == validation_session_id)
    rows = (await tx.execute(query.order_by(invitations.c.sent_at, invitations.c.id))).mappings()
    return tuple(Invitation.model_validate(dict(row)) for row in rows)


async def set_invitation(tx: Transaction, invitation_id: UUID, **changes: object) -> None:
    """Change an invitation."""
    await tx.execute(update(tables.invitation).where(tables.invitation.c.id == invitation_id).values(**changes))
