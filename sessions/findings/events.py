"""Facts about gaps."""

from datetime import date
from typing import Literal

from pydantic import Field

from evidence.ledger.events import Event
from evidence.records import Text
from sessions.findings.rules import FindingKind
from sessions.ids import CriterionId, FindingId


class FindingOpened(Event):
    """An answer showed a gap."""

    TAG = "findings.finding_opened"

    finding_id: FindingId
    criterion_id: CriterionId
    kind: FindingKind
    note: Text
    due_on: date | None
    version: int = Field(ge=1)


class DueDateSet(Event):
    """A finding is due on another day."""

    TAG = "findings.due_date_set"

    finding_id: FindingId
    due_on: date
    version: int = Field(ge=1)


class FindingClosed(Event):
    """A finding no longer waits, because a later answer took its ground away."""

    TAG = "findings.finding_closed"

    finding_id: FindingId
    reason: Literal["met", "not_applicable"]
    version: int = Field(ge=1)
