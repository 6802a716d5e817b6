"""Invitations: who was sent a join link, and what opening it does. Tokens and mail are the server's."""

from datetime import datetime
from uuid import UUID

from evidence.ids import case_log
from evidence.ledger.transaction import Transaction
from sessions.errors import InvitationNotFound
from sessions.ids import InvitationId, ParticipantId, ValidationSessionId
from sessions.roster import store as roster
from sessions.roster.access import Access, access_validation, record, require
from sessions.roster.events import LinkOpened
from sessions.roster.rules import Permission
from sessions.schedule import events, rules, store
from sessions.schedule.actions import open_case
from sessions.schedule.records import Invitation


async def record_invitation(
    tx: Transaction,
    access: Access,
    *,
    invitation_id: InvitationId,
    validation_session_id: UUID,
    participant_id: UUID,
    expires_at: datetime,
) -> Invitation:
    """State that a participant is being sent a join link.

    Raises: NotAllowed; WrongPhase when the session is over or off; ValidationNotFound; ParticipantNotFound.
    """
    require(access, Permission.SCHEDULE)
    await open_case(tx, access)
    session = await store.get_session(tx, access.validation_id, validation_session_id)
    rules.check_invitable(session.state)
    await roster.get_participant(tx, access.validation_id, participant_id)
    invitation = Invitation(
        id=invitation_id,
        validation_id=access.validation_id,
        validation_session_id=ValidationSessionId(validation_session_id),
        participant_id=ParticipantId(participant_id),
        sent_at=tx.now,
        expires_at=expires_at,
        revoked_at=None,
        opened_at=None,
        browser_key=None,
    )
    await store.insert_invitation(tx, invitation)
    sent = events.InvitationSent(
        invitation_id=invitation.id,
        validation_session_id=invitation.validation_session_id,
        participant_id=invitation.participant_id,
        expires_at=expires_at,
    )
    record(tx, access, sent)
    return invitation


async def revoke_invitation(tx: Transaction, access: Access, invitation_id: UUID) -> Invitation:
    """Make a join link open nothing any more; a second time changes nothing.

    Raises: NotAllowed; InvitationNotFound, also for an invitation of another validation.
    """
    require(access, Permission.SCHEDULE)
    invitation = await store.lock_invitation(tx, invitation_id)
    if invitation.validation_id != access.validation_id:
        raise InvitationNotFound
    if invitation.revoked_at is None:
        await store.set_invitation(tx, invitation.id, revoked_at=tx.now)
        revoked = events.InvitationRevoked(
            invitation_id=invitation.id,
            validation_session_id=invitation.validation_session_id,
            participant_id=invitation.participant_id,
        )
        record(tx, access, revoked)
    return invitation


async def open_link(tx: Transaction, invitation_id: UUID, *, browser_key: str) -> tuple[Access, Invitation]:
    """Open a join link in a browser; the first one to do so owns it.

    Args: browser_key: what the server knows the browser by; stored as given, so give a digest.
    Raises: InvitationNotFound; LinkRevoked; LinkExpired; LinkBoundElsewhere.
    """
    invitation = await store.lock_invitation(tx, invitation_id)
    session = await store.get_session(tx, invitation.validation_id, invitation.validation_session_id)
    rules.check_link(
        session.state,
        revoked=invitation.revoked_at is not None,
        expires_at=invitation.expires_at,
        bound_elsewhere=invitation.browser_key not in {None, browser_key},
        now=tx.now,
    )
    access = await access_validation(
        tx, validation_id=invitation.validation_id, participant_id=invitation.participant_id
    )
    first = invitation.browser_key is None
    if first:
        await store.set_invitation(tx, invitation.id, browser_key=browser_key, opened_at=tx.now)
    opened = LinkOpened(
        participant_id=invitation.participant_id,
        invitation_id=invitation.id,
        validation_session_id=invitation.validation_session_id,
        first=first,
    )
    tx.record(case_log(invitation.validation_id), opened, access.actor)
    return access, await store.get_invitation(tx, invitation_id)
