"""Demo data, made by the same actions as real data: three members, their people, the office, three validations.

Nothing is dated back: the older validation is older by a missed session and by answers from the papers, not by a clock.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple
from uuid import uuid4

from evidence.ids import uuid7
from evidence.ledger.transaction import Transaction
from evidence.records import Record
from sessions.actions import perform
from sessions.checklist.rules import Method, Verdict
from sessions.commands import AddStop, OpenRequest, RecordAnswer
from sessions.criteria.rules import EntityType
from sessions.ids import RequestId, StopId
from sessions.roster import actions as roster
from sessions.roster import store as roster_store
from sessions.roster.access import Access, access_validation
from sessions.roster.records import INSTALLATION, Account, Member, Participant, Person, Site
from sessions.roster.rules import OfficeRole, Role
from sessions.schedule import actions as schedule
from sessions.schedule import store as schedule_store
from sessions.schedule.records import Validation, ValidationSession
from sessions.schedule.rules import Reading, SessionState, ValidationMethod
from sessions.zones import zone_named


class Seeded(Record):
    """What a demo begins with: the accounts, who walks with the phone, and the session that starts now."""

    accounts: tuple[Account, ...]
    guide: Participant
    validation: Validation
    validation_session: ValidationSession


class _Company(NamedTuple):
    member: Member
    sites: tuple[Site, ...]
    people: tuple[Person, ...]


class _Office(NamedTuple):
    lead: Account
    second: Account
    supervisor: Account
    reviewer: Account
    operator: Account


LEAD_EMAIL: Final = "ruth.delgado@office.example"
_STOPS: Final = ("Gate 1", "Perimeter fence", "Driver parking", "Receiving docks", "Seal store", "CCTV room")
_ANSWERED: Final[tuple[tuple[str, Verdict, str], ...]] = (
    ("1.1", Verdict.MET, ""),
    ("1.3", Verdict.MET, ""),
    ("2.1", Verdict.MET, ""),
    (
        "3.1",
        Verdict.PARTLY_MET,
        "New subcontractors are screened; the yearly look at current ones is not written down.",
    ),
    ("4.1", Verdict.MET, ""),
    ("4.7", Verdict.NOT_MET, "Two accounts of people who left in August were still active."),
    ("4.12", Verdict.PARTLY_MET, "Backups run every night; the laptops of dispatchers are not encrypted."),
    ("5.2", Verdict.MET, ""),
    ("11.5", Verdict.MET, ""),
    ("12.1", Verdict.MET, ""),
)


async def seed(tx: Transaction) -> Seeded:
    """Put the demo data into an empty installation; where it is already, the planned session is moved to now.

    Returns: what to make sign-in links for.
    """
    if await roster_store.find_account_by_email(tx, LEAD_EMAIL) is not None:
        return await _again(tx)
    office = await _office(tx)
    plant = await _manufacturer(tx, office.lead)
    carrier = await _carrier(tx, office.lead)
    importer = await _importer(tx, office.lead)
    poc = await roster.add_account(
        tx,
        office.supervisor,
        email="lucia.garza@cerroalto.example",
        name="Lucía Garza",
        office_role=OfficeRole.MEMBER,
        member_id=plant.member.id,
        language="es",
    )
    await _validation_of_carrier(tx, office, carrier)
    await _validation_of_importer(tx, office, importer)
    validation, session, guide = await _validation_of_plant(tx, office, plant, poc)
    return Seeded(accounts=(*office, poc), guide=guide, validation=validation, validation_session=session)


async def _again(tx: Transaction) -> Seeded:
    accounts = await roster_store.list_accounts(tx)
    lead = next(account for account in accounts if account.email == LEAD_EMAIL)
    for validation in await schedule_store.list_validations(tx, account_id=lead.id):
        participants = await roster_store.list_participants(tx, validation.id)
        guides = [one for one in participants if one.role is Role.CAMERA_OPERATOR]
        sessions = await schedule_store.list_sessions(tx, (validation.id,))
        if guides and sessions:
            session = await _moved_to_now(tx, lead, sessions[0])
            return Seeded(accounts=accounts, guide=guides[0], validation=validation, validation_session=session)
    raise LookupError("the demo validation is not in this installation")


async def _moved_to_now(tx: Transaction, lead: Account, session: ValidationSession) -> ValidationSession:
    if session.state is not SessionState.PLANNED or session.starts_at > tx.now - timedelta(minutes=30):
        return session
    access = await access_validation(tx, validation_id=session.validation_id, account_id=lead.id)
    return await schedule.reschedule_session(
        tx,
        access,
        session.id,
        starts_at_local=_local_now(tx, session.time_zone),
        duration_min=session.duration_min,
        reason="The demo was started again.",
        reading=Reading.LATER,
    )


async def _office(tx: Transaction) -> _Office:
    supervisor = await _account(tx, INSTALLATION, "grace.whitfield@office.example", "Grace Whitfield", "supervisor")
    return _Office(
        lead=await _account(tx, supervisor, LEAD_EMAIL, "Ruth Delgado", "scss"),
        second=await _account(tx, supervisor, "owen.park@office.example", "Owen Park", "scss"),
        supervisor=supervisor,
        reviewer=await _account(tx, supervisor, "helen.osei@office.example", "Helen Osei", "reviewer"),
        operator=await _account(tx, supervisor, "sam.ito@office.example", "Sam Ito", "operator"),
    )


async def _account(tx: Transaction, by: Account, email: str, name: str, office_role: str) -> Account:
    return await roster.add_account(tx, by, email=email, name=name, office_role=OfficeRole(office_role))


async def _manufacturer(tx: Transaction, by: Account) -> _Company:
    member = await roster.create_member(
        tx,
        by,
        name="Manufacturas Cerro Alto",
        entity_types=[EntityType.FOREIGN_MANUFACTURER],
        account_number="DEMO-2041",
    )
    site = await roster.add_site(
        tx,
        by,
        member.id,
        name="Planta Apodaca",
        address="Avenida de la Industria 1200, Apodaca, N.L.",
        country="MX",
        time_zone="America/Monterrey",
        latitude_deg=25.78,
        longitude_deg=-100.19,
    )
    guide = await roster.add_person(
        tx,
        by,
        member.id,
        name="Mateo Rangel",
        title="Jefe de seguridad",
        email="mateo.rangel@cerroalto.example",
        language="es",
    )
    return _Company(member, (site,), (guide,))


async def _carrier(tx: Transaction, by: Account) -> _Company:
    member = await roster.create_member(
        tx,
        by,
        name="Transportes Puente Norte",
        entity_types=[EntityType.HIGHWAY_CARRIER],
        account_number="DEMO-1187",
    )
    juarez = await roster.add_site(
        tx,
        by,
        member.id,
        name="Patio Ciudad Juárez",
        address="Boulevard Independencia 450, Ciudad Juárez, Chih.",
        country="MX",
        time_zone="America/Ciudad_Juarez",
        latitude_deg=31.63,
        longitude_deg=-106.4,
    )
    el_paso = await roster.add_site(
        tx,
        by,
        member.id,
        name="El Paso yard",
        address="9100 Gateway East, El Paso, TX",
        country="US",
        time_zone="America/Denver",
        latitude_deg=31.76,
        longitude_deg=-106.33,
    )
    person = await roster.add_person(
        tx,
        by,
        member.id,
        name="Irma Solís",
        title="Gerente de operaciones",
        email="irma.solis@puentenorte.example",
        language="es",
    )
    return _Company(member, (juarez, el_paso), (person,))


async def _importer(tx: Transaction, by: Account) -> _Company:
    member = await roster.create_member(
        tx, by, name="Lone Mesa Home Goods", entity_types=[EntityType.IMPORTER], account_number="DEMO-3310"
    )
    site = await roster.add_site(
        tx,
        by,
        member.id,
        name="Laredo distribution center",
        address="2201 Mines Road, Laredo, TX",
        country="US",
        time_zone="America/Chicago",
        latitude_deg=27.6,
        longitude_deg=-99.52,
    )
    person = await roster.add_person(
        tx,
        by,
        member.id,
        name="Dana Whitaker",
        title="Director of trade compliance",
        email="dana.whitaker@lonemesa.example",
        language="en",
    )
    return _Company(member, (site,), (person,))


async def _validation_of_plant(
    tx: Transaction, office: _Office, plant: _Company, poc: Account
) -> tuple[Validation, ValidationSession, Participant]:
    validation, access = await _open(tx, office.lead, plant, ValidationMethod.VIRTUAL)
    await schedule.add_participant(tx, access, role=Role.SCSS, account_id=office.second.id)
    await schedule.add_participant(tx, access, role=Role.REVIEWER, account_id=office.reviewer.id)
    await schedule.add_participant(tx, access, role=Role.MEMBER_POC, account_id=poc.id)
    guide = await schedule.add_participant(tx, access, role=Role.CAMERA_OPERATOR, person_id=plant.people[0].id)
    session = await schedule.schedule_session(
        tx,
        access,
        site_id=plant.sites[0].id,
        starts_at_local=_local_now(tx, plant.sites[0].time_zone),
        duration_min=180,
        recording=True,
        reading=Reading.LATER,
    )
    for name in _STOPS:
        stop = AddStop(
            type="tour.add_stop",
            command_id=uuid4(),
            validation_session_id=session.id,
            stop_id=StopId(uuid7()),
            name=name,
        )
        await perform(tx, access, stop)
    return validation, session, guide


async def _validation_of_carrier(tx: Transaction, office: _Office, carrier: _Company) -> None:
    _, access = await _open(tx, office.lead, carrier, ValidationMethod.HYBRID)
    await schedule.add_participant(tx, access, role=Role.REVIEWER, account_id=office.reviewer.id)
    await schedule.add_participant(tx, access, role=Role.MEMBER_EXPERT, person_id=carrier.people[0].id)
    missed = await schedule.schedule_session(
        tx,
        access,
        site_id=carrier.sites[0].id,
        starts_at_local=_local_now(tx, carrier.sites[0].time_zone) - timedelta(minutes=45),
        duration_min=120,
        recording=True,
        reading=Reading.LATER,
    )
    await schedule.mark_no_show(
        tx, access, missed.id, reason="The yard lost its line in a storm; a new date is agreed."
    )
    await _plan(tx, access, carrier.sites[1], days=1, at=time(9, 30))
    await _answer(tx, access, _ANSWERED)
    await perform(
        tx,
        access,
        OpenRequest(
            type="request.open",
            command_id=uuid4(),
            request_id=RequestId(uuid7()),
            criterion_id="4.7",
            text="Please send the list of user accounts with the date each was last reviewed.",
        ),
    )


async def _validation_of_importer(tx: Transaction, office: _Office, importer: _Company) -> None:
    _, access = await _open(tx, office.second, importer, ValidationMethod.VIRTUAL)
    await schedule.add_participant(tx, access, role=Role.SCSS, account_id=office.lead.id)
    await schedule.add_participant(tx, access, role=Role.MEMBER_EXPERT, person_id=importer.people[0].id)
    await _plan(tx, access, importer.sites[0], days=9, at=time(9))


async def _open(
    tx: Transaction, lead: Account, company: _Company, method: ValidationMethod
) -> tuple[Validation, Access]:
    return await schedule.open_validation(
        tx,
        lead,
        member_id=company.member.id,
        site_id=company.sites[0].id,
        method=method,
        lead_account_id=lead.id,
    )


async def _plan(tx: Transaction, access: Access, site: Site, *, days: int, at: time) -> None:
    day = (_local_now(tx, site.time_zone) + timedelta(days=days)).date()
    await schedule.schedule_session(
        tx,
        access,
        site_id=site.id,
        starts_at_local=datetime.combine(day, at),
        duration_min=240,
        recording=True,
    )


async def _answer(tx: Transaction, access: Access, answers: Sequence[tuple[str, Verdict, str]]) -> None:
    for criterion_id, verdict, note in answers:
        answer = RecordAnswer(
            type="answer.record",
            command_id=uuid4(),
            criterion_id=criterion_id,
            verdict=verdict,
            method=Method.DOCUMENT,
            note=note,
            base_version=0,
        )
        await perform(tx, access, answer)


def _local_now(tx: Transaction, zone_name: str) -> datetime:
    return tx.now.astimezone(zone_named(zone_name)).replace(tzinfo=None, second=0, microsecond=0)
