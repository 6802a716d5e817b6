"""Validations, their sessions and invitations as values."""

from datetime import date
from typing import Annotated

from pydantic import Field

from evidence.records import Count, Instant, Record
from sessions.criteria.rules import EntityType
from sessions.ids import EditionId, InvitationId, MemberId, ParticipantId, SiteId, ValidationId, ValidationSessionId
from sessions.roster.records import TimeZoneName
from sessions.schedule.rules import Phase, SessionState, ValidationMethod

DurationMin = Annotated[int, Field(ge=15, le=600)]
"""Planned length of a session in minutes, 15 to 600; domain.md part 5: virtual validations took 3 to 8 hours."""


class Validation(Record):
    """The case: one member, one criteria edition, one ledger."""

    id: ValidationId
    number: str
    member_id: MemberId
    site_id: SiteId
    entity_types: tuple[EntityType, ...]
    method: ValidationMethod
    edition_id: EditionId
    criteria_as_of: date
    phase: Phase
    opened_at: Instant
    closed_at: Instant | None


class ValidationSession(Record):
    """One scheduled live meeting. `version` grows with each change of its time, for the calendar."""

    id: ValidationSessionId
    validation_id: ValidationId
    site_id: SiteId
    time_zone: TimeZoneName
    starts_at: Instant
    duration_min: DurationMin
    recording: bool
    state: SessionState
    version: Count
    started_at: Instant | None
    ended_at: Instant | None


class Invitation(Record):
    """A join link of one participant for one session; the token itself is nowhere."""

    id: InvitationId
    validation_id: ValidationId
    validation_session_id: ValidationSessionId
    participant_id: ParticipantId
    sent_at: Instant
    expires_at: Instant
    revoked_at: Instant | None
    opened_at: Instant | None
    browser_key: str | None
