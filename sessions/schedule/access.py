"""From the id of a session to what one person is in its validation."""

from uuid import UUID

from evidence.ledger.transaction import Transaction
from sessions.errors import InvitationNotFound, ValidationNotFound
from sessions.roster.access import Access, access_validation
from sessions.schedule import store
from sessions.schedule.records import Invitation, ValidationSession


async def access_session(
    tx: Transaction,
    *,
    validation_session_id: UUID,
    account_id: UUID | None = None,
    participant_id: UUID | None = None,
) -> tuple[Access, ValidationSession]:
    """Return what one person is in the validation of a session, and the session.

    Raises: ValidationNotFound when there is no such session and when it is not theirs, alike.
    """
    validation_id = await store.validation_of_session(tx, validation_session_id)
    access = await access_validation(
        tx, validation_id=validation_id, account_id=account_id, participant_id=participant_id
    )
    return access, await store.get_session(tx, validation_id, validation_session_id)


async def access_invitation(
    tx: Transaction, *, invitation_id: UUID, account_id: UUID | None = None
) -> tuple[Access, Invitation]:
    """Return what an account is in the validation of an invitation, and the invitation.

    Raises: InvitationNotFound when there is none and when it is not theirs, alike.
    """
    invitation = await store.get_invitation(tx, invitation_id)
    try:
        access = await access_validation(tx, validation_id=invitation.validation_id, account_id=account_id)
    except ValidationNotFound:
        raise InvitationNotFound from None
    return access, invitation
