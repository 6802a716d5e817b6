"""Accounts of the office and of members, and one's own password."""

from pydantic import Field

from evidence.records import Instant, Name, Record
from server.auth.accounts import account_of, change_password
from server.auth.links import sign_in_url
from server.auth.passwords import MIN_LENGTH
from server.auth.sign_in import LINK_LIFE, make_sign_in_link
from server.http.login import Secret
from server.http.routing import Call, Operation, Who
from server.live.enforcement import enforce
from sessions.ids import MemberId
from sessions.roster import store
from sessions.roster.actions import add_account, require_office
from sessions.roster.records import Account, EmailAddress, Language
from sessions.roster.rules import OfficePermission, OfficeRole


class AccountsQuery(Record):
    """Which accounts: all, or those of one office role."""

    office_role: OfficeRole | None = None


class AccountList(Record):
    """Accounts by name."""

    items: tuple[Account, ...]


class NewAccount(Record):
    """An account to be; only a member's account names a member."""

    email: EmailAddress
    name: Name
    office_role: OfficeRole
    member_id: MemberId | None = None
    language: Language = "en"


class AccountAddedView(Record):
    """The new account, with the single-use sign-in link that is shown this once."""

    account: Account
    link: str
    link_expires_at: Instant


class NewPassword(Record):
    """Another password; `current` is needed as soon as there is one."""

    current: Secret | None = None
    password: Secret = Field(json_schema_extra={"minLength": MIN_LENGTH})


async def list_accounts(call: Call, *, query: AccountsQuery) -> AccountList:
    """List accounts by name."""
    async with call.services.database.read() as tx:
        require_office(await account_of(tx, call.principal), OfficePermission.READ_ACCOUNTS)
        return AccountList(items=await store.list_accounts(tx, query.office_role))


async def create_account(call: Call, *, body: NewAccount) -> AccountAddedView:
    """Add an account and hand out the link by which its owner signs in the first time."""
    async with call.services.database.write() as tx:
        by = await account_of(tx, call.principal)
        account = await add_account(tx, by, **dict(body))
        token = await make_sign_in_link(tx, account.id)
        link = sign_in_url(call.services.settings.origin, token)
        return AccountAddedView(account=account, link=link, link_expires_at=tx.now + LINK_LIFE)


async def set_my_password(call: Call, *, body: NewPassword) -> None:
    """Set or change the password of the own account; its other logins end, with what they send and watch."""
    await change_password(call.services, call.principal, current=body.current, password=body.password)
    await enforce(call.services)


OPERATIONS = (
    Operation("GET", "/api/accounts", list_accounts, "Accounts by name", Who.GOVERNMENT),
    Operation("POST", "/api/accounts", create_account, "Add an account", Who.GOVERNMENT, 201),
    Operation("PUT", "/api/me/password", set_my_password, "Set the own password", Who.ACCOUNT, 204),
)
