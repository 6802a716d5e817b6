"""Signing in by password and by single-use link, and the passwords of accounts."""

import secrets
from concurrent.futures import Executor
from datetime import timedelta
from typing import Final, Protocol
from uuid import UUID

from evidence.ledger.events import Actor
from evidence.ledger.transaction import Transaction
from server.auth import store
from server.auth.errors import SignInLinkSpent, SignInRefused
from server.auth.events import SignInRefusedNoted
from server.auth.journal import state
from server.auth.limits import RateLimits
from server.auth.logins import Browser, OpenedLogin, open_login, token_digest
from server.auth.passwords import is_outdated, password_fits, rehash_password
from server.db import Database

LINK_LIFE: Final = timedelta(hours=24)
"""How long a single-use sign-in link waits for its use."""
_GATE: Final = Actor(kind="system", id="sign_in", name="Sign-in")


class Parts(Protocol):
    """What signing in uses of a process."""

    @property
    def database(self) -> Database:
        """The database of logins."""
        ...

    @property
    def limits(self) -> RateLimits:
        """The counters of tries."""
        ...

    @property
    def cpu(self) -> Executor:
        """Where passwords are hashed."""
        ...


async def sign_in(parts: Parts, email: str, password: str, browser: Browser) -> OpenedLogin:
    """Open a login for an account by its password.

    Args: email: as accounts keep it, in lower case.
    Raises: TooManyRequests; SignInRefused, alike for an unknown address, an account without password, a wrong one.
    """
    await parts.limits.admit_sign_in(address=browser.address, email=email)
    async with parts.database.read() as tx:
        found = await store.get_sign_in(tx, email)
    stored = None if found is None else found.argon2_hash
    # Hashing takes a tenth of a second and memory: no transaction is open meanwhile.
    fits = await password_fits(parts.cpu, stored, password)
    if found is None or stored is None or not fits:
        async with parts.database.write() as tx:
            account_id = None if found is None else found.account_id
            await state(tx, SignInRefusedNoted(account_id=account_id, address=browser.address), _GATE)
        raise SignInRefused
    fresher = await rehash_password(parts.cpu, password) if is_outdated(stored) else None
    async with parts.database.write() as tx:
        if fresher is not None:
            await store.set_password_hash(tx, found.account_id, fresher)
        opened = await open_login(tx, browser, way="password", account_id=found.account_id)
    await parts.limits.forgive_sign_in(address=browser.address, email=email)
    return opened


async def make_sign_in_link(tx: Transaction, account_id: UUID) -> str:
    """Return the token of a new single-use sign-in link; it cannot be read again."""
    token = secrets.token_urlsafe(32)
    await store.insert_sign_in_link(
        tx, token_sha256=token_digest(token), account_id=account_id, expires_at=tx.now + LINK_LIFE
    )
    return token


async def sign_in_by_link(parts: Parts, token: str, browser: Browser) -> OpenedLogin:
    """Open a login by a single-use link.

    Raises: TooManyRequests; SignInLinkSpent.
    """
    await parts.limits.admit_link(address=browser.address)
    async with parts.database.write() as tx:
        account_id = await store.use_sign_in_link(tx, token_digest(token))
        if account_id is None:
            raise SignInLinkSpent
        return await open_login(tx, browser, way="link", account_id=account_id)
