"""Logins: opened, recognised by token, listed and revoked on the server. The browser holds a random token only."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple
from uuid import UUID

from evidence.ids import uuid7
from evidence.ledger.events import Actor
from evidence.ledger.transaction import Transaction
from server.auth import store
from server.auth.events import LoginOpened, LoginRevoked
from server.auth.journal import state
from server.auth.principal import Principal
from server.db import Database
from server.errors import NotFound, NotSignedIn

COOKIE: Final = "sightline_login"
"""The cookie that carries a login's token."""
IDLE: Final = timedelta(hours=12)
"""A login unused for this long is dead."""
LIFE: Final = timedelta(days=7)
"""No login lives longer, used or not."""
SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly the last use is known; a write for each request would queue behind the room's."""


class Browser(NamedTuple):
    """Where a request comes from: network address and the name the browser gives itself (200 characters at most)."""

    address: str
    user_agent: str


class OpenedLogin(NamedTuple):
    """A new login: its token, which nobody can read again, and the person behind it."""

    token: str
    person: Principal


def token_digest(token: str) -> str:
    """Return what is stored of a token; 32 random bytes need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


async def open_login(
    tx: Transaction,
    browser: Browser,
    *,
    way: Literal["password", "link", "invitation"],
    account_id: UUID | None = None,
    invitation_id: UUID | None = None,
) -> OpenedLogin:
    """Open a login for an account, or for the guest of an invitation, and state it in the deployment's log.

    Raises: NotSignedIn when the invitation was revoked.
    """
    token = secrets.token_urlsafe(32)
    await store.insert_login(
        tx,
        login_id=uuid7(),
        token_sha256=token_digest(token),
        account_id=account_id,
        invitation_id=invitation_id,
        expires_at=tx.now + LIFE,
        address=browser.address,
        user_agent=browser.user_agent,
    )
    person = await identify(tx, token)
    if person is None:
        raise NotSignedIn
    event = LoginOpened(login_id=person.login_id, way=way, address=browser.address, user_agent=browser.user_agent)
    await state(tx, event, actor_of(person))
    return OpenedLogin(token, person)


async def identify(tx: Transaction, token: str) -> Principal | None:
    """Return the person behind a login's token; None when it is unknown, too old, or revoked."""
    row = await _living(tx, token)
    return None if row is None else _principal(row)


async def recognise(database: Database, token: str) -> Principal | None:
    """Do as `identify` in a transaction of its own, and note the use of the login at most once a minute."""
    async with database.read() as tx:
        row = await _living(tx, token)
        stale = row is not None and _moment(row["last_seen_at"]) < tx.now - SEEN_EVERY
    if row is None:
        return None
    person = _principal(row)
    if stale:
        async with database.write() as tx:
            await store.touch_login(tx, person.login_id)
    return person


async def recognise_login(database: Database, login_id: UUID) -> Principal | None:
    """Return the person behind a login that we named ourselves; None when it is over. It is no use of the login."""
    async with database.read() as tx:
        row = _alive(tx, await store.get_login_by_id(tx, login_id))
    return None if row is None else _principal(row)


async def _living(tx: Transaction, token: str) -> dict[str, object] | None:
    return _alive(tx, await store.get_login(tx, token_digest(token)))


def _alive(tx: Transaction, row: dict[str, object] | None) -> dict[str, object] | None:
    if row is None or row["revoked_at"] is not None or row["invitation_revoked_at"] is not None:
        return None
    dead = _moment(row["expires_at"]) <= tx.now or _moment(row["last_seen_at"]) <= tx.now - IDLE
    return None if dead else row


def _moment(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise TypeError(value)
    return value


def _principal(row: dict[str, object]) -> Principal:
    if row["account_id"] is not None:
        names = ("name", "email", "side", "office_role", "member_id", "language")
        fields = {name: row[f"account_{name}"] for name in names}
        return Principal.model_validate(
            {"login_id": row["id"], "kind": "account", "account_id": row["account_id"], **fields}
        )
    fields = {name: row[f"guest_{name}"] for name in ("name", "email", "side", "validation_id", "language")}
    return Principal.model_validate(
        {
            "login_id": row["id"],
            "kind": "guest",
            "participant_id": row["guest_id"],
            "validation_session_id": row["invitation_session_id"],
            **fields,
        }
    )


def actor_of(person: Principal) -> Actor:
    """Return the person as the deployment's log names them."""
    if person.account_id is not None:
        return Actor(kind="account", id=str(person.account_id), name=person.name, role=person.office_role or "")
    return Actor(kind="participant", id=str(person.participant_id), name=person.name)


async def list_logins(tx: Transaction, person: Principal, *, account_id: UUID | None) -> tuple[store.LoginRow, ...]:
    """Return the living logins of `account_id`, else of the person: an account's all, a guest's one."""
    return await store.list_logins(
        tx, account_id=account_id or person.account_id, login_id=person.login_id, seen_after=tx.now - IDLE
    )


async def revoke(tx: Transaction, person: Principal, login_id: UUID, *, anyones: bool) -> None:
    """End a login at once: one's own, or anyone's when the office role permits it.

    Raises: NotFound when there is no such living login, or it belongs to somebody else.
    """
    own = login_id == person.login_id
    if not own and person.account_id is None:
        raise NotFound
    if not await store.set_login_revoked(tx, login_id, account_id=None if own or anyones else person.account_id):
        raise NotFound
    await state(tx, LoginRevoked(login_id=login_id), actor_of(person))
