"""Facts of the checklist."""

from pydantic import Field

from evidence.ids import ItemId
from evidence.ledger.events import Event
from evidence.records import Text
from sessions.checklist.rules import Method, Verdict
from sessions.ids import CriterionId, RequestId, StopId


class AnswerRecorded(Event):
    """A criterion has a new answer; older ones stay in the log."""

    TAG = "checklist.answer_recorded"

    criterion_id: CriterionId
    version: int = Field(ge=1)
    verdict: Verdict
    method: Method
    note: Text
    reason: Text | None
    stop_id: StopId | None
    item_ids: tuple[ItemId, ...]


class ItemLinked(Event):
    """An evidence item speaks to a criterion."""

    TAG = "checklist.item_linked"

    item_id: ItemId
    criterion_id: CriterionId


class RequestOpened(Event):
    """The member is asked for something."""

    TAG = "checklist.request_opened"

    request_id: RequestId
    criterion_id: CriterionId | None
    text: Text


class RequestClosed(Event):
    """What was asked for is no longer waited for."""

    TAG = "checklist.request_closed"

    request_id: RequestId
