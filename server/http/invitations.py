"""Invitations to a session: a mail with a join link, its list, and its withdrawal."""

from uuid import UUID

from evidence.ledger.transaction import Transaction
from evidence.records import Instant, Name, Record
from server.auth.guests import invite, living_invitations
from server.auth.links import join_url, room_url, sign_invitation
from server.auth.visits import access_session_of
from server.http.paths import SessionPath
from server.http.routing import Call, Operation, Who
from server.jobs.letters.outbox import list_mailed, queue_mail
from server.jobs.letters.records import MailKind
from server.live.enforcement import enforce
from server.services import Services
from sessions.ids import InvitationId, ParticipantId
from sessions.roster import store as roster
from sessions.roster.access import require
from sessions.roster.records import EmailAddress, Participant
from sessions.roster.rules import Permission, Role
from sessions.schedule import store
from sessions.schedule.access import access_invitation
from sessions.schedule.invitations import revoke_invitation as revoke
from sessions.schedule.records import Invitation, ValidationSession
from sessions.tour.door import put_out


class InvitationPath(Record):
    """One invitation."""

    invitation_id: InvitationId


class NewInvitation(Record):
    """Whom to invite; the participant is on the roster already."""

    participant_id: ParticipantId


class InvitationView(Record):
    """One invitation and what became of it. `mailed_at` is null while its mail waits."""

    id: InvitationId
    participant_id: ParticipantId
    name: Name
    role: Role
    email: EmailAddress
    sent_at: Instant
    expires_at: Instant
    mailed_at: Instant | None
    opened_at: Instant | None
    revoked_at: Instant | None


class InvitationList(Record):
    """Invitations in the order they were made."""

    items: tuple[InvitationView, ...]


class InvitationMade(Record):
    """A new invitation with its link, which is shown this once; who has an account signs in there instead."""

    invitation: InvitationView
    link: str


async def create_invitation(call: Call, *, path: SessionPath, body: NewInvitation) -> InvitationMade:
    """Invite a participant: a mail goes out, and the link is shown once."""
    async with call.services.database.write() as tx:
        access, session = await access_session_of(tx, call.principal, path.validation_session_id)
        invitation = await invite(tx, access, session, body.participant_id)
        await queue_mail(tx, MailKind.INVITED, invitation.id)
        participant = await roster.get_participant(tx, access.validation_id, body.participant_id)
    link = link_of(call.services, invitation, participant)
    return InvitationMade(invitation=_view(invitation, participant, None), link=link)


def link_of(services: Services, invitation: Invitation, participant: Participant) -> str:
    """Return where the participant joins: by the link of the invitation, or signed in when they have an account."""
    origin = services.settings.origin
    if participant.account_id is not None:
        return room_url(origin, invitation.validation_id, invitation.validation_session_id)
    return join_url(origin, sign_invitation(services.link_secret, invitation.id))


async def list_invitations(call: Call, *, path: SessionPath) -> InvitationList:
    """List the invitations to a session."""
    async with call.services.database.read() as tx:
        access, session = await access_session_of(tx, call.principal, path.validation_session_id)
        require(access, Permission.SCHEDULE)
        invitations = await store.list_invitations(tx, session.id)
        people = {one.id: one for one in await roster.list_participants(tx, access.validation_id)}
        mailed = await list_mailed(tx, tuple(one.id for one in invitations))
    views = (_view(one, people[one.participant_id], mailed.get(one.id)) for one in invitations)
    return InvitationList(items=tuple(views))


def _view(invitation: Invitation, participant: Participant, mailed_at: Instant | None) -> InvitationView:
    return InvitationView(
        id=invitation.id,
        participant_id=participant.id,
        name=participant.name,
        role=participant.role,
        email=participant.email,
        sent_at=invitation.sent_at,
        expires_at=invitation.expires_at,
        mailed_at=mailed_at,
        opened_at=invitation.opened_at,
        revoked_at=invitation.revoked_at,
    )


async def revoke_invitation(call: Call, *, path: InvitationPath) -> None:
    """Withdraw an invitation: its link opens nothing more, and the guest's login and media end at once."""
    async with call.services.database.write() as tx:
        access, invitation = await access_invitation(
            tx, invitation_id=path.invitation_id, account_id=call.principal.account_id
        )
        await revoke(tx, access, invitation.id)
        await put_out(tx, access, invitation.validation_session_id, invitation.participant_id)
    await enforce(call.services)


async def tell_invited(tx: Transaction, session: ValidationSession, kind: MailKind, *, reason: str) -> None:
    """Write to everybody whose invitation to the session lives, once each."""
    written: set[UUID] = set()
    for invitation in reversed(await living_invitations(tx, session)):
        if invitation.participant_id not in written:
            written.add(invitation.participant_id)
            await queue_mail(tx, kind, invitation.id, reason=reason)


_INVITATIONS = "/api/validation-sessions/{validation_session_id}/invitations"
OPERATIONS = (
    Operation("GET", _INVITATIONS, list_invitations, "Invitations to a session", Who.ACCOUNT),
    Operation("POST", _INVITATIONS, create_invitation, "Invite a participant", Who.ACCOUNT, 201),
    Operation("DELETE", "/api/invitations/{invitation_id}", revoke_invitation, "Withdraw a link", Who.ACCOUNT, 204),
)
