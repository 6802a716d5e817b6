"""Requests of other sites' pages, and the headers that every answer carries."""

import pytest

from tests.http.house import PASSWORD, House


@pytest.fixture
def database_url(sqlite_database_url: str) -> str:
    """Run these on SQLite alone: no database decides here."""
    return sqlite_database_url


NOTE = {"name": "New Member", "entity_types": ["importer"]}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_unsafe_request_is_judged_by_where_its_page_came_from(
    house: House, headers: dict[str, str], expected: int
) -> None:
    """A page of a sibling domain is as foreign as any other."""
    status, answer = await house.people["lead"].ask("POST", "/members", NOTE, headers=headers)
    assert status == expected
    assert expected == 201 or answer["code"] == "cross_site_request"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://[", "http://127.0.0.1:1"])
async def test_old_browser_is_judged_by_its_origin(house: House, origin: str) -> None:
    """Without Sec-Fetch-Site the Origin must be ours; a port of its own is another origin."""
    lead = house.people["lead"]
    async with lead.client.post("/api/members", json=NOTE, headers={"Origin": origin}) as response:
        assert response.status == 403
    async with lead.client.post("/api/members", json=NOTE, headers={"Origin": house.url}) as response:
        assert response.status == 201


async def test_foreign_page_cannot_sign_anybody_out(house: House) -> None:
    """DELETE is unsafe too, and nothing has happened."""
    lead = house.people["lead"]
    status, _ = await lead.ask("DELETE", "/login", headers={"Sec-Fetch-Site": "cross-site"})
    assert status == 403
    assert (await lead.get("/me"))[0] == 200


async def test_program_with_a_token_needs_no_page(house: House) -> None:
    """A bearer token is in no browser's keeping, so no foreign page can borrow it."""
    token = house.people["lead"].cookie("sightline_login")
    program = await house.browser(Authorization=f"Bearer {token}")
    async with program.client.post("/api/members", json=NOTE) as response:
        assert response.status == 201


async def test_every_answer_carries_the_headers(house: House) -> None:
    """Refusals too. Camera and microphone stay on for our own pages, and only for them."""
    async with house.people["lead"].client.get("/api/nowhere") as response:
        assert response.status == 404
        headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Permissions-Policy"] == "camera=(self), microphone=(self), geolocation=(self)"
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'self'",
        "img-src": "'self' blob: data:",
        "media-src": "'self' blob:",
        "connect-src": "'self' ws: wss:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "form-action": "'self'",
    }
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("body", [b"{", b'{"email": "\xff"}', b"[]", b'{"email": "a@b.c", "password": "\\u0000"}'])
async def test_malformed_body_is_refused_without_an_echo(house: House, body: bytes) -> None:
    """Broken JSON, bytes that are no UTF-8, a wrong shape and a NUL: a problem that says where, and not what."""
    visitor = await house.browser()
    async with visitor.client.post("/api/login", data=body, headers={"Content-Type": "application/json"}) as response:
        assert response.status == 422
        assert "password" not in (await response.text()).replace("body.password", "")


async def test_form_of_another_page_is_no_request(house: House) -> None:
    """What a plain HTML form can send is refused by its type."""
    visitor = await house.browser()
    form = {"email": "supervisor@office.example", "password": PASSWORD}
    async with visitor.client.post("/api/login", data=form) as response:
        assert response.status == 415
