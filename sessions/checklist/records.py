"""Answers and requests as values."""

from uuid import UUID

from evidence.ids import ItemId
from evidence.records import Count, Instant, Name, Record, Text
from sessions.checklist.rules import Method, Verdict
from sessions.ids import CriterionId, RequestId, StopId, ValidationId


class Answer(Record):
    """One version of the answer to a criterion."""

    validation_id: ValidationId
    criterion_id: CriterionId
    version: Count
    verdict: Verdict
    method: Method
    note: Text
    reason: Text | None
    stop_id: StopId | None
    item_ids: tuple[ItemId, ...]
    participant_id: UUID
    account_id: UUID | None
    by_name: Name
    recorded_at: Instant


class Request(Record):
    """Something the member was asked for."""

    id: RequestId
    validation_id: ValidationId
    criterion_id: CriterionId | None
    text: Text
    opened_at: Instant
    closed_at: Instant | None
