"""Rows of passwords, logins and sign-in links."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, select, update

from evidence.ledger.transaction import Transaction
from evidence.records import Instant, Record
from server.auth.tables import credential, login, sign_in_link
from sessions.roster.tables import account, participant
from sessions.schedule.tables import invitation


class LoginRow(Record):
    """One login of a person, as its list shows it."""

    id: UUID
    created_at: Instant
    last_seen_at: Instant
    expires_at: Instant
    address: str
    user_agent: str


class SignInRow(Record):
    """What a sign-in by password needs of an account."""

    account_id: UUID
    argon2_hash: str | None


async def get_sign_in(tx: Transaction, email: str) -> SignInRow | None:
    """Return the account that signs in with this address, with its password hash if it has one."""
    query = (
        select(account.c.id.label("account_id"), credential.c.argon2_hash)
        .select_from(account.outerjoin(credential))
        .where(account.c.email == email)
    )
    row = (await tx.execute(query)).mappings().one_or_none()
    return None if row is None else SignInRow.model_validate(dict(row))


async def set_password_hash(tx: Transaction, account_id: UUID, argon2_hash: str) -> None:
    """Store the hash of the account's password, its first or another."""
    values = {"argon2_hash": argon2_hash, "set_at": tx.now}
    changed = await tx.execute(update(credential).where(credential.c.account_id == account_id).values(values))
    if changed.rowcount == 0:
        await tx.execute(insert(credential).values(account_id=account_id, **values))


async def insert_login(
    tx: Transaction,
    *,
    login_id: UUID,
    token_sha256: str,
    account_id: UUID | None,
    invitation_id: UUID | None,
    expires_at: datetime,
    address: str,
    user_agent: str,
) -> None:
    """Add a login; exactly one of account and invitation is set."""
    row = {
        "id": login_id,
        "token_sha256": token_sha256,
        "account_id": account_id,
        "invitation_id": invitation_id,
        "created_at": tx.now,
        "last_seen_at": tx.now,
        "expires_at": expires_at,
        "address": address,
        "user_agent": user_agent,
    }
    await tx.execute(insert(login).values(row))


async def get_login(tx: Transaction, token_sha256: str) -> dict[str, object] | None:
    """Return the login behind a token with its person's fields, prefixed `account_`, `guest_` and `invitation_`."""
    return await _login(tx, login.c.token_sha256 == token_sha256)


async def get_login_by_id(tx: Transaction, login_id: UUID) -> dict[str, object] | None:
    """Return a login by its id, as `get_login` does by its token."""
    return await _login(tx, login.c.id == login_id)


async def _login(tx: Transaction, which: ColumnElement[bool]) -> dict[str, object] | None:
    tables = (
        login.outerjoin(account, account.c.id == login.c.account_id)
        .outerjoin(invitation, invitation.c.id == login.c.invitation_id)
        .outerjoin(participant, participant.c.id == invitation.c.participant_id)
    )
    query = (
        select(
            login.c.id,
            login.c.account_id,
            login.c.last_seen_at,
            login.c.expires_at,
            login.c.revoked_at,
            *(account.c[name].label(f"account_{name}") for name in _ACCOUNT),
            *(participant.c[name].label(f"guest_{name}") for name in _GUEST),
            invitation.c.validation_session_id.label("invitation_session_id"),
            invitation.c.revoked_at.label("invitation_revoked_at"),
        )
        .select_from(tables)
        .where(which)
    )
    row = (await tx.execute(query)).mappings().one_or_none()
    return None if row is None else dict(row)


_ACCOUNT = ("name", "email", "side", "office_role", "member_id", "language")
_GUEST = ("id", "name", "email", "side", "validation_id", "language")


async def touch_login(tx: Transaction, login_id: UUID) -> None:
    """Note that the login was used now."""
    await tx.execute(update(login).where(login.c.id == login_id).values(last_seen_at=tx.now))


async def list_logins(
    tx: Transaction, *, account_id: UUID | None, login_id: UUID | None, seen_after: datetime
) -> tuple[LoginRow, ...]:
    """Return the living logins of an account, else the one guest login; the latest first."""
    own = login.c.account_id == account_id if account_id else login.c.id == login_id
    query = (
        select(*(login.c[name] for name in LoginRow.model_fields))
        .where(own, login.c.revoked_at.is_(None), login.c.expires_at > tx.now, login.c.last_seen_at > seen_after)
        .order_by(login.c.created_at.desc(), login.c.id.desc())
    )
    return tuple(LoginRow.model_validate(dict(row)) for row in (await tx.execute(query)).mappings())


async def set_login_revoked(tx: Transaction, login_id: UUID, *, account_id: UUID | None) -> bool:
    """Revoke a login, of this account only when one is given; return whether there was a living one."""
    change = update(login).where(login.c.id == login_id, login.c.revoked_at.is_(None)).values(revoked_at=tx.now)
    if account_id is not None:
        change = change.where(login.c.account_id == account_id)
    return (await tx.execute(change)).rowcount == 1


async def revoke_other_logins(tx: Transaction, account_id: UUID, *, but: UUID) -> None:
    """Revoke every living login of the account except one."""
    others = update(login).where(login.c.account_id == account_id, login.c.id != but, login.c.revoked_at.is_(None))
    await tx.execute(others.values(revoked_at=tx.now))


async def insert_sign_in_link(tx: Transaction, *, token_sha256: str, account_id: UUID, expires_at: datetime) -> None:
    """Add a single-use link."""
    row = {"token_sha256": token_sha256, "account_id": account_id, "expires_at": expires_at}
    await tx.execute(insert(sign_in_link).values(row))


async def use_sign_in_link(tx: Transaction, token_sha256: str) -> UUID | None:
    """Use the link up and return its account; None when it is unknown, used or expired.

    One statement decides: of two browsers in the same moment only one changes the row.
    """
    change = (
        update(sign_in_link)
        .where(
            sign_in_link.c.token_sha256 == token_sha256,
            sign_in_link.c.used_at.is_(None),
            sign_in_link.c.expires_at > tx.now,
        )
        .values(used_at=tx.now)
        .returning(sign_in_link.c.account_id)
    )
    row = (await tx.execute(change)).mappings().one_or_none()
    return None if row is None else row["account_id"]


async def delete_unused_links(tx: Transaction, account_ids: tuple[UUID, ...]) -> None:
    """Forget the links of these accounts that nobody has used."""
    mine = sign_in_link.c.account_id.in_(account_ids)
    await tx.execute(delete(sign_in_link).where(mine, sign_in_link.c.used_at.is_(None)))
