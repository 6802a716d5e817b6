"""What changes when people reach the pages by https, behind a proxy that the operator has named."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.auth.accounts import add_first_account
from sessions.roster.rules import OfficeRole
from tests.http.house import PASSWORD, House, open_house


@pytest.fixture
async def proxied(sqlite_database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """Run the API for https://office.example behind a proxy on loopback."""
    settings = {"public_url": "https://office.example", "trusted_proxies": "10.0.0.0/8 127.0.0.1/32"}
    async with open_house(sqlite_database_url, tmp_path, **settings) as opened:
        yield opened


async def test_cookie_and_transport_are_bound_to_https(proxied: House) -> None:
    """Secure on the cookie, and browsers are told to stay with https."""
    await add_first_account(
        proxied.services,
        email="supervisor@office.example",
        name="Sam Visor",
        office_role=OfficeRole.SUPERVISOR,
        password=PASSWORD,
    )
    visitor = await proxied.browser()
    body = {"email": "supervisor@office.example", "password": PASSWORD}
    async with visitor.client.post("/api/login", json=body) as response:
        assert response.status == 204
        assert "; Secure" in response.headers["Set-Cookie"]
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


async def test_limits_count_by_the_address_the_proxy_has_seen(proxied: House) -> None:
    """What a client writes into the header itself stands before it and counts for nothing."""
    visitor = await proxied.browser()
    wrong = {"email": "nobody@office.example", "password": "wrong"}
    first = [
        (await visitor.ask("POST", "/login", wrong, headers={"X-Forwarded-For": f"198.51.100.{turn}, 203.0.113.7"}))[0]
        for turn in range(9)
    ]
    assert first == [401] * 8 + [429]
    status, _ = await visitor.ask("POST", "/login", wrong, headers={"X-Forwarded-For": "203.0.113.8"})
    assert status == 401


async def test_stranger_cannot_choose_an_address(sqlite_database_url: str, tmp_path: Path) -> None:
    """Nobody was named as a proxy, so the header is not read."""
    wrong = {"email": "nobody@office.example", "password": "wrong"}
    async with open_house(sqlite_database_url, tmp_path) as house:
        visitor = await house.browser()
        statuses = [
            (await visitor.ask("POST", "/login", wrong, headers={"X-Forwarded-For": f"203.0.113.{turn}"}))[0]
            for turn in range(9)
        ]
    assert statuses == [401] * 8 + [429]
