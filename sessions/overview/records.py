"""One line each: a validation, a session, and something that waits."""

from datetime import date
from enum import StrEnum

from evidence.records import Count, Instant, Name, Record
from sessions.criteria.rules import EntityType
from sessions.ids import MemberId, SiteId, ValidationId, ValidationSessionId
from sessions.roster.rules import Role
from sessions.schedule.rules import Phase, SessionState, ValidationMethod


class ValidationLine(Record):
    """A validation in a list, as the reader in `role` may see it.

    `review_signed` is null for who reads nothing of the review; `next_due_on` is the nearest date of an open finding.
    """

    id: ValidationId
    number: str
    member_id: MemberId
    member_name: Name
    site_id: SiteId
    site_name: Name
    time_zone: str
    entity_types: tuple[EntityType, ...]
    method: ValidationMethod
    edition_id: str
    criteria_as_of: date
    phase: Phase
    opened_at: Instant
    closed_at: Instant | None
    role: Role
    lead_name: Name
    answered: Count
    open_findings: Count
    next_due_on: date | None
    open_requests: Count
    review_signed: bool | None


class SessionLine(Record):
    """A validation session in a list, with what it belongs to and the reader's role there."""

    id: ValidationSessionId
    validation_id: ValidationId
    number: str
    member_name: Name
    site_name: Name
    time_zone: str
    starts_at: Instant
    duration_min: int
    recording: bool
    state: SessionState
    started_at: Instant | None
    ended_at: Instant | None
    role: Role


class WaitingFor(StrEnum):
    """What waits."""

    SCHEDULE = "schedule"
    OUTCOME = "outcome"
    REQUESTS = "requests"
    FINDINGS = "findings"
    REVIEW = "review"


class WaitingLine(Record):
    """Something that waits for the reader in a validation: a date, the outcome of a session, answers to requests."""

    waiting_for: WaitingFor
    validation_id: ValidationId
    number: str
    member_name: Name
    count: Count
    due_on: date | None


class Worklist(Record):
    """What needs a person today, what comes, and what waits."""

    today: tuple[SessionLine, ...]
    coming: tuple[SessionLine, ...]
    waiting: tuple[WaitingLine, ...]
