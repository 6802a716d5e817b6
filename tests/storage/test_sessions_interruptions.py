"""Interruptions on real databases: page and media process tell of one, and one entry is written."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from evidence.ids import CaseId, SourceId, uuid7
from server.live.reports import state_reports
from server.media.reports import Header, SourceInterrupted, SourceResumed
from sessions.errors import InterruptionOpen, SourceNotFound
from sessions.state.records import CaseInterruption
from sessions.tour.interruption_store import list_unstated
from sessions.tour.interruptions import follow_source, interrupt_source, resume_source, settle_interruptions
from sessions.tour.rules import SourceKind
from sessions.tour.sources import close_source
from tests.parts.demo import DemoCase, demo_case, some_id
from tests.waiting import wait_until

ROUNDS = 12
"""Each a chance to wait in a circle."""


@pytest.fixture
async def case(database_url: str) -> AsyncIterator[DemoCase]:
    """Give the demo validation on each database, live, a minute in."""
    async with demo_case(database_url) as opened:
        await opened.go_live()
        yield opened


async def camera_of(case: DemoCase) -> tuple[SourceId, datetime]:
    """Let the guide send, and return the source and the moment ten seconds later, which it then is a minute after."""
    camera, _ = await case.send("mateo")
    began = case.clock.now + timedelta(seconds=10)
    case.clock.forward(timedelta(minutes=1))
    return camera, began


def after(moment: datetime, seconds: float) -> datetime:
    """Return the moment so many seconds later."""
    return moment + timedelta(seconds=seconds)


async def claim(case: DemoCase, source_id: SourceId, cause: str, start: datetime, end: datetime | None) -> object:
    """Let the guide's page report, open first and then with its end; returns the id it gave."""
    claim_id = some_id()
    about = {"interruption_id": claim_id, "source_id": source_id, "cause": cause, "started_at": start}
    await case.say("mateo", "interruption.report", **about)
    if end is not None:
        await case.say("mateo", "interruption.report", **about, ended_at=end)
    return claim_id


async def silence(case: DemoCase, source_id: SourceId, start: datetime, end: datetime | None) -> None:
    """Let the media process report, each fact twice, as after a crash."""
    report_id = uuid7()
    for _ in range(2):
        async with case.database.write() as tx:
            await interrupt_source(tx, source_id, start, report_id)
    if end is not None:
        for _ in range(2):
            async with case.database.write() as tx:
                await resume_source(tx, source_id, end)


async def settle(case: DemoCase) -> tuple[CaseInterruption, ...]:
    """Let time pass until everything that is known is stated, and return it."""
    case.clock.forward(timedelta(seconds=6))
    async with case.database.write() as tx:
        await settle_interruptions(tx)
    return (await case.state()).interruptions


async def test_a_page_that_says_when_and_why_is_stated_at_once(case: DemoCase) -> None:
    camera, began = await camera_of(case)
    claim_id = await claim(case, camera, "call", began, None)
    assert (await case.state()).interruptions == ()
    told = {"interruption_id": claim_id, "source_id": camera, "cause": "call", "started_at": began}
    for _ in range(2):
        await case.say("mateo", "interruption.report", **told, ended_at=after(began, 8))
    (stated,) = (await case.state()).interruptions
    assert (stated.cause.value, stated.started_at, stated.ended_at) == ("call", began, after(began, 8))
    assert (stated.reported_by.value, stated.silent_from) == ("page", None)
    assert (await case.entries())[-1].actor == (await case.access("mateo")).actor
    assert await settle(case) == (stated,)


@pytest.mark.parametrize("page_first", [True, False])
async def test_a_claim_and_a_fact_of_one_interruption_are_one_entry(case: DemoCase, *, page_first: bool) -> None:
    """The page tells the cause, the server's own times of the silence stay apart."""
    camera, began = await camera_of(case)
    if page_first:
        claim_id = await claim(case, camera, "screen_locked", began, None)
        await silence(case, camera, after(began, 0.3), after(began, 20.4))
        told = {"interruption_id": claim_id, "source_id": camera, "started_at": began, "cause": "screen_locked"}
        await case.say("mateo", "interruption.report", **told, ended_at=after(began, 20))
    else:
        await silence(case, camera, after(began, 0.3), after(began, 20.4))
        await claim(case, camera, "screen_locked", began, after(began, 20))
    (stated,) = await settle(case)
    assert (stated.cause.value, stated.started_at, stated.ended_at) == ("screen_locked", began, after(began, 20))
    assert (stated.silent_from, stated.silent_until) == (after(began, 0.3), after(began, 20.4))


async def test_a_broken_line_has_the_times_of_the_server(case: DemoCase) -> None:
    camera, began = await camera_of(case)
    await silence(case, camera, began, after(began, 8))
    await claim(case, camera, "network", after(began, -0.4), after(began, 8.4))
    (stated,) = await settle(case)
    assert (stated.cause.value, stated.started_at, stated.ended_at) == ("network", began, after(began, 8))
    assert stated.reported_by.value == "media"


async def test_a_claim_that_comes_late_is_not_a_second_entry(case: DemoCase) -> None:
    camera, began = await camera_of(case)
    await silence(case, camera, began, after(began, 8))
    (stated,) = await settle(case)
    await claim(case, camera, "frozen", began, after(began, 8.4))
    assert await settle(case) == (stated,)


async def test_the_next_source_ends_what_the_last_one_began(case: DemoCase) -> None:
    """A page that cannot heal its connection opens another; the line was away from the one to the other."""
    camera, began = await camera_of(case)
    await silence(case, camera, began, None)
    async with case.database.write() as tx:
        await close_source(tx, camera, reason="timed_out")
    assert await settle(case) == ()
    following, _ = await case.send("mateo")
    async with case.database.write() as tx:
        await follow_source(tx, following, after(began, 45))
    (stated,) = await settle(case)
    assert (stated.source_id, stated.started_at, stated.ended_at) == (camera, began, after(began, 45))


async def test_what_never_ends_is_stated_when_the_session_does(case: DemoCase) -> None:
    camera, began = await camera_of(case)
    await claim(case, camera, "mute_audio", began, None)
    await silence(case, camera, after(began, 5), None)
    await case.say("ruth", "session.end")
    stated = (await case.state()).interruptions
    assert [(one.cause.value, one.started_at, one.ended_at) for one in stated] == [
        ("mute_audio", began, None),
        ("network", after(began, 5), None),
    ]
    tags = await case.tags()
    assert tags.index("tour.interruption") < tags.index("tour.source_closed")
    assert await settle(case) == stated


async def test_a_page_tells_after_the_session_what_was_over(case: DemoCase) -> None:
    """It was away at the end. What it cannot know the end of is left."""
    camera, began = await camera_of(case)
    await case.say("ruth", "session.end")
    await claim(case, camera, "hidden", began, None)
    assert await settle(case) == ()
    await claim(case, camera, "hidden", began, after(began, 12))
    assert len((await case.state()).interruptions) == 1


async def test_a_line_that_stays_dead_after_a_call_is_a_second_interruption(case: DemoCase) -> None:
    camera, began = await camera_of(case)
    claim_id = await claim(case, camera, "call", began, None)
    await silence(case, camera, began, None)
    told = {"interruption_id": claim_id, "source_id": camera, "cause": "call", "started_at": began}
    await case.say("mateo", "interruption.report", **told, ended_at=after(began, 10))
    assert [one.cause.value for one in await settle(case)] == ["call"]
    async with case.database.write() as tx:
        await resume_source(tx, camera, after(began, 30))
    second = (await settle(case))[1]
    assert (second.cause.value, second.started_at, second.ended_at) == ("network", after(began, 10), after(began, 30))


async def test_one_claim_of_a_cause_is_open_at_a_time_and_every_end_is_taken(case: DemoCase) -> None:
    """Neither by another id nor by another cause under a known one; what was over all the same is stated."""
    camera, began = await camera_of(case)
    told = {"source_id": camera, "started_at": began}
    first, second, third = (told | {"interruption_id": some_id()} for _ in range(3))
    await case.say("mateo", "interruption.report", **first, cause="mute_audio")
    await case.say("mateo", "interruption.report", **second, cause="mute_video")
    for refused in (third | {"cause": "mute_audio"}, third | {"cause": "mute_video"}, second | {"cause": "mute_audio"}):
        with pytest.raises(InterruptionOpen) as error:
            await case.say("mateo", "interruption.report", **refused)
        assert error.value.fields == {"cause": refused["cause"]}
    await case.say("mateo", "interruption.report", **first, cause="mute_audio")
    for one, cause, seconds in ((third, "mute_audio", 3), (first, "mute_audio", 5), (second, "mute_video", 7)):
        await case.say("mateo", "interruption.report", **one, cause=cause, ended_at=after(began, seconds))
    stated = [(one.cause.value, one.ended_at) for one in (await case.state()).interruptions]
    assert stated == [("mute_audio", after(began, 3)), ("mute_audio", after(began, 5)), ("mute_video", after(began, 7))]
    await case.say("mateo", "interruption.report", **told, interruption_id=some_id(), cause="mute_audio")


async def test_two_who_tell_of_the_same_sources_never_wait_for_each_other(postgres_url: str) -> None:
    """What media reports, what falls due, what a page says and what closes the sources take their rows in one order."""
    async with demo_case(postgres_url) as case:
        await case.go_live()
        for number in range(ROUNDS):
            camera, began = await camera_of(case)
            microphone, _ = await case.send("mateo", SourceKind.MICROPHONE)
            told = {"interruption_id": some_id(), "cause": "call", "started_at": began}
            await case.say("mateo", "interruption.report", **told, source_id=camera)
            silent = [SourceInterrupted(**about(case, one, began), since=began) for one in (camera, microphone)]
            consent = {"recording": bool(number % 2), "language": "en", "text_id": "consent-1"}
            case.clock.forward(timedelta(seconds=6))
            await asyncio.gather(
                take_in(case, *silent),
                take_in(case, *silent[::-1]),
                case.say("mateo", "consent.give", **consent),
                settle_once(case),
                case.say("mateo", "interruption.report", **told, source_id=camera, ended_at=after(began, 8)),
            )
        stated = [entry.data for entry in await case.entries() if entry.tag == "tour.interruption"]
    ids = [str(one["interruption_id"]) for one in stated if one is not None]
    assert len(ids) == len(set(ids)) >= ROUNDS


async def test_what_is_stated_is_what_was_known_when_it_was_stated(postgres_url: str) -> None:
    """Whoever settles waits for who tells, and looks again: the line is back, so nothing is left to go on."""
    async with demo_case(postgres_url) as case:
        await case.go_live()
        camera, began = await camera_of(case)
        await silence(case, camera, began, None)
        await claim(case, camera, "network", began, after(began, 8))
        case.clock.forward(timedelta(seconds=6))
        async with case.database.write() as tx:
            await state_reports(tx, (SourceResumed(**about(case, camera, after(began, 9))),))
            settling = asyncio.create_task(settle_once(case))
            await wait_until(lambda: is_anybody_waiting(case))
        await settling
        (stated,) = await settle(case)
        assert (stated.started_at, stated.ended_at) == (began, after(began, 9))
        async with case.database.read() as tx:
            assert await list_unstated(tx) == ()


async def is_anybody_waiting(case: DemoCase) -> bool:
    """Return whether a transaction waits for what another one holds."""
    async with case.database.read() as tx:
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool((await tx.execute(waiting)).scalar_one())


def about(case: DemoCase, source_id: SourceId, at: datetime) -> Header:
    """Return what a report of the media process begins with."""
    case_id, room_id = CaseId(case.seeded.validation.id), case.session_id
    return Header(id=uuid7(), at=at, case_id=case_id, room_id=room_id, source_id=source_id)


async def take_in(case: DemoCase, *reports: SourceInterrupted) -> None:
    """Do with reports what the API does with a piece of their file."""
    async with case.database.write() as tx:
        await state_reports(tx, reports)


async def settle_once(case: DemoCase) -> None:
    """State what is due, as each API process does by itself."""
    async with case.database.write() as tx:
        await settle_interruptions(tx)


async def test_nobody_reports_for_somebody_else(case: DemoCase) -> None:
    camera, began = await camera_of(case)
    told = {"interruption_id": some_id(), "source_id": camera, "cause": "call", "started_at": began}
    with pytest.raises(SourceNotFound):
        await case.say("ruth", "interruption.report", **told)
    with pytest.raises(SourceNotFound):
        await case.say("mateo", "interruption.report", **told | {"source_id": some_id()})
