"""From a signed-in person to their standing in one validation; the road every handler takes."""

from uuid import UUID

from evidence.ledger.rules import Audience
from evidence.ledger.transaction import Transaction
from server.auth.principal import Principal
from sessions.errors import ValidationNotFound
from sessions.roster.access import Access, access_validation
from sessions.roster.rules import Permission
from sessions.schedule.access import access_session
from sessions.schedule.records import ValidationSession


async def access_of(
    tx: Transaction, principal: Principal, validation_id: UUID, *, absent: Exception | None = None
) -> Access:
    """Return the person's access to the validation.

    Args: absent: what is raised instead, when the person asked for a thing of the validation: one of another's case is
        as one that never was.
    Raises: ValidationNotFound when there is none, whether the validation exists or not.
    """
    by = {"account_id": principal.account_id} if principal.account_id else {"participant_id": principal.participant_id}
    try:
        return await access_validation(tx, validation_id=validation_id, **by)
    except ValidationNotFound:
        if absent is None:
            raise
        raise absent from None


def audience_of(access: Access) -> Audience:
    """Return which bodies of entries this person may read."""
    return Audience.GOVERNMENT if access.may(Permission.READ_GOVERNMENT) else Audience.MEMBER


async def access_session_of(
    tx: Transaction, principal: Principal, validation_session_id: UUID
) -> tuple[Access, ValidationSession]:
    """Return the person's access to the validation of a session, and the session.

    Raises: ValidationNotFound when there is none, whether the session exists or not.
    """
    if principal.account_id is not None:
        return await access_session(tx, validation_session_id=validation_session_id, account_id=principal.account_id)
    return await access_session(
        tx, validation_session_id=validation_session_id, participant_id=principal.participant_id
    )
