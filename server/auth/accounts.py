"""Accounts as the server adds them: the first from the command line, the others by somebody in charge."""

from typing import Final

from evidence.ids import uuid7
from evidence.ledger.events import Actor
from evidence.ledger.transaction import Transaction
from server.auth import store
from server.auth.errors import SignInRefused
from server.auth.events import PasswordSet
from server.auth.journal import state
from server.auth.logins import actor_of
from server.auth.passwords import hash_password, password_fits
from server.auth.principal import Principal
from server.auth.sign_in import Parts
from server.errors import NotSignedIn
from sessions.errors import EmailTaken, RoleNotFitting
from sessions.ids import AccountId
from sessions.roster import store as roster
from sessions.roster.events import AccountAdded
from sessions.roster.records import Account
from sessions.roster.rules import OfficeRole, Side, side_of

CONSOLE: Final = Actor(kind="system", id="console", name="Command line", role="operator")
"""Who adds accounts from the command line: whoever may read the database anyway."""


async def add_first_account(parts: Parts, *, email: str, name: str, office_role: OfficeRole, password: str) -> Account:
    """Add a government account with a password, from the command line.

    Raises: PasswordTooShort; EmailTaken; RoleNotFitting for a member's account, which belongs to a company.
    """
    side = side_of(office_role)
    if side is not Side.GOVERNMENT:
        raise RoleNotFitting(role=office_role.value, side=side.value)
    account = Account(
        id=AccountId(uuid7()),
        email=email,
        name=name,
        office_role=office_role,
        side=side,
        member_id=None,
        language="en",
    )
    hashed = await hash_password(parts.cpu, password)
    async with parts.database.write() as tx:
        if not await roster.insert_account(tx, account):
            raise EmailTaken(email=account.email)
        added = AccountAdded(
            account_id=account.id, email=account.email, name=name, office_role=office_role, member_id=None
        )
        await state(tx, added, CONSOLE)
        await store.set_password_hash(tx, account.id, hashed)
        await state(tx, PasswordSet(account_id=account.id), CONSOLE)
    return account


async def change_password(parts: Parts, person: Principal, *, current: str | None, password: str) -> None:
    """Give one's own account its first password, or another in exchange for the present one.

    All its other logins and unused links end with it: a new password is often the answer to a lost device.

    Raises: NotSignedIn for a guest; TooManyRequests; SignInRefused when the present one is wrong; PasswordTooShort.
    """
    if person.account_id is None:
        raise NotSignedIn
    await parts.limits.admit_sign_in(address=str(person.account_id), email=person.email)
    async with parts.database.read() as tx:
        found = await store.get_sign_in(tx, person.email)
    stored = None if found is None else found.argon2_hash
    if stored is not None and not await password_fits(parts.cpu, stored, current or ""):
        raise SignInRefused
    hashed = await hash_password(parts.cpu, password)
    async with parts.database.write() as tx:
        await store.set_password_hash(tx, person.account_id, hashed)
        await store.revoke_other_logins(tx, person.account_id, but=person.login_id)
        await store.delete_unused_links(tx, (person.account_id,))
        await state(tx, PasswordSet(account_id=person.account_id), actor_of(person))


async def account_of(tx: Transaction, person: Principal) -> Account:
    """Return the account of the signed-in person; raises NotSignedIn for a guest."""
    if person.account_id is None:
        raise NotSignedIn
    return await roster.get_account(tx, person.account_id)
