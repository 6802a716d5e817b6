"""Opening validations, planning sessions, the roster, join links and the demo data on real databases."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from sessions.criteria import store as texts
from sessions.errors import (
    AlreadyParticipant,
    EmailTaken,
    InvitationNotFound,
    LinkBoundElsewhere,
    LinkExpired,
    LinkRevoked,
    LocalTimeAmbiguous,
    LocalTimeMissing,
    NotAllowed,
    OfficialTextsInvalid,
    ParticipantNotFound,
    RoleNotFitting,
    SiteOfAnotherMember,
    StartsInThePast,
    UnknownTimeZone,
    ValidationNotFound,
    WrongPhase,
)
from sessions.ids import InvitationId, ValidationSessionId
from sessions.official_texts import load_official_texts
from sessions.roster import actions as roster
from sessions.roster import store as people
from sessions.roster.access import access_validation
from sessions.roster.records import INSTALLATION, Participant
from sessions.roster.rules import OfficeRole, Role
from sessions.schedule import actions, invitations
from sessions.schedule.access import access_invitation, access_session
from sessions.schedule.records import Invitation, ValidationSession
from sessions.schedule.rules import Reading, SessionState, ValidationMethod
from sessions.schedule.store import get_session, list_invitations
from sessions.seed import seed
from tests.parts.demo import DemoCase, demo_case, some_id


@pytest.fixture
async def case(database_url: str) -> AsyncIterator[DemoCase]:
    """Give the demo validation on each database."""
    async with demo_case(database_url) as opened:
        yield opened


async def plan(case: DemoCase, local: str, reading: Reading | None = None) -> ValidationSession:
    """Plan a session at a yard in El Paso, whose clock changes."""
    lead = case.account("ruth")
    async with case.database.write() as tx:
        members = {member.name: member for member in await people.list_members(tx)}
        carrier = members["Transportes Puente Norte"]
        yard = next(site for site in await people.list_sites(tx, carrier.id) if site.country == "US")
        _, access = await actions.open_validation(
            tx,
            lead,
            member_id=carrier.id,
            site_id=yard.id,
            method=ValidationMethod.HYBRID,
            lead_account_id=lead.id,
        )
        return await actions.schedule_session(
            tx,
            access,
            site_id=yard.id,
            starts_at_local=datetime.fromisoformat(local),
            duration_min=120,
            recording=True,
            reading=reading,
        )


async def test_a_session_is_planned_by_the_clock_of_the_site(case: DemoCase) -> None:
    session = await plan(case, "2026-12-01T09:00")
    assert session.starts_at == datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
    with pytest.raises(LocalTimeMissing):
        await plan(case, "2027-03-14T02:30")
    with pytest.raises(LocalTimeAmbiguous):
        await plan(case, "2027-11-07T01:30")
    assert (await plan(case, "2027-11-07T01:30", Reading.LATER)).starts_at == datetime(2027, 11, 7, 8, 30, tzinfo=UTC)
    with pytest.raises(StartsInThePast):
        await plan(case, "2026-11-24T06:59")


async def test_a_planned_session_is_moved_called_off_or_missed_and_then_stays(case: DemoCase) -> None:
    lead = await case.access("ruth")
    async with case.database.write() as tx:
        moved = await actions.reschedule_session(
            tx,
            lead,
            case.session_id,
            starts_at_local=datetime.fromisoformat("2026-11-26T10:00"),
            duration_min=90,
            reason="Shift change.",
        )
    assert (moved.starts_at, moved.version) == (datetime(2026, 11, 26, 16, 0, tzinfo=UTC), 1)
    with pytest.raises(WrongPhase):
        async with case.database.write() as tx:
            await actions.mark_no_show(tx, lead, case.session_id, reason="Too early to say.")
    case.clock.forward(timedelta(days=3))
    async with case.database.write() as tx:
        await actions.mark_no_show(tx, lead, case.session_id, reason="Nobody came.")
    assert (await case.state()).sessions[case.session_id].state is SessionState.NO_SHOW
    with pytest.raises(WrongPhase):
        async with case.database.write() as tx:
            await actions.cancel_session(tx, lead, case.session_id, reason="Late.")


async def test_the_member_plans_nothing(case: DemoCase) -> None:
    poc = await case.access("lucía")
    with pytest.raises(NotAllowed):
        async with case.database.write() as tx:
            await actions.cancel_session(tx, poc, case.session_id, reason="We would rather not.")


async def test_a_site_of_another_member_is_refused(case: DemoCase) -> None:
    lead = await case.access("ruth")
    async with case.database.write() as tx:
        members = {member.name: member for member in await people.list_members(tx)}
        other = (await people.list_sites(tx, members["Lone Mesa Home Goods"].id))[0]
        with pytest.raises(SiteOfAnotherMember):
            await actions.schedule_session(
                tx,
                lead,
                site_id=other.id,
                starts_at_local=datetime.fromisoformat("2026-12-01T09:00"),
                duration_min=60,
                recording=False,
            )


async def test_numbers_are_given_once_and_without_gaps(case: DemoCase) -> None:
    lead, validation = case.account("ruth"), case.seeded.validation

    async def open_one() -> str:
        async with case.database.write() as tx:
            opened, _ = await actions.open_validation(
                tx,
                lead,
                member_id=validation.member_id,
                site_id=validation.site_id,
                method=ValidationMethod.VIRTUAL,
                lead_account_id=lead.id,
            )
            return opened.number

    numbers = await asyncio.gather(*(open_one() for _ in range(8)))
    assert sorted(numbers) == [f"V-2026-{ordinal:04d}" for ordinal in range(4, 12)]


@pytest.mark.parametrize("name", ["lucía", "helen", "sam"])
async def test_only_specialists_and_supervisors_open_validations(case: DemoCase, name: str) -> None:
    validation = case.seeded.validation
    with pytest.raises(NotAllowed):
        async with case.database.write() as tx:
            await actions.open_validation(
                tx,
                case.account(name),
                member_id=validation.member_id,
                site_id=validation.site_id,
                method=ValidationMethod.VIRTUAL,
                lead_account_id=case.account("ruth").id,
            )


async def test_strangers_cannot_tell_a_foreign_validation_from_none(case: DemoCase) -> None:
    async with case.database.write() as tx:
        stranger = await roster.add_account(
            tx, case.account("grace"), email="ines@office.example", name="Ines Roy", office_role=OfficeRole.SCSS
        )
    unknown: list[dict[str, UUID]] = [
        {"validation_id": case.seeded.validation.id, "account_id": stranger.id},
        {"validation_id": case.seeded.validation.id, "account_id": case.account("sam").id},
        {"validation_id": case.seeded.validation.id, "account_id": some_id()},
        {"validation_id": case.seeded.validation.id, "participant_id": some_id()},
        {"validation_id": case.seeded.validation.id},
        {"validation_id": some_id(), "account_id": case.account("ruth").id},
        {"validation_id": some_id(), "account_id": case.account("grace").id},
        {"validation_id": some_id(), "participant_id": case.seeded.guide.id},
    ]
    async with case.database.read() as tx:
        for asked in unknown:
            with pytest.raises(ValidationNotFound) as refused:
                await access_validation(tx, **asked)
            assert refused.value.fields == {}
        for validation_session_id in (case.session_id, some_id()):
            with pytest.raises(ValidationNotFound):
                await access_session(tx, validation_session_id=validation_session_id, account_id=stranger.id)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("owen", Role.MEMBER_EXPERT),
        ("owen", Role.SUPERVISOR),
        ("sam", Role.OBSERVER),
        ("lucía", Role.SCSS),
        ("lucía", Role.REVIEWER),
        ("owen", Role.SCSS_LEAD),
    ],
)
async def test_a_role_must_fit_the_person(case: DemoCase, name: str, role: Role) -> None:
    lead = await case.access("ruth")
    async with case.database.write() as tx:
        with pytest.raises(RoleNotFitting):
            await actions.add_participant(tx, lead, role=role, account_id=case.account(name).id)


async def test_people_of_another_company_come_as_partner_and_only_once(case: DemoCase) -> None:
    lead = await case.access("ruth")
    async with case.database.write() as tx:
        members = {member.name: member for member in await people.list_members(tx)}
        person = (await people.list_people(tx, members["Lone Mesa Home Goods"].id))[0]
        with pytest.raises(RoleNotFitting):
            await actions.add_participant(tx, lead, role=Role.MEMBER_EXPERT, person_id=person.id)
        partner = await actions.add_participant(tx, lead, role=Role.PARTNER, person_id=person.id)
        with pytest.raises(AlreadyParticipant):
            await actions.add_participant(tx, lead, role=Role.OBSERVER, person_id=person.id)
    assert partner.side.value == "member"


async def invite(case: DemoCase, participant: Participant | None = None) -> Invitation:
    """Invite the guide to the session, for two days."""
    lead = await case.access("ruth")
    async with case.database.write() as tx:
        return await invitations.record_invitation(
            tx,
            lead,
            invitation_id=InvitationId(some_id()),
            validation_session_id=case.session_id,
            participant_id=(participant or case.seeded.guide).id,
            expires_at=case.clock.now + timedelta(days=2),
        )


async def open_in(case: DemoCase, invitation_id: UUID, browser: str) -> Invitation:
    """Open a join link in a browser."""
    async with case.database.write() as tx:
        _, opened = await invitations.open_link(tx, InvitationId(invitation_id), browser_key=browser)
        return opened


async def test_a_link_belongs_to_the_browser_that_opened_it_first(case: DemoCase) -> None:
    invitation = await invite(case)
    await open_in(case, invitation.id, "phone")
    await open_in(case, invitation.id, "phone")
    with pytest.raises(LinkBoundElsewhere):
        await open_in(case, invitation.id, "other phone")
    tags = await case.tags()
    assert (tags.count("schedule.invitation_sent"), tags.count("roster.link_opened")) == (1, 2)


async def test_a_link_is_owned_by_one_of_two_browsers_in_the_same_moment(case: DemoCase) -> None:
    invitation = await invite(case)
    outcomes = await asyncio.gather(
        *(open_in(case, invitation.id, browser) for browser in ("one", "two", "three")), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "Invitation",
        "LinkBoundElsewhere",
        "LinkBoundElsewhere",
    ]


async def test_a_link_ends_with_its_time_its_withdrawal_or_its_session(case: DemoCase) -> None:
    lead, late, revoked, off = await case.access("ruth"), await invite(case), await invite(case), await invite(case)
    async with case.database.write() as tx:
        await invitations.revoke_invitation(tx, lead, revoked.id)
        await invitations.revoke_invitation(tx, lead, revoked.id)
    with pytest.raises(LinkRevoked):
        await open_in(case, revoked.id, "phone")
    assert (await case.tags()).count("schedule.invitation_revoked") == 1
    async with case.database.write() as tx:
        await actions.cancel_session(tx, lead, case.session_id, reason="Storm.")
    with pytest.raises(LinkRevoked):
        await open_in(case, off.id, "phone")
    case.clock.forward(timedelta(days=2))
    with pytest.raises(LinkRevoked):
        await open_in(case, late.id, "phone")
    with pytest.raises(InvitationNotFound):
        await open_in(case, some_id(), "phone")


async def test_an_expired_link_says_since_when(case: DemoCase) -> None:
    invitation = await invite(case)
    case.clock.forward(timedelta(days=2))
    with pytest.raises(LinkExpired) as refused:
        await open_in(case, invitation.id, "phone")
    assert refused.value.fields == {"expired_at": invitation.expires_at.isoformat()}


async def test_invitations_go_to_people_on_the_roster_of_that_session(case: DemoCase) -> None:
    lead = await case.access("ruth")
    async with case.database.write() as tx:
        with pytest.raises(ParticipantNotFound):
            await invitations.record_invitation(
                tx,
                lead,
                invitation_id=InvitationId(some_id()),
                validation_session_id=case.session_id,
                participant_id=some_id(),
                expires_at=case.clock.now,
            )
    invitation = await invite(case)
    async with case.database.read() as tx:
        assert await list_invitations(tx, case.session_id) == (invitation,)
        access, found = await access_invitation(tx, invitation_id=invitation.id, account_id=case.account("ruth").id)
        with pytest.raises(InvitationNotFound):
            await access_invitation(tx, invitation_id=invitation.id, account_id=case.account("sam").id)
    assert (access.role, found) == (Role.SCSS_LEAD, invitation)


async def test_accounts_are_added_once_and_by_those_who_may(case: DemoCase) -> None:
    async with case.database.write() as tx:
        await roster.add_account(tx, INSTALLATION, email="New@Office.Example", name="New", office_role=OfficeRole.SCSS)
        assert await people.find_account_by_email(tx, "new@OFFICE.example") is not None
        with pytest.raises(EmailTaken):
            await roster.add_account(
                tx, INSTALLATION, email="new@office.example", name="Again", office_role=OfficeRole.SCSS
            )
        with pytest.raises(RoleNotFitting):
            await roster.add_account(tx, INSTALLATION, email="m@m.example", name="M", office_role=OfficeRole.MEMBER)
        with pytest.raises(NotAllowed):
            await roster.add_account(
                tx, case.account("ruth"), email="x@x.example", name="X", office_role=OfficeRole.SCSS
            )


async def test_a_site_needs_a_zone_that_exists(case: DemoCase) -> None:
    async with case.database.write() as tx:
        with pytest.raises(UnknownTimeZone):
            await roster.add_site(
                tx,
                case.account("ruth"),
                case.seeded.validation.member_id,
                name="Moon base",
                address="Mare Tranquillitatis",
                country="US",
                time_zone="Moon/Tranquility",
            )


async def test_official_texts_are_loaded_whole_or_not_at_all(case: DemoCase) -> None:
    supervisor = case.account("grace")
    async with case.database.write() as tx:
        first = b"criterion_id,text\n9.4,Gates\n9.5,Cars\n"
        assert await load_official_texts(tx, supervisor, "msc-2020", first, "text/csv") == 2
    with pytest.raises(OfficialTextsInvalid):
        async with case.database.write() as tx:
            await load_official_texts(tx, supervisor, "msc-2020", b"criterion_id,text\n0.1,x\n", "text/csv")
    with pytest.raises(NotAllowed):
        async with case.database.write() as tx:
            await load_official_texts(tx, case.account("ruth"), "msc-2020", first, "text/csv")
    async with case.database.write() as tx:
        await load_official_texts(tx, supervisor, "msc-2020", b"criterion_id,text\n9.4,Gates and more\n", "text/csv")
    async with case.database.read() as tx:
        assert await texts.list_texts(tx, "msc-2020") == {"9.4": "Gates and more"}
    assert (await case.deployment_tags()).count("criteria.official_texts_loaded") == 2


async def test_demo_data_is_made_once(case: DemoCase) -> None:
    before = await case.deployment_tags()
    async with case.database.write() as tx:
        again = await seed(tx)
    assert (again.guide, again.validation) == (case.seeded.guide, case.seeded.validation)
    assert {account.id for account in again.accounts} == {account.id for account in case.seeded.accounts}
    assert await case.deployment_tags() == before


async def test_demo_session_is_moved_to_the_day_it_is_started_again(case: DemoCase) -> None:
    case.clock.forward(timedelta(days=5))
    async with case.database.write() as tx:
        again = await seed(tx)
    assert again.validation_session.starts_at == case.clock.now
    async with case.database.read() as tx:
        stored = await get_session(tx, again.validation.id, ValidationSessionId(again.validation_session.id))
    assert stored == again.validation_session


async def test_demo_has_sites_in_different_zones_and_members_of_different_types(case: DemoCase) -> None:
    async with case.database.read() as tx:
        members = await people.list_members(tx)
        zones = {site.time_zone for member in members for site in await people.list_sites(tx, member.id)}
    assert len({member.entity_types for member in members}) == 3
    assert zones == {"America/Monterrey", "America/Ciudad_Juarez", "America/Denver", "America/Chicago"}
