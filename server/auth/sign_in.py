"""Signing in by password and by single-use link, and the passwords of accounts."""

import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from evidence.ids import DEPLOYMENT_LOG
from evidence.ledger.events import Actor
from evidence.ledger.transaction import Transaction
from server.auth import store
from server.auth.errors import SignInLinkSpent, SignInRefused
from server.auth.events import PasswordSet, SignInRefusedNoted
from server.auth.logins import Browser, OpenedLogin, open_login, token_digest
from server.auth.passwords import is_outdated, password_fits, rehash_password
from server.services import Services

LINK_LIFE: Final = timedelta(hours=24)
"""How long a single-use sign-in link waits for its use."""
_GATE: Final = Actor(kind="system", id="sign_in", name="Sign-in")


def normal_email(email: str) -> str:
    """Return the address as accounts keep it: trimmed, in lower case."""
    return email.strip().lower()


async def sign_in(services: Services, email: str, password: str, browser: Browser) -> OpenedLogin:
    """Open a login for an account by its password.

    Raises: TooManyRequests; SignInRefused, alike for an unknown address, an account without password, a wrong one.
    """
    address = normal_email(email)
    await services.limits.admit_sign_in(address=browser.address, email=address)
    async with services.database.read() as tx:
        found = await store.get_sign_in(tx, address)
    stored = None if found is None else found.argon2_hash
    # Hashing takes a tenth of a second and memory: no transaction is open meanwhile.
    fits = await password_fits(services.cpu, stored, password)
    if found is None or stored is None or not fits:
        async with services.database.write() as tx:
            account_id = None if found is None else found.account_id
            tx.record(DEPLOYMENT_LOG, SignInRefusedNoted(account_id=account_id, address=browser.address), _GATE)
        raise SignInRefused
    fresher = await rehash_password(services.cpu, password) if is_outdated(stored) else None
    async with services.database.write() as tx:
        if fresher is not None:
            await store.set_password_hash(tx, found.account_id, fresher)
        opened = await open_login(tx, browser, way="password", account_id=found.account_id)
    await services.limits.forgive_sign_in(address=browser.address, email=address)
    return opened


async def make_sign_in_link(tx: Transaction, account_id: UUID) -> str:
    """Return the token of a new single-use sign-in link; it cannot be read again."""
    token = secrets.token_urlsafe(32)
    await store.insert_sign_in_link(
        tx, token_sha256=token_digest(token), account_id=account_id, expires_at=tx.now + LINK_LIFE
    )
    return token


async def sign_in_by_link(services: Services, token: str, browser: Browser) -> OpenedLogin:
    """Open a login by a single-use link.

    Raises: TooManyRequests; SignInLinkSpent.
    """
    await services.limits.admit_link(address=browser.address)
    async with services.database.write() as tx:
        account_id = await store.use_sign_in_link(tx, token_digest(token))
        if account_id is None:
            raise SignInLinkSpent
        return await open_login(tx, browser, way="link", account_id=account_id)


async def set_password(tx: Transaction, account_id: UUID, argon2_hash: str, *, actor: Actor) -> None:
    """Store an account's password and state in the deployment's log that it was set."""
    await store.set_password_hash(tx, account_id, argon2_hash)
    tx.record(DEPLOYMENT_LOG, PasswordSet(account_id=account_id), actor)
