"""What is done to companies, sites, people and accounts. Each is one line of the deployment log."""

from collections.abc import Sequence

from evidence.ids import DEPLOYMENT_LOG, uuid7
from evidence.ledger.actions import open_log
from evidence.ledger.events import Event, LogKind
from evidence.ledger.transaction import Transaction
from sessions.criteria.rules import EntityType
from sessions.errors import EmailTaken, NotAllowed, RoleNotFitting
from sessions.ids import AccountId, MemberId, PersonId, SiteId
from sessions.roster import events, store
from sessions.roster.records import Account, Language, Member, Person, Site
from sessions.roster.rules import OfficePermission, OfficeRole, office_may, side_of
from sessions.zones import zone_named


def require_office(account: Account, permission: OfficePermission) -> None:
    """Refuse whose office may not; raises NotAllowed."""
    if not office_may(account.office_role, permission):
        raise NotAllowed(permission=permission.value, role=account.office_role.value)


async def record_in_deployment(tx: Transaction, by: Account, event: Event) -> None:
    """Add the entry that states `event` to the deployment log, as done by the account."""
    await open_log(tx, DEPLOYMENT_LOG, LogKind.DEPLOYMENT)
    tx.record(DEPLOYMENT_LOG, event, by.actor)


async def create_member(
    tx: Transaction, by: Account, *, name: str, entity_types: Sequence[EntityType], account_number: str = ""
) -> Member:
    """Make a member company known; raises NotAllowed."""
    require_office(by, OfficePermission.EDIT_MEMBERS)
    member = Member(
        id=MemberId(uuid7()),
        name=name,
        entity_types=tuple(dict.fromkeys(entity_types)),
        account_number=account_number,
    )
    await store.insert_member(tx, member)
    await record_in_deployment(tx, by, events.MemberCreated(member_id=member.id, name=member.name))
    return member


async def add_site(
    tx: Transaction,
    by: Account,
    member_id: MemberId,
    *,
    name: str,
    address: str,
    country: str,
    time_zone: str,
    latitude_deg: float | None = None,
    longitude_deg: float | None = None,
) -> Site:
    """Add a site to a member.

    Raises: NotAllowed; MemberNotFound; UnknownTimeZone.
    """
    require_office(by, OfficePermission.EDIT_MEMBERS)
    await store.get_member(tx, member_id)
    zone_named(time_zone)
    site = Site(
        id=SiteId(uuid7()),
        member_id=member_id,
        name=name,
        address=address,
        country=country,
        time_zone=time_zone,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
    )
    await store.insert_site(tx, site)
    event = events.SiteAdded(member_id=site.member_id, site_id=site.id, name=site.name, time_zone=site.time_zone)
    await record_in_deployment(tx, by, event)
    return site


async def add_person(
    tx: Transaction, by: Account, member_id: MemberId, *, name: str, title: str, email: str, language: Language
) -> Person:
    """Add a contact person to a member; raises NotAllowed and MemberNotFound."""
    require_office(by, OfficePermission.EDIT_MEMBERS)
    await store.get_member(tx, member_id)
    person = Person(id=PersonId(uuid7()), member_id=member_id, name=name, title=title, email=email, language=language)
    await store.insert_person(tx, person)
    event = events.PersonAdded(member_id=person.member_id, person_id=person.id, name=person.name)
    await record_in_deployment(tx, by, event)
    return person


async def add_account(
    tx: Transaction,
    by: Account,
    *,
    email: str,
    name: str,
    office_role: OfficeRole,
    member_id: MemberId | None = None,
    language: Language = "en",
) -> Account:
    """Add an account; how it signs in is the server's concern.

    Args: member_id: the company of a member's account, and of no other.
    Raises: NotAllowed; RoleNotFitting when office and company do not go together; MemberNotFound; EmailTaken.
    """
    require_office(by, OfficePermission.ADD_ACCOUNT)
    side = side_of(office_role)
    if (office_role is OfficeRole.MEMBER) != (member_id is not None):
        raise RoleNotFitting(role=office_role.value, side=side.value)
    if member_id is not None:
        await store.get_member(tx, member_id)
    account = Account(
        id=AccountId(uuid7()),
        email=email,
        name=name,
        office_role=office_role,
        side=side,
        member_id=member_id,
        language=language,
    )
    if not await store.insert_account(tx, account):
        raise EmailTaken(email=account.email)
    event = events.AccountAdded(
        account_id=account.id, email=account.email, name=name, office_role=office_role, member_id=member_id
    )
    await record_in_deployment(tx, by, event)
    return account
