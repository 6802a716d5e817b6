"""What an answer must say, what becomes of a gap, and what a reviewer may sign."""

from datetime import date
from uuid import UUID

import pytest

from sessions.checklist.rules import Method, Verdict, check_answer, is_stale
from sessions.criteria.rules import Level
from sessions.errors import MethodNotFitting, NoteMissing, ReviewerAnswered, ReviewIncomplete, ReviewSigned
from sessions.findings.rules import FindingKind, closes, due_on, kind_of_gap
from sessions.ids import AccountId
from sessions.review.rules import Mark, check_complete, check_mark, check_reviewer, check_unsigned

ONE, OTHER = AccountId(UUID(int=1)), AccountId(UUID(int=2))


@pytest.mark.parametrize(
    ("verdict", "note", "reason", "missing"),
    [
        (Verdict.MET, "", None, None),
        (Verdict.PARTLY_MET, "", None, "note"),
        (Verdict.PARTLY_MET, " \n", None, "note"),
        (Verdict.PARTLY_MET, "One dock has no camera.", None, None),
        (Verdict.NOT_MET, "", "because", "note"),
        (Verdict.NOT_MET, "No log at all.", None, None),
        (Verdict.NOT_APPLICABLE, "a note", None, "reason"),
        (Verdict.NOT_APPLICABLE, "a note", "  ", "reason"),
        (Verdict.NOT_APPLICABLE, "", "Handles no cargo.", None),
        (Verdict.NOT_VERIFIABLE_REMOTELY, "", None, None),
    ],
)
def test_a_gap_needs_a_note_and_an_exemption_a_reason(
    verdict: Verdict, note: str, reason: str | None, missing: str | None
) -> None:
    if missing is None:
        check_answer(verdict, Method.LIVE, note=note, reason=reason)
        return
    with pytest.raises(NoteMissing) as refused:
        check_answer(verdict, Method.LIVE, note=note, reason=reason)
    assert refused.value.fields == {"verdict": verdict.value, "field": missing}


@pytest.mark.parametrize("method", Method)
def test_who_stood_there_cannot_say_it_was_not_verifiable_remotely(method: Method) -> None:
    if method is not Method.IN_PERSON:
        check_answer(Verdict.NOT_VERIFIABLE_REMOTELY, method, note="", reason=None)
        return
    with pytest.raises(MethodNotFitting):
        check_answer(Verdict.NOT_VERIFIABLE_REMOTELY, method, note="", reason=None)


@pytest.mark.parametrize(("base", "current", "expected"), [(0, 0, False), (3, 3, False), (0, 1, True), (2, 1, True)])
def test_a_write_is_stale_when_the_writer_saw_another_version(
    base: int,
    current: int,
    expected: bool,  # noqa: FBT001  (a column of the table)
) -> None:
    assert is_stale(base, current) is expected


@pytest.mark.parametrize(
    ("verdict", "level", "expected"),
    [
        (Verdict.NOT_MET, Level.MUST, FindingKind.ACTION_REQUIRED),
        (Verdict.PARTLY_MET, Level.MUST, FindingKind.ACTION_REQUIRED),
        (Verdict.NOT_MET, Level.SHOULD, FindingKind.RECOMMENDATION),
        (Verdict.PARTLY_MET, Level.SHOULD, FindingKind.RECOMMENDATION),
        (Verdict.MET, Level.MUST, None),
        (Verdict.NOT_APPLICABLE, Level.MUST, None),
        (Verdict.NOT_VERIFIABLE_REMOTELY, Level.MUST, None),
    ],
)
def test_an_unmet_must_asks_for_action_and_an_unmet_should_is_recommended(
    verdict: Verdict, level: Level, expected: FindingKind | None
) -> None:
    assert kind_of_gap(verdict, level) is expected


def test_a_finding_closes_by_a_later_answer_that_takes_its_ground() -> None:
    assert {verdict for verdict in Verdict if closes(verdict)} == {Verdict.MET, Verdict.NOT_APPLICABLE}


def test_an_action_is_due_ninety_days_on_and_a_recommendation_is_not_due() -> None:
    assert due_on(FindingKind.ACTION_REQUIRED, date(2026, 11, 24)) == date(2027, 2, 22)
    assert due_on(FindingKind.RECOMMENDATION, date(2026, 11, 24)) is None


def test_a_reviewer_answered_nothing_here() -> None:
    check_reviewer(ONE, {OTHER})
    with pytest.raises(ReviewerAnswered):
        check_reviewer(ONE, {OTHER, ONE})


@pytest.mark.parametrize("mark", [Mark.NOT_SUPPORTED, Mark.QUESTION])
def test_a_doubt_needs_words(mark: Mark) -> None:
    check_mark(Mark.SUPPORTED, "")
    check_mark(mark, "The photo shows another gate.")
    with pytest.raises(NoteMissing):
        check_mark(mark, "  ")


def test_nothing_is_marked_under_a_signature() -> None:
    check_unsigned(signed=False)
    with pytest.raises(ReviewSigned):
        check_unsigned(signed=True)


@pytest.mark.parametrize(
    ("answered", "marked", "unmarked"),
    [
        ({"9.4": 1}, {"9.4": 1}, None),
        ({"9.4": 2, "9.6": 1}, {"9.4": 1, "9.6": 1}, ["9.4"]),
        ({"9.4": 1, "9.6": 1}, {"9.4": 1}, ["9.6"]),
        ({}, {}, []),
    ],
)
def test_a_review_covers_the_last_version_of_every_answer(
    answered: dict[str, int], marked: dict[str, int], unmarked: list[str] | None
) -> None:
    if unmarked is None:
        check_complete(answered, marked)
        return
    with pytest.raises(ReviewIncomplete) as refused:
        check_complete(answered, marked)
    assert refused.value.fields["unmarked"] == unmarked
