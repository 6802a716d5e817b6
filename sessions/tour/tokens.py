"""Media tokens: an encoder or a player of its own, let into one session on behalf of a participant."""

from datetime import datetime, timedelta
from uuid import UUID

from evidence.ledger.transaction import Transaction
from sessions.errors import TokenNameTaken, TokenNotFound
from sessions.ids import TokenId
from sessions.roster.access import Access, access_validation, record, require
from sessions.roster.rules import Permission
from sessions.schedule import store as schedule
from sessions.schedule.actions import open_case
from sessions.schedule.records import ValidationSession
from sessions.tour import events, rules, store
from sessions.tour.records import MediaToken
from sessions.tour.rules import SourceType
from sessions.tour.sources import close_sources


async def make_token(
    tx: Transaction,
    access: Access,
    validation_session_id: UUID,
    *,
    token_id: TokenId,
    digest: str,
    name: str,
    source_type: SourceType | None,
    hours: int,
) -> MediaToken:
    """State that a participant let equipment into a session that is ahead or live.

    Args: digest: what the secret is known by. source_type: what it sends; None for one that watches. hours: how long
        after the planned end it works.
    Raises: NotAllowed; WrongPhase; TokenNameTaken; ValidationNotFound.
    """
    require(access, rules.permission_for_token(source_type))
    await open_case(tx, access)
    session = await schedule.lock_session(tx, access.validation_id, validation_session_id)
    rules.check_session_ahead_or_live(session.state)
    living = (one for one in await store.list_tokens(tx, session.id) if one.lives(tx.now))
    if name in {one.name for one in living}:
        raise TokenNameTaken
    token = MediaToken(
        id=token_id,
        validation_id=access.validation_id,
        validation_session_id=session.id,
        participant_id=access.participant_id,
        name=name,
        source_type=source_type,
        digest=digest,
        hours=hours,
        made_at=tx.now,
        expires_at=rules.token_expiry(_planned_end(session), tx.now, hours=hours),
    )
    await store.insert_token(tx, token)
    made = events.TokenMade(
        validation_session_id=session.id,
        token_id=token.id,
        name=name,
        source_type=source_type,
        expires_at=token.expires_at,
    )
    record(tx, access, made)
    return token


def _planned_end(session: ValidationSession) -> datetime:
    return session.starts_at + timedelta(minutes=session.duration_min)


async def list_tokens(tx: Transaction, access: Access, validation_session_id: UUID) -> tuple[MediaToken, ...]:
    """Return the tokens of a session, to who holds the door; to others those they made.

    Raises: NotAllowed; ValidationNotFound.
    """
    require(access, Permission.CONNECT_EQUIPMENT)
    session = await schedule.get_session(tx, access.validation_id, validation_session_id)
    made = await store.list_tokens(tx, session.id)
    return tuple(token for token in made if _may_see(access, token))


def _may_see(access: Access, token: MediaToken) -> bool:
    return access.may(Permission.ADMIT) or token.participant_id == access.participant_id


async def revoke_token(tx: Transaction, access: Access, token_id: UUID) -> None:
    """Make a token open nothing any more and close what it sends; a second time changes nothing.

    Raises: NotAllowed; TokenNotFound, also for one of another validation and for one of somebody else.
    """
    token = await store.lock_token(tx, token_id)
    require(access, Permission.CONNECT_EQUIPMENT)
    if token.validation_id != access.validation_id or not _may_see(access, token):
        raise TokenNotFound
    if token.revoked_at is not None:
        return
    await store.set_token(tx, token.id, revoked_at=tx.now)
    await close_sources(tx, access, token.validation_session_id, token_id=token.id, reason="token_revoked")
    revoked = events.TokenRevoked(validation_session_id=token.validation_session_id, token_id=token.id, name=token.name)
    record(tx, access, revoked)


async def access_of_token(tx: Transaction, token: MediaToken) -> Access:
    """Return the access of who made the token: it may no more than they may now. Raises ValidationNotFound."""
    return await access_validation(tx, validation_id=token.validation_id, participant_id=token.participant_id)


async def note_use(tx: Transaction, access: Access, token_id: UUID) -> bool:
    """Note that a token was used, and state it the first time.

    Returns: whether it still opens anything; its row is held, so a withdrawal comes before this or after it.
    """
    token = await store.lock_token(tx, token_id)
    if not token.lives(tx.now):
        return False
    await store.set_token(tx, token.id, last_used_at=tx.now, first_used_at=token.first_used_at or tx.now)
    if token.first_used_at is None:
        used = events.TokenUsed(validation_session_id=token.validation_session_id, token_id=token.id, name=token.name)
        record(tx, access, used)
    return True


async def move_token_expiry(tx: Transaction, session: ValidationSession) -> None:
    """Let the tokens of a moved session work for as long as its new time needs."""
    for token in await store.list_tokens(tx, session.id):
        expires_at = rules.token_expiry(_planned_end(session), tx.now, hours=token.hours)
        await store.set_token(tx, token.id, expires_at=expires_at)
