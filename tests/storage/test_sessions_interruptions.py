"""Interruptions on real databases: page and media process tell of one, and one entry is written."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from evidence.ids import SourceId, uuid7
from sessions.errors import InterruptionOpen, SourceNotFound
from sessions.state.records import CaseInterruption
from sessions.tour.interruptions import follow_source, interrupt_source, resume_source, settle_interruptions
from sessions.tour.sources import close_source
from tests.parts.demo import DemoCase, demo_case, some_id


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


async def test_nobody_reports_for_somebody_else(case: DemoCase) -> None:
    camera, began = await camera_of(case)
    told = {"interruption_id": some_id(), "source_id": camera, "cause": "call", "started_at": began}
    with pytest.raises(SourceNotFound):
        await case.say("ruth", "interruption.report", **told)
    with pytest.raises(SourceNotFound):
        await case.say("mateo", "interruption.report", **told | {"source_id": some_id()})
