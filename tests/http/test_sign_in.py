"""Signing in by password and by link, the cookie, and logins that end when they are told to."""

from datetime import timedelta
from uuid import uuid4

import pytest

from evidence.ids import DEPLOYMENT_LOG
from evidence.ledger.rules import Audience
from evidence.ledger.store import read_entries
from tests.http.house import PASSWORD, House, listed


async def deployment_tags(house: House) -> list[str | None]:
    """Return the tags of the deployment's log in order."""
    async with house.services.database.read() as tx:
        entries = await read_entries(tx, DEPLOYMENT_LOG, after=-1, limit=1000, audience=Audience.GOVERNMENT)
    return [entry.tag for entry in entries]


async def test_password_opens_a_login(house: House) -> None:
    """The page learns who it serves from `/me`, and the log states the sign-in."""
    visitor = await house.browser()
    assert (await visitor.get("/me"))[0] == 401
    status, _ = await visitor.post("/login", {"email": "Supervisor@Office.Example", "password": PASSWORD})
    assert status == 204
    me = await visitor.seen("/me")
    assert (me["name"], me["side"], me["office_role"]) == ("Supervisor", "government", "supervisor")
    assert (await deployment_tags(house))[-1] == "auth.login_opened"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("supervisor@office.example", "not the password"),
        ("nobody@office.example", PASSWORD),
        ("lead@office.example", PASSWORD),
    ],
)
async def test_wrong_pair_is_refused_alike(house: House, email: str, password: str) -> None:
    """A wrong password, an unknown address and an account without password look the same, and are stated."""
    visitor = await house.browser()
    status, problem = await visitor.post("/login", {"email": email, "password": password})
    assert (status, problem["code"]) == (401, "sign_in_refused")
    assert set(problem) == {"type", "title", "status", "code"}
    assert (await deployment_tags(house))[-1] == "auth.sign_in_refused"


async def test_cookie_is_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    """HttpOnly and SameSite=Lax; Secure only where the pages come by https."""
    visitor = await house.browser()
    body = {"email": "supervisor@office.example", "password": PASSWORD}
    async with visitor.client.post("/api/login", json=body) as response:
        cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie


async def test_too_many_tries_are_refused_until_later(house: House) -> None:
    """Eight tries for one address from one place; the next is told when to come back. Another person is not locked."""
    visitor = await house.browser()
    wrong = {"email": "supervisor@office.example", "password": "wrong"}
    statuses = [(await visitor.post("/login", wrong))[0] for _ in range(8)]
    assert statuses == [401] * 8
    async with visitor.client.post("/api/login", json=wrong) as response:
        assert response.status == 429
        assert 0 < int(response.headers["Retry-After"]) <= 600
    other = await house.browser()
    assert (await other.post("/login", wrong | {"email": "other@office.example"}))[0] == 401


async def test_sign_in_link_works_once(house: House) -> None:
    """A used link and one that never was look the same."""
    added = await house.people["supervisor"].made(
        "/accounts", {"email": "new@office.example", "name": "New One", "office_role": "scss"}
    )
    token = str(added["link"]).partition("#")[2]
    first, second = await house.browser(), await house.browser()
    status, me = await first.post("/login/link", {"token": token})
    assert (status, me["email"], me["kind"]) == (200, "new@office.example", "account")
    assert (await first.seen("/me")) == me
    for spent in (token, "x" * 43):
        status, problem = await second.post("/login/link", {"token": spent})
        assert (status, problem["code"]) == (410, "sign_in_link_spent")
    assert (await second.get("/me"))[0] == 401


async def test_sign_in_link_expires(house: House) -> None:
    """After 24 hours it is spent."""
    added = await house.people["supervisor"].made(
        "/accounts", {"email": "new@office.example", "name": "New One", "office_role": "scss"}
    )
    house.clock.move(timedelta(hours=24))
    visitor = await house.browser()
    status, problem = await visitor.post("/login/link", {"token": str(added["link"]).partition("#")[2]})
    assert (status, problem["code"]) == (410, "sign_in_link_spent")


async def test_sign_out_ends_the_login_on_the_server(house: House) -> None:
    """A copy of the cookie taken before opens nothing any more."""
    lead = house.people["lead"]
    token = lead.cookie("sightline_login")
    status, _ = await lead.ask("DELETE", "/login")
    assert status == 204
    assert lead.cookie("sightline_login") is None
    thief = await house.browser(Authorization=f"Bearer {token}")
    assert (await thief.get("/me"))[0] == 401
    assert (await deployment_tags(house))[-1] == "auth.login_revoked"


async def test_revoked_login_ends_at_once(house: House) -> None:
    """Whoever is signed in elsewhere can be put out from here."""
    here = house.people["supervisor"]
    house.clock.move(timedelta(minutes=5))
    elsewhere = await house.browser()
    await elsewhere.post("/login", {"email": "supervisor@office.example", "password": PASSWORD})
    logins = listed(await here.seen("/logins"))
    assert [login["current"] for login in logins] == [False, True]
    status, _ = await here.ask("DELETE", f"/logins/{logins[0]['id']}")
    assert status == 204
    assert (await elsewhere.get("/me"))[0] == 401
    assert (await here.get("/me"))[0] == 200


async def test_logins_of_others_are_for_those_in_charge(house: House) -> None:
    """A specialist neither sees nor ends another one's login; an operator does both."""
    login_id = listed(await house.people["second"].seen("/logins"))[0]["id"]
    lead, operator = house.people["lead"], house.people["operator"]
    account_id = house.ids["second"]
    assert (await lead.get(f"/logins?account_id={account_id}"))[0] == 403
    assert (await lead.ask("DELETE", f"/logins/{login_id}"))[0] == 404
    assert (await lead.ask("DELETE", f"/logins/{uuid4()}"))[0] == 404
    seen = await operator.seen(f"/logins?account_id={account_id}")
    assert [login["id"] for login in listed(seen)] == [login_id]
    assert (await operator.ask("DELETE", f"/logins/{login_id}"))[0] == 204
    assert (await house.people["second"].get("/me"))[0] == 401


async def test_unused_login_dies_after_twelve_hours(house: House) -> None:
    """Use keeps it alive, at most for seven days."""
    lead, second = house.people["lead"], house.people["second"]
    house.clock.move(timedelta(hours=11))
    assert (await lead.get("/me"))[0] == 200
    house.clock.move(timedelta(hours=2))
    assert (await lead.get("/me"))[0] == 200
    assert (await second.get("/me"))[0] == 401
    for _ in range(14):
        house.clock.move(timedelta(hours=11))
        await lead.get("/me")
    house.clock.move(timedelta(hours=2))
    assert (await lead.get("/me"))[0] == 401


async def test_new_password_needs_the_present_one(house: House) -> None:
    """The first is free, every other is an exchange; the new one signs in."""
    lead = house.people["lead"]
    assert (await lead.ask("PUT", "/me/password", {"password": "short"}))[0] == 422
    assert (await lead.ask("PUT", "/me/password", {"password": "first long password"}))[0] == 204
    other = {"password": "second long password"}
    assert (await lead.ask("PUT", "/me/password", other))[0] == 401
    assert (await lead.ask("PUT", "/me/password", other | {"current": "first long password"}))[0] == 204
    visitor = await house.browser()
    status, _ = await visitor.post("/login", {"email": "lead@office.example", "password": "second long password"})
    assert status == 204
    third = {"password": "third long password", "current": "second long password"}
    assert (await visitor.ask("PUT", "/me/password", third))[0] == 204
    assert [(await one.get("/me"))[0] for one in (lead, visitor)] == [401, 200], "a new password ends the other logins"
