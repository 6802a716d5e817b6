"""A join link, opened: the browser becomes the guest's, and sees what it is invited to."""

from evidence.ledger.transaction import Transaction
from evidence.records import Instant, Name, Record
from server.auth.guests import open_join_link
from server.http.login import Secret
from server.http.routing import Call, Operation, Who
from server.http.security import BROWSER_COOKIE, LOGIN_COOKIE, browser_of, give_cookie
from sessions.ids import ParticipantId, ValidationId, ValidationSessionId
from sessions.roster import store as roster
from sessions.roster.access import Access
from sessions.roster.records import Language
from sessions.roster.rules import Role
from sessions.schedule import store
from sessions.schedule.records import Invitation
from sessions.schedule.rules import SessionState


class JoinLink(Record):
    """The token of a join link: the part behind the `#`."""

    token: Secret


class JoinView(Record):
    """What a guest is invited to, and as whom."""

    participant_id: ParticipantId
    name: Name
    role: Role
    language: Language
    validation_id: ValidationId
    validation_session_id: ValidationSessionId
    number: str
    office_name: str
    member_name: Name
    site_name: Name
    time_zone: str
    starts_at: Instant
    duration_min: int
    recording: bool
    state: SessionState


async def open_invitation(call: Call, *, body: JoinLink) -> JoinView:
    """Open a join link in this browser; the first browser to do so keeps it."""
    request, services = call.request, call.services
    browser = browser_of(request)
    await services.limits.admit_link(address=browser.address)
    async with services.database.write() as tx:
        opened = await open_join_link(
            tx,
            services.link_secret,
            body.token,
            browser=browser,
            browser_key=request.cookies.get(BROWSER_COOKIE.name),
            visitor=call.visitor,
        )
        view = await _view(tx, opened.access, opened.invitation, services.settings.office_name)
    give_cookie(request, BROWSER_COOKIE, opened.browser_key)
    if opened.token is not None:
        give_cookie(request, LOGIN_COOKIE, opened.token)
    return view


async def _view(tx: Transaction, access: Access, invitation: Invitation, office_name: str) -> JoinView:
    validation = await store.get_validation(tx, access.validation_id)
    session = await store.get_session(tx, access.validation_id, invitation.validation_session_id)
    participant = await roster.get_participant(tx, access.validation_id, access.participant_id)
    member = await roster.get_member(tx, validation.member_id)
    site = await roster.get_site(tx, session.site_id)
    return JoinView(
        participant_id=participant.id,
        name=participant.name,
        role=participant.role,
        language=participant.language,
        validation_id=validation.id,
        validation_session_id=session.id,
        number=validation.number,
        office_name=office_name,
        member_name=member.name,
        site_name=site.name,
        time_zone=session.time_zone,
        starts_at=session.starts_at,
        duration_min=session.duration_min,
        recording=session.recording,
        state=session.state,
    )


OPERATIONS = (Operation("POST", "/api/join", open_invitation, "Open a join link in this browser", Who.ANYONE),)
