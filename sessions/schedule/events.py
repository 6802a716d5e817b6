"""Facts about the validation as a case and about its sessions."""

from datetime import date
from typing import Literal

from pydantic import Field

from evidence.ledger.events import Event
from evidence.records import Instant, Name, Text
from sessions.criteria.rules import EntityType
from sessions.ids import EditionId, InvitationId, MemberId, ParticipantId, SiteId, ValidationId, ValidationSessionId
from sessions.roster.records import TimeZoneName
from sessions.schedule.rules import ValidationMethod


class ValidationOpened(Event):
    """The case exists; the first entry of its ledger."""

    TAG = "schedule.validation_opened"

    validation_id: ValidationId
    number: str
    member_id: MemberId
    member_name: Name
    entity_types: tuple[EntityType, ...]
    method: ValidationMethod
    edition_id: EditionId
    criteria_as_of: date
    site_id: SiteId
    site_name: Name
    time_zone: TimeZoneName


class ValidationClosed(Event):
    """The case changes no more."""

    TAG = "schedule.validation_closed"

    reason: Literal["review_signed", "closed_by_lead"]
    note: Text


class SessionScheduled(Event):
    """A session has a time at a site."""

    TAG = "schedule.session_scheduled"

    validation_session_id: ValidationSessionId
    site_id: SiteId
    site_name: Name
    time_zone: TimeZoneName
    starts_at: Instant
    duration_min: int = Field(ge=1)
    recording: bool


class SessionRescheduled(Event):
    """A planned session has another time."""

    TAG = "schedule.session_rescheduled"

    validation_session_id: ValidationSessionId
    starts_at: Instant
    duration_min: int = Field(ge=1)
    reason: Text


class SessionCancelled(Event):
    """A planned session will not take place."""

    TAG = "schedule.session_cancelled"

    validation_session_id: ValidationSessionId
    reason: Text


class SessionNoShow(Event):
    """A planned session did not take place because the other side did not come."""

    TAG = "schedule.session_no_show"

    validation_session_id: ValidationSessionId
    reason: Text


class InvitationSent(Event):
    """A participant was sent a join link. The link itself is in no log."""

    TAG = "schedule.invitation_sent"

    invitation_id: InvitationId
    validation_session_id: ValidationSessionId
    participant_id: ParticipantId
    expires_at: Instant


class InvitationRevoked(Event):
    """A join link opens nothing any more."""

    TAG = "schedule.invitation_revoked"

    invitation_id: InvitationId
    validation_session_id: ValidationSessionId
    participant_id: ParticipantId
