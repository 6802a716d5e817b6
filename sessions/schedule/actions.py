"""Opening and closing a validation, its sessions and who is on its roster."""

from datetime import datetime
from uuid import UUID

from evidence.ids import case_log, uuid7
from evidence.ledger.actions import open_log
from evidence.ledger.events import LogKind
from evidence.ledger.transaction import Transaction
from sessions.criteria.editions import CURRENT_EDITION
from sessions.errors import AlreadyParticipant, RoleNotFitting, SiteOfAnotherMember, WrongPhase
from sessions.ids import AccountId, EditionId, MemberId, ParticipantId, SiteId, ValidationId, ValidationSessionId
from sessions.roster import store as roster
from sessions.roster.access import Access, record, require
from sessions.roster.actions import require_office
from sessions.roster.events import ParticipantAdded
from sessions.roster.records import Account, Participant, Site
from sessions.roster.rules import OfficePermission, Permission, Role, Side, fits, of_the_company, side_of
from sessions.schedule import events, rules, store
from sessions.schedule.records import DurationMin, Validation, ValidationSession
from sessions.schedule.rules import Phase, Reading, SessionState, Step, ValidationMethod


async def open_validation(
    tx: Transaction,
    by: Account,
    *,
    member_id: MemberId,
    site_id: SiteId,
    method: ValidationMethod,
    lead_account_id: AccountId,
    edition_id: EditionId = CURRENT_EDITION,
) -> tuple[Validation, Access]:
    """Open the case, its ledger and its roster, which begins with the lead.

    Returns: the validation and the lead's access to it.
    Raises: NotAllowed; MemberNotFound; SiteNotFound; SiteOfAnotherMember; AccountNotFound; RoleNotFitting when the lead
        is no specialist.
    """
    require_office(by, OfficePermission.OPEN_VALIDATION)
    member = await roster.get_member(tx, member_id)
    site = await _site_of(tx, member_id, site_id)
    lead = await roster.get_account(tx, lead_account_id)
    year = rules.local_day(tx.now, site.time_zone).year
    validation = Validation(
        id=ValidationId(uuid7()),
        number=rules.number_label(year, await store.take_number(tx, year)),
        member_id=member_id,
        site_id=site_id,
        entity_types=member.entity_types,
        method=method,
        edition_id=edition_id,
        criteria_as_of=rules.local_day(tx.now, site.time_zone),
        phase=Phase.OPEN,
        opened_at=tx.now,
        closed_at=None,
    )
    await store.insert_validation(tx, validation)
    await open_log(tx, case_log(validation.id), LogKind.CASE, validation.id)
    opened = events.ValidationOpened(
        validation_id=validation.id,
        member_name=member.name,
        site_name=site.name,
        time_zone=site.time_zone,
        **{name: getattr(validation, name) for name in _OPENED_WITH},
    )
    tx.record(case_log(validation.id), opened, by.actor)
    participant = await _put_on_roster(tx, validation, _from_account(validation.id, lead, Role.SCSS_LEAD, tx.now))
    tx.record(case_log(validation.id), _added(participant), by.actor)
    access = Access(
        validation_id=validation.id,
        participant_id=participant.id,
        account_id=lead.id,
        name=lead.name,
        role=Role.SCSS_LEAD,
        side=Side.GOVERNMENT,
    )
    return validation, access


_OPENED_WITH = ("number", "member_id", "entity_types", "method", "edition_id", "criteria_as_of", "site_id")


async def _site_of(tx: Transaction, member_id: UUID, site_id: UUID) -> Site:
    site = await roster.get_site(tx, site_id)
    if site.member_id != member_id:
        raise SiteOfAnotherMember(site_id=str(site_id))
    return site


async def close_validation(tx: Transaction, access: Access, *, note: str) -> tuple[ValidationSession, ...]:
    """Close the case without a review, and call off the sessions still to come.

    Returns: the sessions that were called off, so that the invited can be told.
    Raises: NotAllowed; WrongPhase when it is closed or one of its sessions is live.
    """
    require(access, Permission.CLOSE)
    await open_case(tx, access)
    planned = tuple(
        session
        for session in await store.list_sessions(tx, (access.validation_id,))
        if session.state is SessionState.PLANNED
    )
    for session in planned:
        await _call_off(tx, access, session, reason=note)
    await settle(tx, access, events.ValidationClosed(reason="closed_by_lead", note=note))
    return planned


async def settle(tx: Transaction, access: Access, closed: events.ValidationClosed) -> None:
    """Close an open case that no session of is live, for whatever reason; raises WrongPhase."""
    validation = await store.lock_validation(tx, access.validation_id)
    rules.check_open(validation.phase)
    if await store.has_live_session(tx, access.validation_id):
        raise WrongPhase(expected=SessionState.ENDED.value, actual=SessionState.LIVE.value)
    await store.set_closed(tx, access.validation_id)
    record(tx, access, closed)


async def open_case(tx: Transaction, access: Access) -> Validation:
    """Return the validation for a change of it; raises WrongPhase when it is closed."""
    validation = await store.hold_validation(tx, access.validation_id)
    rules.check_open(validation.phase)
    return validation


async def add_participant(
    tx: Transaction,
    access: Access,
    *,
    role: Role,
    account_id: UUID | None = None,
    person_id: UUID | None = None,
) -> Participant:
    """Put an account, or else a contact person, on the roster.

    Raises: NotAllowed; WrongPhase; AccountNotFound; PersonNotFound; RoleNotFitting; AlreadyParticipant.
    """
    require(access, Permission.SCHEDULE)
    validation = await open_case(tx, access)
    if account_id is not None:
        account = await roster.get_account(tx, account_id)
        participant = _from_account(validation.id, account, role, tx.now)
        office, company = account.office_role, account.member_id
    else:
        person = await roster.get_person(tx, person_id or UUID(int=0))
        office, company = None, person.member_id
        participant = Participant(
            id=ParticipantId(uuid7()),
            validation_id=validation.id,
            account_id=None,
            person_id=person.id,
            name=person.name,
            role=role,
            side=Side.MEMBER,
            email=person.email,
            language=person.language,
            added_at=tx.now,
        )
    own_company = company == validation.member_id
    if role is Role.SCSS_LEAD or not fits(role, office) or (of_the_company(role) and not own_company):
        raise RoleNotFitting(role=role.value, side=participant.side.value)
    await _put_on_roster(tx, validation, participant)
    record(tx, access, _added(participant))
    return participant


def _from_account(validation_id: ValidationId, account: Account, role: Role, now: datetime) -> Participant:
    return Participant(
        id=ParticipantId(uuid7()),
        validation_id=validation_id,
        account_id=account.id,
        person_id=None,
        name=account.name,
        role=role,
        side=side_of(account.office_role),
        email=account.email,
        language=account.language,
        added_at=now,
    )


async def _put_on_roster(tx: Transaction, validation: Validation, participant: Participant) -> Participant:
    if not await roster.insert_participant(tx, participant):
        raise AlreadyParticipant(validation_id=str(validation.id))
    return participant


def _added(participant: Participant) -> ParticipantAdded:
    return ParticipantAdded(
        participant_id=participant.id,
        account_id=participant.account_id,
        person_id=participant.person_id,
        name=participant.name,
        role=participant.role,
        side=participant.side,
        language=participant.language,
    )


async def schedule_session(
    tx: Transaction,
    access: Access,
    *,
    site_id: SiteId,
    starts_at_local: datetime,
    duration_min: DurationMin,
    recording: bool,
    reading: Reading | None = None,
) -> ValidationSession:
    """Plan a session at a site of the member, by the clock of that site.

    Args: reading: which moment is meant when the site's clock shows `starts_at_local` twice.
    Raises: NotAllowed; WrongPhase; SiteNotFound; SiteOfAnotherMember; LocalTimeMissing; LocalTimeAmbiguous;
        StartsInThePast.
    """
    require(access, Permission.SCHEDULE)
    validation = await open_case(tx, access)
    site = await _site_of(tx, validation.member_id, site_id)
    starts_at = rules.to_utc(starts_at_local, site.time_zone, reading)
    rules.check_start_time(starts_at, tx.now)
    session = ValidationSession(
        id=ValidationSessionId(uuid7()),
        validation_id=validation.id,
        site_id=site.id,
        time_zone=site.time_zone,
        starts_at=starts_at,
        duration_min=duration_min,
        recording=recording,
        state=SessionState.PLANNED,
        version=0,
        started_at=None,
        ended_at=None,
    )
    await store.insert_session(tx, session)
    scheduled = events.SessionScheduled(
        validation_session_id=session.id,
        site_id=site.id,
        site_name=site.name,
        time_zone=site.time_zone,
        starts_at=starts_at,
        duration_min=duration_min,
        recording=recording,
    )
    record(tx, access, scheduled)
    return session


async def reschedule_session(
    tx: Transaction,
    access: Access,
    validation_session_id: UUID,
    *,
    starts_at_local: datetime,
    duration_min: DurationMin,
    reason: str,
    reading: Reading | None = None,
) -> ValidationSession:
    """Move a planned session.

    Raises: NotAllowed; WrongPhase; ValidationNotFound; LocalTimeMissing; LocalTimeAmbiguous; StartsInThePast.
    """
    session = await _planned(tx, access, validation_session_id, Step.RESCHEDULE)
    starts_at = rules.to_utc(starts_at_local, session.time_zone, reading)
    rules.check_start_time(starts_at, tx.now)
    await store.set_session(tx, session, starts_at=starts_at, duration_min=duration_min)
    moved = events.SessionRescheduled(
        validation_session_id=session.id, starts_at=starts_at, duration_min=duration_min, reason=reason
    )
    record(tx, access, moved)
    return await store.get_session(tx, access.validation_id, session.id)


async def cancel_session(tx: Transaction, access: Access, validation_session_id: UUID, *, reason: str) -> None:
    """Call a planned session off; raises NotAllowed, WrongPhase and ValidationNotFound."""
    session = await _planned(tx, access, validation_session_id, Step.CANCEL)
    await _call_off(tx, access, session, reason=reason)


async def _call_off(tx: Transaction, access: Access, session: ValidationSession, *, reason: str) -> None:
    await store.set_session(tx, session, state=rules.after(session.state, Step.CANCEL).value)
    record(tx, access, events.SessionCancelled(validation_session_id=session.id, reason=reason))


async def mark_no_show(tx: Transaction, access: Access, validation_session_id: UUID, *, reason: str) -> None:
    """State that the member did not come to a planned session whose time has come.

    Raises: NotAllowed; WrongPhase; ValidationNotFound.
    """
    session = await _planned(tx, access, validation_session_id, Step.MISS)
    rules.check_missed(session.starts_at, tx.now)
    await store.set_session(tx, session, state=rules.after(session.state, Step.MISS).value)
    record(tx, access, events.SessionNoShow(validation_session_id=session.id, reason=reason))


async def _planned(tx: Transaction, access: Access, validation_session_id: UUID, step: Step) -> ValidationSession:
    require(access, Permission.SCHEDULE)
    await open_case(tx, access)
    session = await store.lock_session(tx, access.validation_id, validation_session_id)
    rules.after(session.state, step)
    return session
