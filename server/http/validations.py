"""The worklist, the list of validations, and one validation with its roster and sessions."""

from evidence.records import Name, Record
from server.auth.accounts import account_of
from server.auth.visits import access_of
from server.http.paths import ValidationPath
from server.http.routing import Call, Operation, Who
from sessions.criteria.editions import CURRENT_EDITION
from sessions.ids import AccountId, EditionId, MemberId, ParticipantId, PersonId, SiteId
from sessions.overview import store as overview
from sessions.overview.records import SessionLine, ValidationLine, Worklist
from sessions.overview.rules import worklist
from sessions.roster import store as roster
from sessions.roster.records import Account, EmailAddress, Language, Participant
from sessions.roster.rules import OfficeRole, Permission, Role, Side
from sessions.schedule import actions
from sessions.schedule.records import Validation
from sessions.schedule.rules import ValidationMethod


class NewValidation(Record):
    """A validation to be; its lead is the one who opens it, unless another specialist is named."""

    member_id: MemberId
    site_id: SiteId
    method: ValidationMethod
    lead_account_id: AccountId | None = None
    edition_id: EditionId = CURRENT_EDITION


class ValidationList(Record):
    """Validations, the latest first."""

    items: tuple[ValidationLine, ...]


class RosterLine(Record):
    """A person on the roster. The address is null for whoever does not invite people."""

    id: ParticipantId
    account_id: AccountId | None
    person_id: PersonId | None
    name: Name
    role: Role
    side: Side
    language: Language
    email: EmailAddress | None


class ValidationOverview(ValidationLine):
    """One validation with everybody on its roster and its sessions in the order of their start."""

    participants: tuple[RosterLine, ...]
    sessions: tuple[SessionLine, ...]


async def get_worklist(call: Call) -> Worklist:
    """Return what needs the person today, what comes, and what waits."""
    async with call.services.database.read() as tx:
        account = await account_of(tx, call.principal)
        lines = await overview.list_lines(tx, account.id, every=_sees_every(account))
        sessions = await overview.list_session_lines(tx, lines)
        return worklist(lines, sessions, now=tx.now)


async def list_validations(call: Call) -> ValidationList:
    """List the validations the person takes part in; a supervisor sees every one."""
    async with call.services.database.read() as tx:
        account = await account_of(tx, call.principal)
        return ValidationList(items=await overview.list_lines(tx, account.id, every=_sees_every(account)))


def _sees_every(account: Account) -> bool:
    return account.office_role is OfficeRole.SUPERVISOR


async def open_validation(call: Call, *, body: NewValidation) -> Validation:
    """Open a validation with its ledger and its lead."""
    async with call.services.database.write() as tx:
        by = await account_of(tx, call.principal)
        lead = body.lead_account_id or by.id
        validation, _ = await actions.open_validation(tx, by, **dict(body) | {"lead_account_id": lead})
        return validation


async def get_validation(call: Call, *, path: ValidationPath) -> ValidationOverview:
    """Return one validation with its roster and sessions."""
    async with call.services.database.read() as tx:
        access = await access_of(tx, call.principal, path.validation_id)
        line = await overview.get_line(tx, access)
        sessions = await overview.list_session_lines(tx, (line,))
        people = await roster.list_participants(tx, line.id)
    with_address = access.may(Permission.SCHEDULE)
    participants = tuple(_roster_line(person, with_address=with_address) for person in people)
    return ValidationOverview(**dict(line), participants=participants, sessions=sessions)


def _roster_line(person: Participant, *, with_address: bool) -> RosterLine:
    shown = person.model_dump(include=set(RosterLine.model_fields))
    return RosterLine.model_validate(shown if with_address else shown | {"email": None})


OPERATIONS = (
    Operation("GET", "/api/worklist", get_worklist, "What needs me today, and what waits", Who.ACCOUNT),
    Operation("GET", "/api/validations", list_validations, "Validations, the latest first", Who.ACCOUNT),
    Operation("POST", "/api/validations", open_validation, "Open a validation", Who.GOVERNMENT, 201),
    Operation("GET", "/api/validations/{validation_id}", get_validation, "One validation with its sessions"),
)
