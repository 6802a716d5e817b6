"""Answers, findings and the review on real databases."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from evidence.ids import Digest, ItemId, uuid7
from evidence.items import store as items
from evidence.items.rules import Claims, Facts, Item, ItemContext, ItemKind, ItemState
from evidence.ledger.rules import Audience
from sessions.checklist.store import list_answers
from sessions.checklist.tables import answer
from sessions.errors import (
    AnswerChanged,
    CriterionNotFound,
    FindingChanged,
    FindingNotFound,
    ItemNotFound,
    NotAllowed,
    NoteMissing,
    RequestNotFound,
    ReviewerAnswered,
    ReviewIncomplete,
    ReviewSigned,
    StopNotFound,
    WrongPhase,
)
from sessions.findings.rules import FindingKind, FindingState
from sessions.schedule.actions import close_validation
from sessions.schedule.rules import Phase
from tests.parts.demo import DemoCase, demo_case, some_id


@pytest.fixture
async def case(database_url: str) -> AsyncIterator[DemoCase]:
    """Give the demo validation on each database."""
    async with demo_case(database_url) as opened:
        yield opened


async def admitted_item(case: DemoCase, *, state: ItemState = ItemState.ADMITTED) -> ItemId:
    """Put an item of the guide into the case."""
    item = Item(
        id=ItemId(uuid7()),
        case_id=case.seeded.validation.id,
        kind=ItemKind.PHOTO,
        state=state,
        digest=Digest("ab" * 32),
        bytes=10,
        media_type="image/jpeg",
        filename="gate.jpg",
        object_key="k",
        context=ItemContext(participant_id=case.seeded.guide.id),
        claims=Claims(),
        facts=Facts(),
        reason=None,
        admitted_at=case.clock.now,
        filed_at=None,
    )
    async with case.database.write() as tx:
        await items.insert_item(tx, item)
    return item.id


async def test_an_answer_has_versions_and_the_last_one_counts(case: DemoCase) -> None:
    await case.answer("9.4", "not_met")
    await case.answer("9.4", "met", base_version=1)
    state = await case.state()
    assert (state.answers["9.4"].version, state.answers["9.4"].verdict) == (2, "met")
    async with case.database.read() as tx:
        last = {one.criterion_id: one for one in await list_answers(tx, case.seeded.validation.id)}
        kept = (await tx.execute(select(answer.c.version).where(answer.c.criterion_id == "9.4"))).all()
    assert last["9.4"].version == 2
    assert len(kept) >= 2


async def test_a_stale_answer_is_told_what_changed(case: DemoCase) -> None:
    await case.answer("9.4", "met")
    with pytest.raises(AnswerChanged) as refused:
        await case.say(
            "owen", "answer.record", criterion_id="9.4", verdict="not_met", method="live", note="x", base_version=0
        )
    assert refused.value.fields == {
        "criterion_id": "9.4",
        "current_version": 1,
        "verdict": "met",
        "by_name": "Ruth Delgado",
        "at": case.clock.now.isoformat(),
    }


async def test_of_two_answers_in_the_same_moment_one_is_told_of_the_other(case: DemoCase) -> None:
    outcomes = await asyncio.gather(
        *(case.answer("9.6", verdict) for verdict in ("met", "not_met", "partly_met", "met")), return_exceptions=True
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, AnswerChanged)]
    assert [outcome for outcome in outcomes if outcome is None] == [None]
    assert [outcome.fields["current_version"] for outcome in refused] == [1, 1, 1]
    assert (await case.state()).answers["9.6"].version == 1


async def test_answers_are_not_changed_and_not_removed(case: DemoCase) -> None:
    await case.answer("9.4", "met")
    row = {"verdict": "not_met"}
    replaced = insert(answer).prefix_with("OR REPLACE", dialect="sqlite")
    for statement in (update(answer).values(row), delete(answer)):
        with pytest.raises(DBAPIError):
            async with case.database.write() as tx:
                await tx.execute(statement)
    if case.database.is_sqlite:
        async with case.database.read() as tx:
            first = dict((await tx.execute(select(answer))).mappings().first() or {})
        with pytest.raises(DBAPIError):
            async with case.database.write() as tx:
                await tx.execute(replaced.values(first | row))


async def test_an_unmet_must_opens_an_action_due_in_ninety_days_at_the_site(case: DemoCase) -> None:
    """15:00 UTC on 24 November is the same day in Monterrey."""
    await case.answer("9.4", "not_met", note="Nobody at the gate.")
    finding = next(iter((await case.state()).findings.values()))
    assert (finding.kind, finding.due_on, finding.note) == (
        FindingKind.ACTION_REQUIRED,
        date(2027, 2, 22),
        "Nobody at the gate.",
    )


async def test_ninety_days_are_counted_from_the_site_s_day(case: DemoCase) -> None:
    case.clock.forward(timedelta(hours=13))
    await case.answer("9.4", "not_met")
    finding = next(iter((await case.state()).findings.values()))
    assert finding.due_on == date(2027, 2, 22)


async def test_an_unmet_should_is_a_recommendation_without_a_date(case: DemoCase) -> None:
    await case.answer("9.5", "partly_met")
    finding = next(iter((await case.state()).findings.values()))
    assert (finding.kind, finding.due_on) == (FindingKind.RECOMMENDATION, None)


async def test_a_gap_keeps_its_finding_until_it_is_met(case: DemoCase) -> None:
    await case.answer("9.4", "not_met")
    await case.answer("9.4", "partly_met", base_version=1)
    await case.answer("9.4", "not_verifiable_remotely", base_version=2)
    open_ones = [one for one in (await case.state()).findings.values() if one.state is FindingState.OPEN]
    assert len(open_ones) == 1
    await case.answer("9.4", "met", base_version=3)
    await case.answer("9.4", "not_met", base_version=4)
    states = [one.state for one in (await case.state()).findings.values()]
    assert states == [FindingState.CLOSED, FindingState.OPEN]


async def test_a_due_date_is_set_on_the_version_that_was_seen(case: DemoCase) -> None:
    await case.answer("9.4", "not_met")
    finding_id = next(iter((await case.state()).findings))
    await case.say("owen", "finding.set_due", finding_id=finding_id, due_on="2026-12-15", base_version=1)
    with pytest.raises(FindingChanged) as refused:
        await case.say("ruth", "finding.set_due", finding_id=finding_id, due_on="2026-12-20", base_version=1)
    assert refused.value.fields["due_on"] == "2026-12-15"
    with pytest.raises(FindingNotFound):
        await case.say("ruth", "finding.set_due", finding_id=some_id(), due_on="2026-12-20", base_version=1)
    assert (await case.state()).findings[finding_id].version == 2


async def test_answer_is_refused_when_it_says_too_little_or_points_nowhere(case: DemoCase) -> None:
    with pytest.raises(NoteMissing):
        await case.answer("9.4", "not_met", note="")
    with pytest.raises(NoteMissing):
        await case.answer("9.4", "not_applicable")
    with pytest.raises(CriterionNotFound):
        await case.answer("12.5", "met")
    with pytest.raises(StopNotFound):
        await case.answer("9.4", "met", stop_id=some_id())
    with pytest.raises(ItemNotFound):
        await case.answer("9.4", "met", item_ids=[some_id()])
    assert (await case.state()).answers == {}


async def test_evidence_is_tied_once_and_only_what_is_good(case: DemoCase) -> None:
    item_id = await admitted_item(case)
    refused = await admitted_item(case, state=ItemState.QUARANTINED)
    await case.say("ruth", "item.link", item_id=item_id, criterion_id="9.4")
    await case.say("ruth", "item.link", item_id=item_id, criterion_id="9.4")
    with pytest.raises(ItemNotFound):
        await case.say("ruth", "item.link", item_id=refused, criterion_id="9.4")
    assert (await case.tags()).count("checklist.item_linked") == 1
    await case.answer("9.4", "met", item_ids=[item_id])
    assert (await case.state()).answers["9.4"].item_ids == (item_id,)


async def test_a_request_is_closed_once(case: DemoCase) -> None:
    request_id = some_id()
    await case.say("ruth", "request.open", request_id=request_id, criterion_id="9.4", text="Guard roster")
    await case.say("owen", "request.close", request_id=request_id)
    with pytest.raises(RequestNotFound):
        await case.say("ruth", "request.close", request_id=request_id)


@pytest.mark.parametrize("name", ["mateo", "lucía", "helen", "grace"])
async def test_only_specialists_answer(case: DemoCase, name: str) -> None:
    with pytest.raises(NotAllowed):
        await case.say(name, "answer.record", criterion_id="9.4", verdict="met", method="live", base_version=0)


@pytest.mark.parametrize("name", ["mateo", "lucía", "ruth", "owen", "grace"])
async def test_only_the_reviewer_marks(case: DemoCase, name: str) -> None:
    await case.answer("9.4", "met")
    with pytest.raises(NotAllowed):
        await case.say(name, "review.mark", criterion_id="9.4", answer_version=1, mark="supported")


async def test_a_review_is_signed_over_every_last_answer_and_closes_the_case(case: DemoCase) -> None:
    await case.answer("9.4", "met")
    await case.answer("9.5", "met")
    await case.say("helen", "review.mark", criterion_id="9.4", answer_version=1, mark="supported")
    with pytest.raises(ReviewIncomplete) as refused:
        await case.say("helen", "review.sign", statement="Read.")
    assert refused.value.fields["unmarked"] == ["9.5"]
    await case.say("helen", "review.mark", criterion_id="9.5", answer_version=1, mark="question", note="Which dock?")
    await case.answer("9.5", "met", base_version=1)
    with pytest.raises(AnswerChanged):
        await case.say("helen", "review.mark", criterion_id="9.5", answer_version=1, mark="supported")
    await case.say("helen", "review.mark", criterion_id="9.5", answer_version=2, mark="supported")
    await case.say("helen", "review.sign", statement="Read.")
    state = await case.state()
    assert state.validation is not None
    assert (state.validation.phase, state.reviews["9.5"].answer_version) == (Phase.CLOSED, 2)
    with pytest.raises(ReviewSigned):
        await case.say("helen", "review.mark", criterion_id="9.4", answer_version=1, mark="supported")


async def test_a_member_reads_nothing_of_the_review(case: DemoCase) -> None:
    await case.answer("9.4", "met")
    await case.say("helen", "review.mark", criterion_id="9.4", answer_version=1, mark="not_supported", note="Blurred.")
    entries = await case.entries(Audience.MEMBER)
    assert (await case.state(Audience.MEMBER)).reviews == {}
    assert (entries[-1].tag, entries[-1].data) == (None, None)


async def test_a_reviewer_who_answered_does_not_decide(case: DemoCase) -> None:
    """The table, not the role, is asked: an office may have let the reviewer answer before."""
    await case.answer("9.4", "met")
    helen = case.account("helen").id
    async with case.database.write() as tx:
        first = dict((await tx.execute(select(answer).where(answer.c.criterion_id == "9.4"))).mappings().one())
        await tx.execute(insert(answer).values(first | {"version": 2, "account_id": helen}))
    with pytest.raises(ReviewerAnswered):
        await case.say("helen", "review.mark", criterion_id="9.4", answer_version=2, mark="supported")


async def test_a_closed_case_changes_no_more_but_can_still_be_reviewed(case: DemoCase) -> None:
    await case.answer("9.4", "met")
    lead = await case.access("ruth")
    async with case.database.write() as tx:
        await close_validation(tx, lead, note="Papers suffice.")
    for command_type, fields in (
        ("answer.record", {"criterion_id": "9.5", "verdict": "met", "method": "live", "base_version": 0}),
        ("session.start", {}),
        ("consent.give", {"recording": True, "language": "en", "text_id": "consent-1"}),
        ("tour.add_stop", {"stop_id": some_id(), "name": "Office"}),
        ("request.open", {"request_id": some_id(), "text": "More"}),
    ):
        with pytest.raises(WrongPhase):
            await case.say("ruth", command_type, **fields)
    await case.say("helen", "review.mark", criterion_id="9.4", answer_version=1, mark="supported")
    await case.say("helen", "review.sign", statement="Read.")


async def test_a_case_does_not_close_while_it_is_live(case: DemoCase) -> None:
    await case.go_live()
    lead = await case.access("ruth")
    with pytest.raises(WrongPhase):
        async with case.database.write() as tx:
            await close_validation(tx, lead, note="")
