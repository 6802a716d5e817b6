"""Member companies with their sites and contact people."""

from pydantic import Field

from evidence.records import Name, Record
from server.auth.accounts import account_of
from server.http.routing import Call, Operation, Who
from sessions.criteria.rules import EntityType
from sessions.errors import MemberNotFound
from sessions.ids import MemberId
from sessions.roster import actions, store
from sessions.roster.records import (
    Account,
    Address,
    CountryCode,
    EmailAddress,
    Language,
    Member,
    Person,
    Site,
    TimeZoneName,
)
from sessions.roster.rules import OfficePermission, office_may


class MemberPath(Record):
    """One member."""

    member_id: MemberId


class MemberList(Record):
    """Members by name."""

    items: tuple[Member, ...]


class MemberDetail(Member):
    """A member with its sites and contact people, each by name."""

    sites: tuple[Site, ...]
    people: tuple[Person, ...]


class NewMember(Record):
    """A member company to be."""

    name: Name
    entity_types: tuple[EntityType, ...] = Field(min_length=1, max_length=12)
    account_number: str = Field(default="", max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")


class NewSite(Record):
    """A site to be; its time zone is what schedules and pages show."""

    name: Name
    address: Address
    country: CountryCode
    time_zone: TimeZoneName
    latitude_deg: float | None = Field(default=None, strict=True, ge=-90, le=90)
    longitude_deg: float | None = Field(default=None, strict=True, ge=-180, le=180)


class NewPerson(Record):
    """A contact person to be; invitations go to this address in this language."""

    name: Name
    title: str = Field(default="", max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
    email: EmailAddress
    language: Language


async def list_members(call: Call) -> MemberList:
    """List every member; a member's own account sees its company alone."""
    async with call.services.database.read() as tx:
        account = await account_of(tx, call.principal)
        if account.member_id is not None:
            return MemberList(items=(await store.get_member(tx, account.member_id),))
        actions.require_office(account, OfficePermission.READ_MEMBERS)
        return MemberList(items=await store.list_members(tx))


async def get_member(call: Call, *, path: MemberPath) -> MemberDetail:
    """Return a member with its sites and people."""
    async with call.services.database.read() as tx:
        if not _may_read(await account_of(tx, call.principal), path.member_id):
            raise MemberNotFound
        member = await store.get_member(tx, path.member_id)
        sites = await store.list_sites(tx, member.id)
        people = await store.list_people(tx, member.id)
    return MemberDetail(**dict(member), sites=sites, people=people)


def _may_read(account: Account, member_id: MemberId) -> bool:
    return account.member_id == member_id or office_may(account.office_role, OfficePermission.READ_MEMBERS)


async def create_member(call: Call, *, body: NewMember) -> Member:
    """Make a member company known."""
    async with call.services.database.write() as tx:
        return await actions.create_member(tx, await account_of(tx, call.principal), **dict(body))


async def add_site(call: Call, *, path: MemberPath, body: NewSite) -> Site:
    """Add a site to a member."""
    async with call.services.database.write() as tx:
        return await actions.add_site(tx, await account_of(tx, call.principal), path.member_id, **dict(body))


async def add_person(call: Call, *, path: MemberPath, body: NewPerson) -> Person:
    """Add a contact person to a member."""
    async with call.services.database.write() as tx:
        return await actions.add_person(tx, await account_of(tx, call.principal), path.member_id, **dict(body))


OPERATIONS = (
    Operation("GET", "/api/members", list_members, "Members by name", Who.ACCOUNT),
    Operation("POST", "/api/members", create_member, "Make a member known", Who.GOVERNMENT, 201),
    Operation("GET", "/api/members/{member_id}", get_member, "A member with sites and people", Who.ACCOUNT),
    Operation("POST", "/api/members/{member_id}/sites", add_site, "Add a site", Who.GOVERNMENT, 201),
    Operation("POST", "/api/members/{member_id}/people", add_person, "Add a contact person", Who.GOVERNMENT, 201),
)
