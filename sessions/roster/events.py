"""Facts about who takes part."""

from evidence.ledger.events import EntryClass, Event
from evidence.records import Name
from sessions.ids import AccountId, InvitationId, MemberId, ParticipantId, PersonId, SiteId, ValidationSessionId
from sessions.roster.records import EmailAddress, Language
from sessions.roster.rules import OfficeRole, Role, Side


class ParticipantAdded(Event):
    """A person is on the roster of the validation."""

    TAG = "roster.participant_added"

    participant_id: ParticipantId
    account_id: AccountId | None
    person_id: PersonId | None
    name: Name
    role: Role
    side: Side
    language: Language


class LinkOpened(Event):
    """A participant opened their join link; it now belongs to that browser."""

    TAG = "roster.link_opened"

    participant_id: ParticipantId
    invitation_id: InvitationId
    validation_session_id: ValidationSessionId
    first: bool


class MemberCreated(Event):
    """A member company is known to this deployment (deployment log)."""

    TAG = "roster.member_created"
    ENTRY_CLASS = EntryClass.GOVERNMENT

    member_id: MemberId
    name: Name


class SiteAdded(Event):
    """A site of a member is known to this deployment (deployment log)."""

    TAG = "roster.site_added"
    ENTRY_CLASS = EntryClass.GOVERNMENT

    member_id: MemberId
    site_id: SiteId
    name: Name
    time_zone: str


class PersonAdded(Event):
    """A contact person of a member is known to this deployment (deployment log)."""

    TAG = "roster.person_added"
    ENTRY_CLASS = EntryClass.GOVERNMENT

    member_id: MemberId
    person_id: PersonId
    name: Name


class AccountAdded(Event):
    """An account exists (deployment log)."""

    TAG = "roster.account_added"
    ENTRY_CLASS = EntryClass.GOVERNMENT

    account_id: AccountId
    email: EmailAddress
    name: Name
    office_role: OfficeRole
    member_id: MemberId | None
