"""What a page hears over its socket: everything it may read, in order, once it has asked, whoever wrote it."""

import asyncio
import subprocess
import sys
from uuid import UUID

import pytest
import socketio

from evidence.ids import CaseId, case_log
from evidence.records import Json
from server.live.sockets import HINTS_A_S
from tests.parts.ledger_writer import StepTaken, writer_actor
from tests.parts.site import Site
from tests.parts.sockets import Line, problem
from tests.waiting import wait_until


def check_order(line: Line, *, up_to: int, after: int = -1) -> None:
    """Assert that the page could fold what it heard as it came: each entry follows the last one or is known."""
    last = after
    for seq in line.seqs():
        assert seq <= last + 1
        last = max(last, seq)
    assert last == up_to


async def write_steps(site: Site, count: int) -> int:
    """Append `count` entries in one transaction and return the seq of the last one."""
    log_id = case_log(CaseId(UUID(site.ids["validation"])))
    async with site.services.database.write() as tx:
        for step in range(count):
            tx.record(log_id, StepTaken(writer="test", step=step), writer_actor("test"))
    return tx.appended[log_id][-1].seq


@pytest.mark.parametrize("cookie", ["", "sightline_login=nobody", "sightline_login=\x01;;=="])
async def test_socket_needs_a_login(embedded_site: Site, cookie: str) -> None:
    """Without a living login there is no connection at all."""
    line = Line(embedded_site.url, cookie, embedded_site.ids["validation"])
    with pytest.raises(socketio.exceptions.ConnectionError):
        await line.connect()
    await line.close()


async def test_socket_opens_for_our_own_pages_only(embedded_site: Site) -> None:
    """Browsers send cookies with sockets of any page, so the page's origin decides; whatever name the host is given."""
    cookie = f"sightline_login={embedded_site.people['lead'].cookie('sightline_login')}"
    port = embedded_site.services.settings.port
    strange = Line(embedded_site.url, cookie, embedded_site.ids["validation"])
    with pytest.raises(socketio.exceptions.ConnectionError):
        await strange.connect(Origin="http://evil.test")
    await strange.close()
    for host in ("127.0.0.1", "localhost"):
        own = Line(f"http://{host}:{port}", cookie, embedded_site.ids["validation"])
        await own.connect(Origin=f"http://{host}:{port}")
        await own.close()


async def test_page_catches_up_from_its_last_seq_and_then_follows(site: Site) -> None:
    """`after` is exclusive; the ack names the log's end; what is committed later follows without being asked for."""
    line = await site.line("lead")
    assert await line.subscribe(after=3) == {"seq": 6}
    assert line.seqs() == [4, 5, 6]
    seq = await site.in_session("lead", "session.start")
    await line.heard(seq)
    check_order(line, after=3, up_to=seq)
    assert line.entries[-1] == (await site.entries())[-1]


async def test_member_hears_headers_of_what_is_for_government_eyes(site: Site) -> None:
    """Both audiences count the same entries; what the reviewer marks stays with the government."""
    lead, member = await site.line("lead"), await site.line("contact")
    for line in (lead, member):
        await line.subscribe()
    answer: dict[str, Json] = {"criterion_id": "3.1", "verdict": "met", "method": "live", "base_version": 0}
    await site.obeyed("lead", "answer.record", **answer)
    mark: dict[str, Json] = {"criterion_id": "3.1", "answer_version": 1, "mark": "question", "note": "Which gate?"}
    seq = await site.obeyed("reviewer", "review.mark", **mark)
    for line in (lead, member):
        await line.heard(seq)
        check_order(line, up_to=seq)
    told, hidden = lead.entries[-1], member.entries[-1]
    assert (told["tag"], hidden["tag"], hidden["actor"], hidden["data"]) == ("review.answer_marked", None, None, None)
    assert hidden["commitment"] == told["commitment"]
    assert lead.entries[:-1] == member.entries[:-1]


async def test_many_pages_that_join_while_others_write_see_no_hole(site: Site) -> None:
    """Five pages subscribe to a long log at different moments while ten marks a page are set."""
    await write_steps(site, 1_200)
    await site.in_session("lead", "session.start")
    await site.arrive("lead")
    lines = [await site.line(name) for name in ("lead", "second", "reviewer", "contact", "lead")]
    last = 0

    async def write() -> None:
        nonlocal last
        for number in range(30):
            last = await site.in_session("lead", "tour.mark", label=f"Mark {number}")

    async with asyncio.TaskGroup() as group:
        group.create_task(write())
        for line in lines:
            group.create_task(line.subscribe())
    for line in lines:
        await line.heard(last)
        check_order(line, up_to=last)


async def test_entries_of_another_process_arrive(site: Site) -> None:
    """The wake-up crosses processes: `data_version` on SQLite, NOTIFY on PostgreSQL."""
    line = await site.line("lead")
    before = int(str((await line.subscribe())["seq"]))
    log_id = case_log(CaseId(UUID(site.ids["validation"])))
    command = [sys.executable, "-m", "tests.parts.ledger_writer", site.services.database.url, str(log_id), "other", "5"]
    await asyncio.to_thread(subprocess.run, command, check=True)
    await line.heard(before + 5)
    check_order(line, up_to=before + 5)
    assert [entry["tag"] for entry in line.entries[-5:]] == ["test.step_taken"] * 5


async def test_dropped_line_loses_nothing(site: Site) -> None:
    """The page comes back with its last seq and gets what it missed, once."""
    line = await site.line("lead")
    await line.subscribe()
    line.drop()
    await wait_until(lambda: not line.client.connected)
    missed = await write_steps(site, 7)
    again = await site.line("lead")
    assert await again.subscribe(after=line.seqs()[-1]) == {"seq": missed}
    assert line.seqs() + again.seqs() == list(range(missed + 1))


async def test_stranger_learns_nothing(site: Site) -> None:
    """A validation of somebody else and one that does not exist answer alike; a malformed wish says where."""
    line = await site.line("stranger")
    refused = await line.subscribe()
    assert refused["problem"] == {**problem(refused), "code": "validation_not_found", "status": 404}
    line.validation_id = str(UUID(int=1))
    unknown = await line.subscribe()
    assert {**problem(unknown), "validation_id": ""} == {**problem(refused), "validation_id": ""}
    messages: list[Json] = [None, [], {"after": -5}, {"validation_id": "x", "colour": "red"}]
    for message in messages:
        answer = await line.call("subscribe", message)
        assert (problem(answer)["code"], bool(problem(answer)["errors"])) == ("request_invalid", True)
    assert line.entries == []


async def test_coming_and_going_are_entries(site: Site) -> None:
    """In the room is who subscribes with its session; two pages of one person are one person."""
    await site.in_session("lead", "session.start")
    outside = await site.line("second")
    refused = await outside.subscribe(validation_session_id=site.ids["session"])
    assert problem(refused)["code"] == "not_admitted"
    await site.arrive("lead")
    first, second = await site.line("lead"), await site.line("lead")
    for line in (first, second):
        assert "seq" in await line.subscribe(validation_session_id=site.ids["session"])
    assert len(await site.stated("tour.participant_joined")) == 1
    await first.close()
    await second.subscribe(after=0, validation_session_id=site.ids["session"])
    assert await site.stated("tour.participant_left") == []
    second.drop()
    (left,) = await wait_until(lambda: site.stated("tour.participant_left"), within_s=40)
    assert left["by_choice"] is False


async def test_server_that_restarts_puts_nobody_out(site: Site) -> None:
    """The end of the API closes the sockets and states nothing; the pages come back to the next one."""
    await site.in_session("lead", "session.start")
    await site.arrive("lead")
    line = await site.line("lead")
    await line.subscribe(validation_session_id=site.ids["session"])
    await site.stop_api()
    await wait_until(lambda: not line.client.connected)
    await site.start_api()
    again = await site.line("lead")
    assert "seq" in await again.subscribe(after=line.seqs()[-1], validation_session_id=site.ids["session"])
    assert len(await site.stated("tour.participant_joined")) == 1
    assert await site.stated("tour.participant_left") == []


async def test_put_out_participant_hears_nothing_more(site: Site) -> None:
    """The page is told why; coming back to the room needs a new admission."""
    await site.go_live()
    line, lead = await site.line("phone"), await site.line("lead")
    await line.subscribe(validation_session_id=site.ids["session"])
    await lead.subscribe()
    removed = {"participant_id": site.ids["guest"], "reason": "Not on the list"}
    await site.in_session("lead", "participant.remove", **removed)
    await wait_until(lambda: line.revoked)
    assert line.revoked == [{"validation_id": site.ids["validation"], "reason": "removed"}]
    heard = len(line.entries)
    await lead.heard(await site.in_session("lead", "tour.mark", label="Gate 2"))
    assert len(line.entries) == heard
    again = await line.subscribe(validation_session_id=site.ids["session"])
    assert problem(again)["code"] == "not_admitted"


async def test_signed_out_browser_is_cut(site: Site) -> None:
    """At once for what it sends, within seconds for what it hears."""
    line = await site.line("second")
    await line.subscribe()
    await site.people["second"].ask("DELETE", "/login")
    refused = await line.command("tour.mark", validation_session_id=site.ids["session"], label="x")
    assert problem(refused)["code"] == "not_signed_in"
    await wait_until(lambda: not line.client.connected, within_s=30)
    assert line.revoked == [{"validation_id": None, "reason": "signed_out"}]


async def test_withdrawn_permission_ends_the_watch(site: Site) -> None:
    """A supervisor who becomes an operator may read no case; the socket stays for what they still may do."""
    line = await site.line("supervisor")
    await line.subscribe()
    async with site.services.database.write() as tx:
        await tx.connection.exec_driver_sql("UPDATE account SET office_role='operator' WHERE office_role='supervisor'")
    await wait_until(lambda: line.revoked, within_s=30)
    assert line.revoked == [{"validation_id": site.ids["validation"], "reason": "not_permitted"}]
    assert line.client.connected


async def test_hints_go_to_the_others_and_are_limited(embedded_site: Site) -> None:
    """Whom they are from is the server's word; a flood is thinned; what makes no sense is passed over."""
    lead, member = await embedded_site.line("lead"), await embedded_site.line("contact")
    for line in (lead, member):
        await line.subscribe()
    await member.hint("presence", criterion_id="3.1", participant_id=str(UUID(int=5)))
    await wait_until(lambda: lead.hints)
    expected = {"kind": "presence", "criterion_id": "3.1", "participant_id": embedded_site.ids["contact_participant"]}
    assert expected.items() <= lead.hints[0].items()
    assert member.hints == []
    await member.client.emit("hint", {"kind": "nonsense"})
    await member.client.emit("hint", None)
    for _ in range(HINTS_A_S * 10):
        await member.hint("level", value=0.5)
    await member.subscribe()  # handled after the hints
    await lead.subscribe()
    assert HINTS_A_S - 1 <= len(lead.hints) < HINTS_A_S * 10


async def test_member_does_not_notice_who_reads_behind_the_scenes(embedded_site: Site) -> None:
    """A reviewer outside the room is seen by the government alone."""
    lead, member, reviewer = [await embedded_site.line(name) for name in ("lead", "contact", "reviewer")]
    for line in (lead, member, reviewer):
        await line.subscribe()
    await reviewer.hint("presence", criterion_id="3.1")
    await wait_until(lambda: lead.hints)
    await member.subscribe()
    assert member.hints == []
