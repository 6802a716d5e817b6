"""Tests of the line: stated before the day, kept for whoever plans the session, and not stated twice for nothing."""

import json
from datetime import timedelta
from uuid import UUID

from evidence.records import Json
from sessions.ids import ParticipantId
from sessions.readiness.rules import Way
from sessions.state import CaseState
from tests.parts.site import Site

STATED = "readiness.line_tested"


async def report(site: Site, name: str, *worked: str) -> dict[str, Json]:
    """Send what a page found of four ways."""
    body = {way.value: way in worked for way in Way}
    return await site.people[name].made(f"/validation-sessions/{site.ids['session']}/line-tests", body)


async def test_guest_tests_before_the_day_and_the_specialist_sees_it(site: Site) -> None:
    """Without consent and before the session: one entry, in the state of the case."""
    await site.join()
    kept = await report(site, "phone", "relay_tls", "relay_tcp")
    assert (kept["path"], kept["worked"]) == ("relay_tcp", ["relay_tcp", "relay_tls"])
    assert [row["path"] for row in await site.stated(STATED, participant_id=site.ids["guest"])] == ["relay_tcp"]
    state = await site.people["lead"].seen(f"{site.validation}/snapshot")
    people = CaseState.model_validate_json(json.dumps(state)).participants
    line = people[ParticipantId(UUID(site.ids["guest"]))].line
    assert line is not None
    assert (line.path, str(line.validation_session_id)) == ("relay_tcp", site.ids["session"])


async def test_same_result_is_stated_once_in_a_while(site: Site) -> None:
    """Another one is stated at once, also that nothing works any more."""
    await site.join()
    for worked in (["direct"], ["direct"], [], ["direct"]):
        await report(site, "phone", *worked)
    site.clock.move(timedelta(minutes=10))
    await report(site, "phone", "direct")
    assert [row["path"] for row in await site.stated(STATED)] == ["direct", None, "direct", "direct"]


async def test_report_that_cannot_be_is_refused(embedded_site: Site) -> None:
    """An unknown way, no way at all, and one that worked more or less."""
    site = embedded_site
    path = f"/validation-sessions/{site.ids['session']}/line-tests"
    for body in ({"direct": True, "pigeon": True}, {}, {"direct": "rather"}):
        status, problem = await site.people["lead"].post(path, body)
        assert (status, problem["code"]) == (422, "request_invalid")
    assert await site.stated(STATED) == []
