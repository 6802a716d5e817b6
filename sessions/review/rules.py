"""What a reviewer may say of an answer, and when the review is complete. Pure."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from evidence.records import Json
from sessions.errors import NoteMissing, ReviewerAnswered, ReviewIncomplete, ReviewSigned
from sessions.ids import AccountId, CriterionId


class Mark(StrEnum):
    """The reviewer's view of one answer."""

    SUPPORTED = "supported"
    NOT_SUPPORTED = "not_supported"
    QUESTION = "question"


def check_reviewer(reviewer: AccountId | None, answered_by: Collection[AccountId | None]) -> None:
    """Refuse a reviewer who answered anything in this validation.

    Source: domain.md part 4, conflict rule: whoever answers for an item must not decide it.
    Raises: ReviewerAnswered.
    """
    if reviewer in answered_by:
        raise ReviewerAnswered


def check_unsigned(*, signed: bool) -> None:
    """Refuse to mark or sign after the signature; raises ReviewSigned."""
    if signed:
        raise ReviewSigned


def check_mark(mark: Mark, note: str) -> None:
    """Refuse a doubt without words; raises NoteMissing."""
    if mark is not Mark.SUPPORTED and not note.strip():
        raise NoteMissing(verdict=mark.value, field="note")


def check_complete(answered: Mapping[CriterionId, int], marked: Mapping[CriterionId, int]) -> None:
    """Refuse a signature under answers that nobody looked at.

    Source: domain.md part 4, the reviewer decides on what others answered, so every answer is looked at, in its last
    version, and there is at least one.

    Args: answered, marked: version by criterion.
    Raises: ReviewIncomplete.
    """
    unmarked: list[Json] = [criterion for criterion, version in answered.items() if marked.get(criterion) != version]
    if unmarked or not answered:
        raise ReviewIncomplete(unmarked=unmarked)
