"""A finding as a value."""

from datetime import date

from evidence.records import Count, Instant, Record, Text
from sessions.findings.rules import FindingKind, FindingState
from sessions.ids import CriterionId, FindingId, ValidationId


class Finding(Record):
    """A gap, its due date and whether it still waits."""

    id: FindingId
    validation_id: ValidationId
    criterion_id: CriterionId
    kind: FindingKind
    state: FindingState
    note: Text
    due_on: date | None
    version: Count
    opened_at: Instant
    closed_at: Instant | None
