"""Commands over the socket and over HTTP: done once, refused with what is there, and never taking the line down."""

import asyncio
from uuid import uuid4

import pytest

from evidence.records import Json
from tests.parts.site import Site
from tests.parts.sockets import problem

ANSWER: dict[str, Json] = {"criterion_id": "3.1", "verdict": "met", "method": "live"}


async def test_ack_names_the_commands_last_entry(site: Site) -> None:
    """An unmet must makes two entries, the answer and its finding; the ack is the second one's."""
    line = await site.line("lead")
    await line.subscribe()
    fields = ANSWER | {"verdict": "not_met", "note": "The gate stands open", "base_version": 0}
    ack = await line.command("answer.record", **fields)
    await line.heard(int(str(ack["seq"])))
    told = [(entry["seq"], entry["tag"]) for entry in line.entries[-2:]]
    assert told == [(7, "checklist.answer_recorded"), (8, "findings.finding_opened")]
    assert ack == {"seq": 8}


async def test_command_sent_again_is_done_once(site: Site) -> None:
    """By the same socket, by another one and by HTTP: each gets an ack at or after the entry."""
    line, again = await site.line("lead"), await site.line("lead")
    fields = ANSWER | {"command_id": str(uuid4()), "base_version": 0}
    first = await line.command("answer.record", **fields)
    second = await again.command("answer.record", **fields)
    status, third = await site.command("lead", "answer.record", **fields)
    assert (status, first, second, third) == (200, {"seq": 7}, {"seq": 7}, {"seq": 7})
    assert len(await site.stated("checklist.answer_recorded")) == 1


async def test_same_command_from_everywhere_at_once_is_done_once(site: Site) -> None:
    """A page that comes back sends while the first one is still being done; nobody is refused."""
    fields = ANSWER | {"command_id": str(uuid4()), "base_version": 0}
    answers = await asyncio.gather(*(site.command("lead", "answer.record", **fields) for _ in range(12)))
    assert {status for status, _ in answers} == {200}
    assert len(await site.stated("checklist.answer_recorded")) == 1


async def test_command_ids_are_each_persons_own(site: Site) -> None:
    """Two people who happen to use one id do two things."""
    await site.in_session("lead", "session.start")
    shared = str(uuid4())
    for name in ("lead", "contact"):
        fields: dict[str, Json] = {"recording": True, "language": "en", "text_id": "consent-1", "command_id": shared}
        await site.in_session(name, "consent.give", **fields)
    assert len(await site.stated("tour.consent_given")) == 2


async def test_refused_command_may_be_sent_again_with_its_id(site: Site) -> None:
    """A refusal leaves nothing behind, not even the receipt."""
    await site.arrive("lead")
    fields = {"command_id": str(uuid4()), "validation_session_id": site.ids["session"], "label": "Gate 2"}
    status, refusal = await site.command("lead", "tour.mark", **fields)
    assert (status, refusal["code"]) == (409, "wrong_phase")
    await site.in_session("lead", "session.start")
    await site.obeyed("lead", "tour.mark", **fields)


async def test_stale_answer_is_refused_with_what_is_there(site: Site) -> None:
    """The writer learns version, verdict, who and when, to decide anew."""
    await site.obeyed("second", "answer.record", **ANSWER, base_version=0)
    line = await site.line("lead")
    refused = problem(await line.command("answer.record", **ANSWER, base_version=0))
    (entry,) = [row for row in await site.entries() if row["tag"] == "checklist.answer_recorded"]
    assert refused["code"] == "answer_changed"
    assert refused["status"] == 409
    seen = (refused["criterion_id"], refused["current_version"], refused["verdict"], refused["by_name"])
    assert seen == ("3.1", 1, "met", "Second")
    assert str(refused["at"])[:19] == str(entry["at"])[:19]
    status, same = await site.command("lead", "answer.record", **ANSWER, base_version=0)
    assert (status, same) == (409, refused)


async def test_two_answers_at_once_leave_one(site: Site) -> None:
    """Whoever is first has it; every other writer is told, and no version is skipped or written twice."""
    names = ["lead", "second"] * 4
    answers = await asyncio.gather(*(site.command(name, "answer.record", **ANSWER, base_version=0) for name in names))
    assert sorted(status for status, _ in answers) == [200, *[409] * 7]
    assert {answer.get("code") for _, answer in answers} <= {None, "answer_changed", "version_conflict"}
    assert len(await site.stated("checklist.answer_recorded")) == 1


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("contact", "answer.record", "not_allowed"),
        ("reviewer", "answer.record", "not_allowed"),
        ("stranger", "answer.record", "validation_not_found"),
        ("operator", "answer.record", "validation_not_found"),
    ],
)
async def test_role_decides(embedded_site: Site, name: str, kind: str, code: str) -> None:
    """Over the socket as over HTTP."""
    line = await embedded_site.line(name)
    refused = problem(await line.command(kind, **ANSWER, base_version=0))
    status, same = await embedded_site.command(name, kind, **ANSWER, base_version=0)
    assert (refused["code"], same) == (code, refused)
    assert status == refused["status"]


async def test_phase_decides(embedded_site: Site) -> None:
    """A session starts once."""
    await embedded_site.in_session("lead", "session.start")
    line = await embedded_site.line("lead")
    refused = problem(await line.command("session.start", validation_session_id=embedded_site.ids["session"]))
    assert (refused["code"], refused["actual"]) == ("wrong_phase", "live")


async def test_unreadable_command_says_where(embedded_site: Site) -> None:
    """Whatever is wrong with it, the next command on the same line is carried out."""
    line = await embedded_site.line("lead")
    unknown = problem(await line.command("tour.dance"))
    assert (unknown["code"], unknown["status"]) == ("request_invalid", 422)
    incomplete = problem(await line.command("answer.record", **ANSWER))
    assert incomplete["errors"] == [{"where": "answer.record.base_version", "reason": "Field required"}]
    messages: list[Json] = [None, 7, {"validation_id": "x"}, {"validation_id": str(uuid4()), "command": []}]
    for message in messages:
        assert problem(await line.call("command", message))["code"] == "request_invalid"
    assert "seq" in await line.command("answer.record", **ANSWER, base_version=0)


async def test_bug_is_an_answer_and_the_line_goes_on(embedded_site: Site) -> None:
    """A table that is missing stands for any bug: the ack names an incident, and nothing is written."""
    site = embedded_site
    line = await site.line("lead")
    await rename(site, "checklist_answer_broken", back=False)
    refused = problem(await line.command("answer.record", **ANSWER, base_version=0))
    assert (refused["code"], refused["status"], len(str(refused["incident"]))) == ("internal_error", 500, 36)
    status, again = await site.command("lead", "answer.record", **ANSWER, base_version=0)
    assert (status, again["code"]) == (500, "internal_error")
    await rename(site, "checklist_answer_broken", back=True)
    assert await line.command("answer.record", **ANSWER, base_version=0) == {"seq": 7}


async def rename(site: Site, broken: str, *, back: bool) -> None:
    """Rename the table of answers away, or back."""
    names = [broken, "answer"] if back else ["answer", broken]
    async with site.services.database.write() as tx:
        await tx.connection.exec_driver_sql(f"ALTER TABLE {names[0]} RENAME TO {names[1]}")


async def test_privacy_is_turned_on_and_off_where_no_media_process_runs(site: Site) -> None:
    """Nothing is recorded then, so nobody is kept from it; the entry says who and why."""
    await site.go_live()
    await site.in_session("lead", "privacy.start", reason="A badge")
    snapshot = await site.people["lead"].seen(f"{site.validation}/snapshot")
    sessions = snapshot["sessions"]
    assert isinstance(sessions, dict)
    session = sessions[site.ids["session"]]
    assert isinstance(session, dict)
    assert session["privacy"] is not None
    await site.in_session("lead", "privacy.stop")
