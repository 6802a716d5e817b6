"""Facts of the second look, for government eyes only."""

from pydantic import Field

from evidence.ledger.events import EntryClass, Event
from evidence.records import Text
from sessions.ids import CriterionId
from sessions.review.rules import Mark


class AnswerMarked(Event):
    """The reviewer marked one version of an answer."""

    TAG = "review.answer_marked"
    ENTRY_CLASS = EntryClass.GOVERNMENT

    criterion_id: CriterionId
    answer_version: int = Field(ge=1)
    mark: Mark
    note: Text


class ReviewSigned(Event):
    """The reviewer signed the review."""

    TAG = "review.review_signed"
    ENTRY_CLASS = EntryClass.GOVERNMENT

    statement: Text
