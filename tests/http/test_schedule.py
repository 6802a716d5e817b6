"""Validations, their rosters and sessions through the API: what works, and who is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.http.house import House, invited, listed, open_case


async def test_validation_is_opened_with_its_lead_and_number(house: House) -> None:
    """The overview names the lead, the site and its zone; numbers count up within a year."""
    await open_case(house)
    first = await house.people["lead"].seen(f"/validations/{house.ids['validation']}")
    assert (first["number"], first["lead_name"], first["role"]) == ("V-2026-0001", "Lead", "scss_lead")
    assert (first["time_zone"], first["phase"], first["review_signed"]) == ("America/Monterrey", "open", False)
    roles = [person["role"] for person in listed(first, "participants")]
    assert roles == ["scss_lead", "camera_operator", "scss", "reviewer", "member_poc"]
    await open_case(house)
    numbers = [line["number"] for line in listed(await house.people["lead"].seen("/validations"))]
    assert numbers == ["V-2026-0002", "V-2026-0001"]


async def test_session_is_planned_by_the_clocks_of_the_site(house: House) -> None:
    """09:00 in Monterrey is 15:00 UTC."""
    await open_case(house)
    session = listed(await house.people["lead"].seen(f"/validations/{house.ids['validation']}"), "sessions")[0]
    assert (session["starts_at"], session["state"]) == ("2026-11-24T15:00:00Z", "planned")


@pytest.mark.parametrize(
    ("local", "reading", "expected"),
    [
        ("2027-03-14T02:30", None, (422, "local_time_missing")),
        ("2027-11-07T01:30", None, (422, "local_time_ambiguous")),
        ("2027-11-07T01:30", "earlier", (201, "2027-11-07T05:30:00Z")),
        ("2027-11-07T01:30", "later", (201, "2027-11-07T06:30:00Z")),
        ("2026-11-20T09:00", None, (422, "starts_in_the_past")),
        ("2027-02-31T09:00", None, (422, "request_invalid")),
        ("2027-01-31T09:00Z", None, (422, "request_invalid")),
    ],
)
async def test_time_that_the_site_does_not_have_or_has_twice_is_never_guessed(
    house: House, local: str, reading: str | None, expected: tuple[int, str]
) -> None:
    """In New York the clocks skip 02:30 on 14 March 2027 and show 01:30 twice on 7 November 2027."""
    lead, ids = house.people["lead"], house.ids
    wish = {"member_id": ids["other_member"], "site_id": ids["other_site"], "method": "virtual"}
    made = await lead.made("/validations", wish)
    plan = {"site_id": ids["other_site"], "starts_at_local": local, "duration_min": 60, "recording": False}
    status, answer = await lead.post(f"/validations/{made['id']}/sessions", plan | {"reading": reading})
    assert (status, answer.get("code", answer.get("starts_at"))) == expected


async def test_session_is_moved_once_for_each_planner(house: House) -> None:
    """A new time grows the version, which the calendar counts by."""
    await open_case(house)
    path = f"/validation-sessions/{house.ids['session']}"
    body = {"starts_at_local": "2026-11-26T10:00", "duration_min": 180, "reason": "Plant closed on Tuesday"}
    status, session = await house.people["second"].post(f"{path}/reschedule", body)
    assert (status, session["starts_at"], session["duration_min"], session["version"]) == (
        200,
        "2026-11-26T16:00:00Z",
        180,
        1,
    )


async def test_session_that_is_off_stays_off(house: House) -> None:
    """Cancelled sessions are neither moved nor missed nor cancelled again, and nobody is invited to them."""
    await open_case(house)
    lead, path = house.people["lead"], f"/validation-sessions/{house.ids['session']}"
    assert (await lead.post(f"{path}/cancel", {"reason": "Storm"}))[1]["state"] == "cancelled"
    body = {"starts_at_local": "2026-11-26T10:00", "duration_min": 60, "reason": "Late"}
    for step, sent in (
        ("reschedule", body),
        ("cancel", {"reason": "Again"}),
        ("no-show", {"reason": "Nobody"}),
        ("invitations", {"participant_id": house.ids["guest"]}),
    ):
        status, problem = await lead.post(f"{path}/{step}", sent)
        assert (status, problem["code"]) == (409, "wrong_phase"), step


async def test_absence_is_stated_when_the_time_has_come(house: House) -> None:
    """Not before: the member may still be on the way."""
    await open_case(house)
    lead, path = house.people["lead"], f"/validation-sessions/{house.ids['session']}/no-show"
    assert (await lead.post(path, {"reason": "Nobody came"}))[1]["code"] == "wrong_phase"
    house.clock.move(timedelta(hours=3))
    assert (await lead.post(path, {"reason": "Nobody came"}))[1]["state"] == "no_show"


async def test_worklist_shows_what_needs_each_person(house: House) -> None:
    """Today's session for all; the missing date for the specialist alone; nothing of other people's validations."""
    await open_case(house)
    lead = house.people["lead"]
    wish = {"member_id": house.ids["member"], "site_id": house.ids["site"], "method": "hybrid"}
    undated = await lead.made("/validations", wish)
    work = await lead.seen("/worklist")
    assert [session["id"] for session in listed(work, "today")] == [house.ids["session"]]
    assert [(row["waiting_for"], row["number"]) for row in listed(work, "waiting")] == [("schedule", undated["number"])]
    contact = await house.people["contact"].seen("/worklist")
    assert [session["role"] for session in listed(contact, "today")] == ["member_poc"]
    assert contact["waiting"] == []
    stranger = await house.people["stranger"].seen("/worklist")
    assert stranger == {"today": [], "coming": [], "waiting": []}
    house.clock.move(timedelta(hours=6))
    late = await lead.seen("/worklist")
    assert ("outcome", 1) in {(row["waiting_for"], row["count"]) for row in listed(late, "waiting")}


async def test_supervisor_sees_every_validation_and_others_only_theirs(house: House) -> None:
    """No office but the supervisor's opens a validation without being on its roster; operators see none."""
    await open_case(house)
    expected = {"supervisor": 1, "lead": 1, "second": 1, "reviewer": 1, "contact": 1, "operator": 0, "stranger": 0}
    seen = {name: len(listed(await house.people[name].seen("/validations"))) for name in expected}
    assert seen == expected
    for name, count in expected.items():
        status, _ = await house.people[name].get(f"/validations/{house.ids['validation']}")
        assert status == (200 if count else 404), name


STEPS = {
    "participants": "/validations/{validation}/participants",
    "sessions": "/validations/{validation}/sessions",
    "reschedule": "/validation-sessions/{session}/reschedule",
    "cancel": "/validation-sessions/{session}/cancel",
    "no-show": "/validation-sessions/{session}/no-show",
    "invitations": "/validation-sessions/{session}/invitations",
}


def bodies(ids: dict[str, str]) -> dict[str, dict[str, object]]:
    """Return a body for each step that would be right from the lead."""
    plan = {"starts_at_local": "2026-11-27T10:00", "duration_min": 60}
    return {
        "participants": {"role": "observer", "account_id": ids["stranger"]},
        "sessions": plan | {"site_id": ids["site"], "recording": True},
        "reschedule": plan | {"reason": "Later"},
        "cancel": {"reason": "Storm"},
        "no-show": {"reason": "Nobody"},
        "invitations": {"participant_id": ids["guest"]},
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("supervisor", (403, "not_allowed")),
        ("reviewer", (403, "not_allowed")),
        ("contact", (403, "not_allowed")),
        ("operator", (404, "validation_not_found")),
        ("stranger", (404, "validation_not_found")),
        ("guest", (403, "not_permitted")),
        ("nobody", (401, "not_signed_in")),
    ],
)
async def test_only_specialists_on_the_roster_schedule(house: House, name: str, expected: tuple[int, str]) -> None:
    """Refused by role inside the case, and as if it did not exist outside; nothing has changed."""
    await open_case(house)
    if name in {"guest", "nobody"}:
        visitor = await house.browser()
        if name == "guest":
            await visitor.post("/join", {"token": await invited(house)})
    else:
        visitor = house.people[name]
    for step, body in bodies(house.ids).items():
        status, problem = await visitor.post(STEPS[step].format(**house.ids), body)
        assert (status, problem["code"]) == expected, step
    seen = await house.people["lead"].seen(f"/validations/{house.ids['validation']}")
    assert [session["state"] for session in listed(seen, "sessions")] == ["planned"]
    assert len(listed(seen, "participants")) == 5


async def test_unknown_and_foreign_look_alike(house: House) -> None:
    """A stranger cannot tell a validation or session that exists from one that does not."""
    await open_case(house)
    stranger = house.people["stranger"]
    for real, path in ((house.ids["validation"], "/validations/{}"), (house.ids["session"], "/validation-sessions/{}")):
        suffix = "" if path.startswith("/validations") else "/invitations"
        answers = [await stranger.get(path.format(which) + suffix) for which in (real, str(uuid4()))]
        assert answers[0] == answers[1]
        assert answers[0][0] == 404


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"role": "scss_lead", "account_id": "second"}, (422, "role_not_fitting")),
        ({"role": "scss", "account_id": "contact"}, (422, "role_not_fitting")),
        ({"role": "camera_operator", "person_id": "other_person"}, (422, "role_not_fitting")),
        ({"role": "member_poc", "account_id": "stranger"}, (422, "role_not_fitting")),
        ({"role": "scss", "account_id": "second"}, (409, "already_participant")),
        ({"role": "observer"}, (422, "request_invalid")),
        ({"role": "observer", "account_id": "contact", "person_id": "person"}, (422, "request_invalid")),
    ],
)
async def test_roster_takes_each_person_once_and_in_a_fitting_role(
    house: House, body: dict[str, str], expected: tuple[int, str]
) -> None:
    """One lead; the member's people are of that member."""
    await open_case(house)
    sent = {key: house.ids.get(value, value) for key, value in body.items()}
    status, problem = await house.people["lead"].post(f"/validations/{house.ids['validation']}/participants", sent)
    assert (status, problem["code"]) == expected


@pytest.mark.parametrize("value", [True, "60", 60.5, 14, 601, None])
async def test_length_is_a_whole_number_of_minutes(house: House, value: object) -> None:
    """60.0 is a whole number, true and "60" are none."""
    await open_case(house)
    lead, ids = house.people["lead"], house.ids
    plan = {"site_id": ids["site"], "starts_at_local": "2026-11-27T10:00", "duration_min": 60.0, "recording": True}
    path = f"/validations/{ids['validation']}/sessions"
    assert (await lead.post(path, plan))[0] == 201
    assert (await lead.post(path, plan | {"duration_min": value}))[0] == 422
