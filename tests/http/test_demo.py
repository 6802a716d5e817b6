"""The demo: seeded once, its links afresh at each start, and nothing of it in another installation."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from server.auth.accounts import add_first_account
from server.demo import demo_links, seed_demo
from sessions.roster.rules import OfficeRole
from tests.http.house import PASSWORD, House, listed, open_house


@pytest.fixture
async def empty(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """Run the API over an installation without anybody."""
    async with open_house(database_url, tmp_path) as opened:
        yield opened


def token(link: str) -> dict[str, str]:
    """Return the body that a page makes of a link's fragment."""
    return {"token": link.partition("#")[2]}


async def test_every_link_of_the_demo_opens_its_role(empty: House) -> None:
    """The specialists, the supervisor, the reviewer, the operator and the member's contact, and the phone last."""
    await seed_demo(empty.services)
    *links, (phone_name, phone_link) = await demo_links(empty.services)
    seen = []
    for _, link in links:
        visitor = await empty.browser()
        status, me = await visitor.post("/login/link", token(link))
        assert status == 200
        seen.append(me["office_role"])
    assert sorted(map(str, seen)) == ["member", "operator", "reviewer", "scss", "scss", "supervisor"]
    phone = await empty.browser()
    status, view = await phone.post("/join", token(phone_link))
    assert (status, view["state"], view["role"]) == (200, "planned", "camera_operator")
    assert phone_name == f"Phone ({view['name']})"


async def test_started_again_it_keeps_its_data_and_ends_unopened_links(empty: House) -> None:
    """A phone that is in the room stays there; a link on yesterday's screen opens nothing."""
    await seed_demo(empty.services)
    first = await demo_links(empty.services)
    phone = await empty.browser()
    await phone.post("/join", token(first[-1][1]))
    empty.clock.move(timedelta(hours=5))
    await seed_demo(empty.services)
    second = await demo_links(empty.services)
    third = await demo_links(empty.services)
    assert [name for name, _ in first] == [name for name, _ in second] == [name for name, _ in third]
    visitor = await empty.browser()
    assert (await visitor.post("/login/link", token(second[0][1])))[0] == 410
    assert (await visitor.post("/join", token(second[-1][1])))[1]["code"] == "link_revoked"
    assert (await phone.get("/me"))[0] == 200
    assert (await visitor.post("/login/link", token(third[0][1])))[0] == 200
    validations = listed(await visitor.seen("/validations"))
    assert len(validations) == len({row["number"] for row in validations}) > 0
    today = listed(await visitor.seen("/worklist"), "today")
    assert [row["starts_at"] for row in today] == ["2026-11-24T17:00:00Z"]


async def test_real_installation_gets_neither_data_nor_links(empty: House) -> None:
    """Even where the demo was left switched on."""
    await add_first_account(
        empty.services, email="real@agency.test", name="Real", office_role=OfficeRole.SUPERVISOR, password=PASSWORD
    )
    await seed_demo(empty.services)
    assert await demo_links(empty.services) == []
    visitor = await empty.browser()
    await visitor.post("/login", {"email": "real@agency.test", "password": PASSWORD})
    assert listed(await visitor.seen("/members")) == []


async def test_account_added_to_the_demo_gets_no_printed_link(empty: House) -> None:
    """Whoever reads the terminal does not become that person."""
    await seed_demo(empty.services)
    before = await demo_links(empty.services)
    await add_first_account(
        empty.services, email="real@agency.test", name="Real", office_role=OfficeRole.SUPERVISOR, password=PASSWORD
    )
    assert [name for name, _ in await demo_links(empty.services)] == [name for name, _ in before]
