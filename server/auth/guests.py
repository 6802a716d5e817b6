"""Guests: the links they are sent, the browser a link stays with, and the login it opens."""

import secrets
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from evidence.ids import uuid7
from evidence.ledger.transaction import Transaction
from server.auth.errors import AlreadySignedIn
from server.auth.links import read_invitation
from server.auth.logins import Browser, open_login, token_digest
from server.auth.principal import Principal
from sessions.errors import InvitationNotFound
from sessions.ids import InvitationId
from sessions.roster.access import Access
from sessions.schedule import store
from sessions.schedule.invitations import open_link, record_invitation
from sessions.schedule.records import Invitation, ValidationSession

OPENS_AFTER_END: Final = timedelta(hours=24)
"""How long after the planned end a link still opens: sessions run late, and uploads follow them."""


class OpenedLink(NamedTuple):
    """What a browser gets for a join link; `token` is None when its login for this link still lives."""

    access: Access
    invitation: Invitation
    browser_key: str
    token: str | None


def link_expiry(session: ValidationSession) -> datetime:
    """Return when the join links of a session stop opening."""
    return session.starts_at + timedelta(minutes=session.duration_min) + OPENS_AFTER_END


async def invite(tx: Transaction, access: Access, session: ValidationSession, participant_id: UUID) -> Invitation:
    """State that a participant is invited to the session.

    Raises: NotAllowed; WrongPhase; ParticipantNotFound.
    """
    return await record_invitation(
        tx,
        access,
        invitation_id=InvitationId(uuid7()),
        validation_session_id=session.id,
        participant_id=participant_id,
        expires_at=link_expiry(session),
    )


async def move_expiry(tx: Transaction, session: ValidationSession) -> tuple[Invitation, ...]:
    """Let the links of a moved session open for as long as its new time needs; return the living invitations."""
    living = await living_invitations(tx, session)
    for invitation in living:
        await store.set_invitation(tx, invitation.id, expires_at=link_expiry(session))
    return living


async def living_invitations(tx: Transaction, session: ValidationSession) -> tuple[Invitation, ...]:
    """Return the invitations to a session that were not withdrawn."""
    rows = await store.list_invitations(tx, session.id)
    return tuple(invitation for invitation in rows if invitation.revoked_at is None)


async def open_join_link(
    tx: Transaction,
    secret: bytes,
    token: str,
    *,
    browser: Browser,
    browser_key: str | None,
    visitor: Principal | None,
) -> OpenedLink:
    """Open a join link in a browser, which owns it from then on, and open the guest's login.

    Args: browser_key: what this browser keeps to be known again; None for a browser that has none yet.
    Raises: InvitationNotFound; LinkRevoked; LinkExpired; LinkBoundElsewhere; AlreadySignedIn, so that nobody binds a
        guest's link to the browser they work in, or loses their login to it.
    """
    invitation_id = read_invitation(secret, token)
    if visitor is not None and visitor.account_id is not None:
        raise AlreadySignedIn(name=visitor.name)
    key = browser_key or secrets.token_urlsafe(32)
    access, invitation = await open_link(tx, invitation_id, browser_key=token_digest(key))
    if access.account_id is not None:
        # Who has an account signs in; a link would be a second, weaker door to it.
        raise InvitationNotFound
    if visitor is not None and _is_of(visitor, invitation):
        return OpenedLink(access, invitation, key, None)
    opened = await open_login(tx, browser, way="invitation", invitation_id=invitation.id)
    return OpenedLink(access, invitation, key, opened.token)


def _is_of(visitor: Principal, invitation: Invitation) -> bool:
    mine = visitor.participant_id, visitor.validation_session_id
    return mine == (invitation.participant_id, invitation.validation_session_id)
