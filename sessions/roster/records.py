"""Companies, sites, people, accounts and participants as values."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from evidence.ledger.events import Actor
from evidence.records import Instant, Name, Record
from sessions.criteria.rules import EntityType
from sessions.ids import AccountId, MemberId, ParticipantId, PersonId, SiteId, ValidationId
from sessions.roster.rules import OfficeRole, Role, Side

# `\s` is not the same characters everywhere, so those that differ are spelled out: U+0085 and U+FEFF.
_PART = r"[^@\s\x00-\x1f\x7f-\x9f\ufeff]"
EmailAddress = Annotated[
    str,
    StringConstraints(max_length=254, to_lower=True, pattern=rf"^{_PART}{{1,64}}@{_PART}{{1,189}}$"),
]
"""An address with one @ and no white space, in lower case; whether it exists only a mail can tell."""
Language = Literal["en", "es"]
"""The languages of the interface."""
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""
Address = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""A postal address on one line."""
TimeZoneName = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$")]
"""An IANA name such as `America/Monterrey`."""


class Member(Record):
    """A member company."""

    id: MemberId
    name: Name
    entity_types: tuple[EntityType, ...] = Field(min_length=1)
    account_number: str = Field(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")


class Site(Record):
    """A facility of a member, with the zone its clocks show."""

    id: SiteId
    member_id: MemberId
    name: Name
    address: Address
    country: CountryCode
    time_zone: TimeZoneName
    latitude_deg: float | None = Field(default=None, ge=-90, le=90)
    longitude_deg: float | None = Field(default=None, ge=-180, le=180)


class Person(Record):
    """A contact of a member who has no account and joins by link."""

    id: PersonId
    member_id: MemberId
    name: Name
    title: str = Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
    email: EmailAddress
    language: Language


class Account(Record):
    """A person's login; it belongs to the government office or to one member."""

    id: AccountId
    email: EmailAddress
    name: Name
    office_role: OfficeRole
    side: Side
    member_id: MemberId | None
    language: Language

    @property
    def actor(self) -> Actor:
        """The person as the ledger names them outside any validation."""
        kind: Literal["account", "system"] = "system" if self == INSTALLATION else "account"
        return Actor(kind=kind, id=str(self.id), name=self.name, role=self.office_role.value)


INSTALLATION: Final = Account(
    id=AccountId(UUID(int=0)),
    email="installation@localhost",
    name="Installation",
    office_role=OfficeRole.OPERATOR,
    side=Side.GOVERNMENT,
    member_id=None,
    language="en",
)
"""Who adds the first account: the command line of the installation. It is in no table and cannot sign in."""


class Participant(Record):
    """A person in one validation: an account, or a contact person who comes by link."""

    id: ParticipantId
    validation_id: ValidationId
    account_id: AccountId | None
    person_id: PersonId | None
    name: Name
    role: Role
    side: Side
    email: EmailAddress
    language: Language
    added_at: Instant
