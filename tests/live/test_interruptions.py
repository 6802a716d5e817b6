"""Interruptions over real sockets and a real media line: told while they go on, stated once when they are over."""

from datetime import datetime, timedelta
from uuid import uuid4

from evidence.records import Json
from server.clock import system_clock
from tests.http.house import listed
from tests.media.peers import Tone
from tests.parts.broadcasts import publish
from tests.parts.site import Site
from tests.parts.sockets import Line, problem
from tests.waiting import wait_until


def going_on(line: Line) -> list[tuple[Json, Json]]:
    """Return source and cause of what the page was told last."""
    return [(one["source_id"], one["cause"]) for one in listed(line.paused[-1], "interruptions")] if line.paused else []


def at(moment: datetime) -> str:
    """Return a time as it is on the wire."""
    return moment.isoformat()


async def test_clock_tells_the_servers_time(embedded_site: Site) -> None:
    """A page maps its own clock to it."""
    line = await embedded_site.line("lead")
    before = embedded_site.clock()
    told = datetime.fromisoformat(str((await line.call("clock", {}))["at"]))
    assert before <= told <= embedded_site.clock()


async def test_room_hears_what_a_page_reports_and_the_log_has_it_once(live_site: Site) -> None:
    """Everybody who watches and everybody who comes is told; the same word twice is one entry; nobody else's counts."""
    site = live_site
    told, _ = await publish(site, "phone", Tone(440), kind="microphone")
    phone, lead = await site.line("phone"), await site.line("lead")
    for line in (phone, lead):
        await line.subscribe()
    await wait_until(lambda: lead.paused and going_on(lead) == [])
    began = system_clock()
    report: dict[str, Json] = {"interruption_id": str(uuid4()), "source_id": told.source_id, "cause": "call"}
    assert "seq" in await phone.command("interruption.report", **report, started_at=at(began))
    expected = [(told.source_id, "call")]
    await wait_until(lambda: going_on(lead) == expected and going_on(phone) == expected)
    late = await site.line("reviewer")
    await late.subscribe()
    await wait_until(lambda: going_on(late) == expected)
    stranger = await lead.command("interruption.report", **report, started_at=at(began))
    assert problem(stranger)["code"] == "source_not_found"
    ended = began + timedelta(seconds=1)
    over: dict[str, Json] = {**report, "started_at": at(began), "ended_at": at(ended), "command_id": str(uuid4())}
    await wait_until(lambda: system_clock() > ended)
    seqs = [(await phone.command("interruption.report", **over))["seq"] for _ in range(2)]
    await lead.heard(int(str(seqs[0])))
    await wait_until(lambda: going_on(lead) == [] and going_on(late) == [])
    (entry,) = await site.stated("tour.interruption")
    assert (entry["cause"], entry["reported_by"], entry["source_id"]) == ("call", "page", told.source_id)
    stated = [datetime.fromisoformat(str(entry[name])) for name in ("started_at", "ended_at")]
    assert stated == [began, ended]


async def test_silent_line_is_told_and_stated_with_the_servers_times(live_site: Site) -> None:
    """Three seconds of silence are an interruption; it began with the last frame and ended with the next one."""
    site = live_site
    told, peer = await publish(site, "phone", Tone(440), kind="microphone")
    lead = await site.line("lead")
    await lead.subscribe()
    began = system_clock()
    peer.senders[0].replaceTrack(None)
    await wait_until(lambda: going_on(lead) == [(told.source_id, "network")], within_s=20)
    ended = system_clock()
    peer.senders[0].replaceTrack(Tone(660))
    await wait_until(lambda: going_on(lead) == [], within_s=20)

    async def stated() -> list[dict[str, Json]]:
        return await site.stated("tour.interruption")

    (entry,) = await wait_until(stated, within_s=20)
    assert (entry["cause"], entry["reported_by"]) == ("network", "media")
    for name, moment in (("started_at", began), ("ended_at", ended)):
        assert abs(datetime.fromisoformat(str(entry[name])) - moment) < timedelta(seconds=0.5)
    assert (entry["silent_from"], entry["silent_until"]) == (entry["started_at"], entry["ended_at"])


async def test_end_of_the_session_states_what_never_ended(live_site: Site) -> None:
    """Before the entry that closes the source; nothing is left to be told."""
    site = live_site
    told, _ = await publish(site, "phone", Tone(440), kind="microphone")
    line = await site.line("lead")
    await line.subscribe()
    report: dict[str, Json] = {"interruption_id": str(uuid4()), "source_id": told.source_id, "cause": "mute_audio"}
    await site.obeyed("phone", "interruption.report", **report, started_at=at(system_clock()))
    await wait_until(lambda: going_on(line) == [(told.source_id, "mute_audio")])
    await site.in_session("lead", "session.end")
    await wait_until(lambda: going_on(line) == [])
    (entry,) = await site.stated("tour.interruption")
    assert entry["ended_at"] is None
    tags = [str(row["tag"]) for row in await site.entries()]
    assert tags.index("tour.interruption") < tags.index("tour.source_closed")
