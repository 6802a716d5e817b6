"""Members, sites, people, accounts and criteria through the API, and who is refused."""

from uuid import uuid4

import pytest

from tests.http.house import House, listed, open_case

SITE = {"name": "Plant 2", "address": "Road 1", "country": "MX", "time_zone": "America/Tijuana"}
PERSON = {"name": "Luis Paz", "title": "", "email": "Luis@Member.Example", "language": "es"}


async def test_specialist_keeps_members_and_their_people(house: House) -> None:
    """What was added is in the member's record, addresses in lower case."""
    lead, member_id = house.people["lead"], house.ids["member"]
    await lead.made(f"/members/{member_id}/sites", SITE | {"latitude_deg": 32.5, "longitude_deg": -117})
    await lead.made(f"/members/{member_id}/people", PERSON)
    seen = await lead.seen(f"/members/{member_id}")
    assert [site["name"] for site in listed(seen, "sites")] == ["Plant 1", "Plant 2"]
    assert [person["email"] for person in listed(seen, "people")] == ["ana@member.example", "luis@member.example"]


@pytest.mark.parametrize(
    ("name", "own", "other", "listing"),
    [
        ("lead", 200, 200, 2),
        ("reviewer", 200, 200, 2),
        ("contact", 200, 404, 1),
        ("stranger", 404, 200, 1),
        ("operator", 404, 404, None),
    ],
)
async def test_members_are_seen_by_the_office_and_by_themselves(
    house: House, name: str, own: int, other: int, listing: int | None
) -> None:
    """A company never learns of another; an operator sees none."""
    visitor = house.people[name]
    assert (await visitor.get(f"/members/{house.ids['member']}"))[0] == own
    assert (await visitor.get(f"/members/{house.ids['other_member']}"))[0] == other
    assert (await visitor.get(f"/members/{uuid4()}"))[0] == 404
    status, answer = await visitor.get("/members")
    assert (status, len(listed(answer)) if status == 200 else None) == (200 if listing else 403, listing)


@pytest.mark.parametrize("name", ["reviewer", "operator", "contact", "stranger"])
async def test_only_specialists_and_supervisors_change_members(house: House, name: str) -> None:
    """Everybody else is refused by role."""
    member_id = house.ids["member"]
    for path, body in (
        ("/members", {"name": "New", "entity_types": ["importer"]}),
        (f"/members/{member_id}/sites", SITE),
        (f"/members/{member_id}/people", PERSON),
        ("/validations", {"member_id": member_id, "site_id": house.ids["site"], "method": "virtual"}),
    ):
        status, problem = await house.people[name].post(path, body)
        assert (status, problem["code"] in {"not_allowed", "not_permitted"}) == (403, True), path


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"time_zone": "America/Atlantis"}, "unknown_time_zone"),
        ({"time_zone": "../../etc/passwd"}, "request_invalid"),
        ({"country": "Mexico"}, "request_invalid"),
        ({"name": "a\u0000b"}, "request_invalid"),
        ({"name": ""}, "request_invalid"),
        ({"address": "line one\nline two"}, "request_invalid"),
        ({"latitude_deg": "32"}, "request_invalid"),
        ({"latitude_deg": 91}, "request_invalid"),
        ({"owner": "me"}, "request_invalid"),
    ],
)
async def test_site_that_makes_no_sense_is_refused(house: House, change: dict[str, object], code: str) -> None:
    """Zones by their IANA names, no control characters, no undeclared fields."""
    path = f"/members/{house.ids['member']}/sites"
    status, problem = await house.people["lead"].post(path, SITE | change)
    assert (status, problem["code"]) == (422, code)


async def test_account_is_added_by_those_in_charge_alone(house: House) -> None:
    """Supervisors and operators; an address signs in one account only."""
    wish = {"email": "Fresh@Office.Example", "name": "Fresh", "office_role": "scss"}
    for name in ("lead", "reviewer", "contact"):
        assert (await house.people[name].post("/accounts", wish))[0] == 403
    added = await house.people["operator"].made("/accounts", wish)
    account = added["account"]
    assert isinstance(account, dict)
    assert (account["email"], account["side"]) == ("fresh@office.example", "government")
    status, problem = await house.people["supervisor"].post("/accounts", wish)
    assert (status, problem["code"]) == (409, "email_taken")
    for odd in ({"office_role": "member"}, {"member_id": house.ids["member"]}):
        status, problem = await house.people["supervisor"].post("/accounts", wish | odd)
        assert (status, problem["code"]) == (422, "role_not_fitting")


async def test_accounts_are_listed_by_office(house: House) -> None:
    """Specialists choose a second and a reviewer from it; members never see it."""
    lead = house.people["lead"]
    names = [account["name"] for account in listed(await lead.seen("/accounts?office_role=scss"))]
    assert names == ["Lead", "Second"]
    assert (await lead.get("/accounts?office_role=king"))[0] == 422
    assert (await house.people["contact"].get("/accounts"))[0] == 403
    assert (await house.people["reviewer"].get("/accounts"))[0] == 403


async def test_criteria_are_those_of_the_member_on_the_day(house: House) -> None:
    """3.9 is a must since 2023; what is not confirmed asks for the booklet; no official wording is shipped."""
    await open_case(house)
    path = f"/validations/{house.ids['validation']}/criteria"
    criteria = {row["id"]: row for row in listed(await house.people["contact"].seen(path))}
    assert criteria["3.9"]["level"] == "must"
    assert {row["official_text"] for row in criteria.values()} == {None}
    assert {row["check_booklet"] for row in criteria.values()} == {True, False}
    assert (await house.people["stranger"].get(path))[0] == 404


async def test_office_loads_its_own_wording(house: House) -> None:
    """Supervisors do; the texts stand beside the criteria from then on, for all in the case."""
    await open_case(house)
    edition = (await house.people["lead"].seen(f"/validations/{house.ids['validation']}"))["edition_id"]
    path, csv = f"/api/editions/{edition}/texts", "criterion_id,text\n3.9,Official words\n"
    headers = {"Content-Type": "text/csv"}
    for name, expected in (("lead", 403), ("operator", 403), ("contact", 403), ("supervisor", 200)):
        async with house.people[name].client.post(path, data=csv, headers=headers) as response:
            assert response.status == expected, name
    criteria = listed(await house.people["contact"].seen(f"/validations/{house.ids['validation']}/criteria"))
    assert [row["official_text"] for row in criteria if row["id"] == "3.9"] == ["Official words"]


@pytest.mark.parametrize(
    ("content", "media_type", "expected"),
    [
        (
            "criterion_id,text\n3.9,Words\n99.9,Words\n3.9,Again\n",
            "text/csv",
            {(3, "criterion_id"), (4, "criterion_id")},
        ),
        ('[\n {"criterion_id": "3.9", "text": ""}\n]', "application/json", {(2, "text")}),
        ("", "text/csv", {(1, "file")}),
    ],
)
async def test_wording_that_is_wrong_is_named_by_line(
    house: House, content: str, media_type: str, expected: set[tuple[int, str]]
) -> None:
    """All of it or nothing, and every mistake at once."""
    client = house.people["supervisor"].client
    headers = {"Content-Type": media_type}
    async with client.post("/api/editions/msc-2020/texts", data=content, headers=headers) as response:
        assert response.status == 422
        problem = await response.json()
    assert problem["code"] == "official_texts_invalid"
    assert {(row["line"], row["field"]) for row in problem["problems"]} == expected


async def test_wording_of_another_kind_or_edition_is_refused(house: House) -> None:
    """Only CSV and JSON, and only of an edition there is."""
    client = house.people["supervisor"].client
    async with client.post(
        "/api/editions/msc-2020/texts", data=b"x", headers={"Content-Type": "text/html"}
    ) as response:
        assert response.status == 415
    csv = {"Content-Type": "text/csv"}
    async with client.post("/api/editions/msc-1999/texts", data=b"criterion_id,text\n", headers=csv) as response:
        assert response.status == 404
