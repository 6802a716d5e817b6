"""What a letter about a session is made of."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from evidence.records import Instant, Name, Record
from sessions.ids import InvitationId, ValidationId, ValidationSessionId


class MailKind(StrEnum):
    """Why a participant is written to."""

    INVITED = "invited"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"


class Occasion(Record):
    """A session as one invited participant is told of it. Times are shown in the site's zone."""

    mail_id: UUID
    kind: MailKind
    reason: str
    invitation_id: InvitationId
    revoked: bool
    expires_at: Instant
    validation_id: ValidationId
    validation_session_id: ValidationSessionId
    version: int
    number: str
    member_name: Name
    site_name: Name
    site_address: str
    time_zone: str
    starts_at: Instant
    duration_min: int
    recording: bool
    has_account: bool
    name: Name
    email: str
    language: str

    @property
    def local_start(self) -> datetime:
        """The start by the clocks of the site."""
        return self.starts_at.astimezone(ZoneInfo(self.time_zone))

    @property
    def local_end(self) -> datetime:
        """The planned end by the clocks of the site."""
        return (self.starts_at + timedelta(minutes=self.duration_min)).astimezone(ZoneInfo(self.time_zone))

    @property
    def is_obsolete(self) -> bool:
        """Whether there is nothing left to say: the link was withdrawn before its letter went out."""
        return self.revoked and self.kind is not MailKind.CANCELLED


class Letter(Record):
    """A subject line and a plain text."""

    subject: str
    text: str
