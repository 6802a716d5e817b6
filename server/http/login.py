"""Signing in and out, who one is, and the list of one's logins."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from evidence.records import Instant, Name, Record
from server.auth import logins
from server.auth.principal import Principal
from server.auth.sign_in import sign_in, sign_in_by_link
from server.errors import NotPermitted
from server.http.routing import Call, Operation, Who
from server.http.security import LOGIN_COOKIE, browser_of, give_cookie
from server.live.enforcement import enforce
from sessions.roster.records import EmailAddress
from sessions.roster.rules import OfficeRole, Side

Secret = Annotated[str, StringConstraints(min_length=1, max_length=1024, pattern=r"^[^\x00]+$")]
"""A password or token as it is sent."""
IN_CHARGE = frozenset({OfficeRole.SUPERVISOR.value, OfficeRole.OPERATOR.value})
"""Office roles that may see and end the logins of other people."""


class PasswordSignIn(Record):
    """A sign-in by password."""

    email: EmailAddress
    password: Secret


class LinkSignIn(Record):
    """A sign-in by a single-use link; the token is the link's fragment."""

    token: Secret


class Me(Record):
    """The signed-in person as their own page knows them."""

    kind: Literal["account", "guest"]
    name: Name
    email: str
    side: Side
    office_role: OfficeRole | None
    member_id: UUID | None
    account_id: UUID | None
    participant_id: UUID | None
    validation_id: UUID | None
    validation_session_id: UUID | None
    language: str


class LoginView(Record):
    """One living login in the list of its owner."""

    id: UUID
    created_at: Instant
    last_seen_at: Instant
    expires_at: Instant
    address: str
    user_agent: str
    current: bool


class LoginList(Record):
    """Living logins, the latest first."""

    items: tuple[LoginView, ...]


class LoginsQuery(Record):
    """Whose logins: one's own, or for somebody in charge those of an account."""

    account_id: UUID | None = None


class LoginPath(Record):
    """One login."""

    login_id: UUID


def view_of(person: Principal) -> Me:
    """Return what a person's own page may know of them; the login's id is in the list of logins."""
    return Me.model_validate(person.model_dump(exclude={"login_id"}))


async def open_login_by_password(call: Call, *, body: PasswordSignIn) -> None:
    """Sign in by password and set the login cookie."""
    opened = await sign_in(call.services, body.email, body.password, browser_of(call.request))
    give_cookie(call.request, LOGIN_COOKIE, opened.token)


async def open_login_by_link(call: Call, *, body: LinkSignIn) -> Me:
    """Sign in by a single-use link and set the login cookie."""
    opened = await sign_in_by_link(call.services, body.token, browser_of(call.request))
    give_cookie(call.request, LOGIN_COOKIE, opened.token)
    return view_of(opened.person)


async def close_login(call: Call) -> None:
    """Sign out: the login ends on the server, and the cookie goes."""
    await _end_login(call, call.principal.login_id, anyones=False)
    give_cookie(call.request, LOGIN_COOKIE, "")


async def get_me(call: Call) -> Me:
    """Return who is signed in."""
    return view_of(call.principal)


async def list_logins(call: Call, *, query: LoginsQuery) -> LoginList:
    """List living logins, one's own or those of another account."""
    person = call.principal
    if query.account_id not in {None, person.account_id} and person.office_role not in IN_CHARGE:
        raise NotPermitted
    async with call.services.database.read() as tx:
        rows = await logins.list_logins(tx, person, account_id=query.account_id)
    views = (LoginView(**row.model_dump(), current=row.id == person.login_id) for row in rows)
    return LoginList(items=tuple(views))


async def revoke_login(call: Call, *, path: LoginPath) -> None:
    """End a login at once."""
    await _end_login(call, path.login_id, anyones=call.principal.office_role in IN_CHARGE)


async def _end_login(call: Call, login_id: UUID, *, anyones: bool) -> None:
    """End a login, and with it what its browser sends and watches."""
    async with call.services.database.write() as tx:
        await logins.revoke(tx, call.principal, login_id, anyones=anyones)
    await enforce(call.services)


OPERATIONS = (
    Operation("POST", "/api/login", open_login_by_password, "Sign in by password", Who.ANYONE, 204),
    Operation("POST", "/api/login/link", open_login_by_link, "Sign in by a single-use link", Who.ANYONE),
    Operation("DELETE", "/api/login", close_login, "Sign out", Who.SIGNED_IN, 204),
    Operation("GET", "/api/me", get_me, "Who is signed in"),
    Operation("GET", "/api/logins", list_logins, "Living logins"),
    Operation("DELETE", "/api/logins/{login_id}", revoke_login, "End a login at once", Who.SIGNED_IN, 204),
)
