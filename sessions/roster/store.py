"""Rows of companies, sites, people, accounts and participants. Nothing here commits."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, Table, insert, select

from evidence.ledger.inserting import insert_once
from evidence.ledger.transaction import Transaction
from evidence.records import Record
from sessions.errors import AccountNotFound, MemberNotFound, ParticipantNotFound, PersonNotFound, SiteNotFound
from sessions.roster import tables
from sessions.roster.records import Account, Member, Participant, Person, Site
from sessions.roster.rules import OfficeRole

R = TypeVar("R", bound=Record)


def _select(table: Table, shape: type[Record]) -> Select[tuple[object, ...]]:
    return select(*(table.c[name] for name in shape.model_fields))


async def _all(tx: Transaction, shape: type[R], query: Select[tuple[object, ...]]) -> tuple[R, ...]:
    return tuple(shape.model_validate(dict(row)) for row in (await tx.execute(query)).mappings())


async def _one(tx: Transaction, shape: type[R], query: Select[tuple[object, ...]]) -> R | None:
    row = (await tx.execute(query)).mappings().one_or_none()
    return None if row is None else shape.model_validate(dict(row))


def _row(record: Record) -> dict[str, object]:
    return record.model_dump()


async def insert_member(tx: Transaction, member: Member) -> None:
    """Insert a member company."""
    types = [entity.value for entity in member.entity_types]
    row = {**_row(member), "entity_types": types, "created_at": tx.now}
    await tx.execute(insert(tables.member).values(row))


async def get_member(tx: Transaction, member_id: UUID) -> Member:
    """Return a member company; raises MemberNotFound."""
    found = await _one(tx, Member, _select(tables.member, Member).where(tables.member.c.id == member_id))
    if found is None:
        raise MemberNotFound
    return found


async def list_members(tx: Transaction) -> tuple[Member, ...]:
    """Return every member company by name."""
    return await _all(tx, Member, _select(tables.member, Member).order_by(tables.member.c.name, tables.member.c.id))


async def insert_site(tx: Transaction, site: Site) -> None:
    """Insert a site."""
    await tx.execute(insert(tables.site).values({**_row(site), "created_at": tx.now}))


async def get_site(tx: Transaction, site_id: UUID) -> Site:
    """Return a site; raises SiteNotFound."""
    found = await _one(tx, Site, _select(tables.site, Site).where(tables.site.c.id == site_id))
    if found is None:
        raise SiteNotFound
    return found


async def list_sites(tx: Transaction, member_id: UUID) -> tuple[Site, ...]:
    """Return a member's sites by name."""
    query = _select(tables.site, Site).where(tables.site.c.member_id == member_id)
    return await _all(tx, Site, query.order_by(tables.site.c.name, tables.site.c.id))


async def insert_person(tx: Transaction, person: Person) -> None:
    """Insert a contact person."""
    await tx.execute(insert(tables.person).values({**_row(person), "created_at": tx.now}))


async def get_person(tx: Transaction, person_id: UUID) -> Person:
    """Return a contact person; raises PersonNotFound."""
    found = await _one(tx, Person, _select(tables.person, Person).where(tables.person.c.id == person_id))
    if found is None:
        raise PersonNotFound
    return found


async def list_people(tx: Transaction, member_id: UUID) -> tuple[Person, ...]:
    """Return a member's contact people by name."""
    query = _select(tables.person, Person).where(tables.person.c.member_id == member_id)
    return await _all(tx, Person, query.order_by(tables.person.c.name, tables.person.c.id))


async def insert_account(tx: Transaction, account: Account) -> bool:
    """Insert an account; returns False when its address is taken."""
    return await insert_once(tx, tables.account, {**_row(account), "created_at": tx.now})


async def get_account(tx: Transaction, account_id: UUID) -> Account:
    """Return an account; raises AccountNotFound."""
    found = await _one(tx, Account, _select(tables.account, Account).where(tables.account.c.id == account_id))
    if found is None:
        raise AccountNotFound
    return found


async def find_account_by_email(tx: Transaction, email: str) -> Account | None:
    """Return the account that signs in with this address, which is stored in lower case."""
    query = _select(tables.account, Account).where(tables.account.c.email == email.lower())
    return await _one(tx, Account, query)


async def list_accounts(tx: Transaction, office_role: OfficeRole | None = None) -> tuple[Account, ...]:
    """Return accounts by name, all or those of one office."""
    query = _select(tables.account, Account).order_by(tables.account.c.name, tables.account.c.id)
    if office_role is not None:
        query = query.where(tables.account.c.office_role == office_role.value)
    return await _all(tx, Account, query)


async def insert_participant(tx: Transaction, participant: Participant) -> bool:
    """Insert a participant; returns False when the account or person takes part already."""
    return await insert_once(tx, tables.participant, _row(participant))


async def get_participant(tx: Transaction, validation_id: UUID, participant_id: UUID) -> Participant:
    """Return a participant of the validation; raises ParticipantNotFound."""
    query = _select(tables.participant, Participant).where(
        tables.participant.c.validation_id == validation_id, tables.participant.c.id == participant_id
    )
    found = await _one(tx, Participant, query)
    if found is None:
        raise ParticipantNotFound
    return found


async def list_participants(tx: Transaction, validation_id: UUID) -> tuple[Participant, ...]:
    """Return the roster of a validation in the order people were added."""
    query = _select(tables.participant, Participant).where(tables.participant.c.validation_id == validation_id)
    return await _all(tx, Participant, query.order_by(tables.participant.c.added_at, tables.participant.c.id))
