"""Every command of a validation, one record each, told apart by `type`. The validation is named by the envelope."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, TypeAdapter

from evidence.ids import ItemId, SourceId
from evidence.records import Count, Instant, Name, Record, Text
from sessions.checklist.rules import Method, Verdict
from sessions.ids import (
    CriterionId,
    FindingId,
    InterruptionId,
    ParticipantId,
    RequestId,
    StillId,
    StopId,
    ValidationSessionId,
)
from sessions.review.rules import Mark
from sessions.roster.records import Language
from sessions.tour.interruption_rules import InterruptionCause
from sessions.tour.rules import VideoCodec

Reason = Annotated[
    str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+$")
]
"""Why, in 1 to 1000 characters."""
Words = Annotated[
    str, StringConstraints(min_length=1, max_length=10_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+$")
]
"""Text that must not be empty, up to 10,000 characters."""


class _Command(Record):
    command_id: UUID


class _InSession(_Command):
    validation_session_id: ValidationSessionId


class StartSession(_InSession):
    """Go live."""

    type: Literal["session.start"]


class EndSession(_InSession):
    """End the live session and close every source."""

    type: Literal["session.end"]


class AdmitParticipant(_InSession):
    """Let a participant in from the lobby."""

    type: Literal["participant.admit"]
    participant_id: ParticipantId


class RemoveParticipant(_InSession):
    """Put a participant out of the room, media and all."""

    type: Literal["participant.remove"]
    participant_id: ParticipantId
    reason: Reason


class GiveConsent(_InSession):
    """Agree to take part, and to be recorded or not."""

    type: Literal["consent.give"]
    recording: bool
    language: Language
    text_id: Name


class EnterLobby(_InSession):
    """Wait to be let in, with the outcome of the device check."""

    type: Literal["lobby.enter"]
    camera: bool
    microphone: bool
    user_agent_label: Name
    decodes: tuple[VideoCodec, ...] | None = Field(default=None, max_length=10)
    """Codecs of pictures that the browser was measured to show; None when nothing was measured."""
    encodes: tuple[VideoCodec, ...] | None = Field(default=None, max_length=10)
    """The same of what it can send."""


class LeaveRoom(_InSession):
    """Go out of the room."""

    type: Literal["room.leave"]


class StartPrivacy(_InSession):
    """Show, do not store, from now on."""

    type: Literal["privacy.start"]
    reason: Reason


class StopPrivacy(_InSession):
    """Store again."""

    type: Literal["privacy.stop"]


class AddStop(_InSession):
    """Add a stop at the end of the route."""

    type: Literal["tour.add_stop"]
    stop_id: StopId
    name: Name


class OpenStop(_InSession):
    """Be at this stop."""

    type: Literal["tour.open_stop"]
    stop_id: StopId


class SetMark(_InSession):
    """Mark this moment."""

    type: Literal["tour.mark"]
    label: Name
    criterion_id: CriterionId | None = None


class RequestStill(_InSession):
    """Ask for a picture of what the camera shows."""

    type: Literal["still.request"]
    still_id: StillId
    criterion_id: CriterionId | None = None
    stop_id: StopId | None = None


class DeclineStill(_Command):
    """Say that the picture was not taken, and why."""

    type: Literal["still.decline"]
    still_id: StillId
    reason: Reason


class ReportInterruption(_Command):
    """Say that one's own source is interrupted, or with `ended_at` that it was; times are the page's, in server time.

    `interruption_id` is made by the page and the same at both ends.
    """

    type: Literal["interruption.report"]
    interruption_id: InterruptionId
    source_id: SourceId
    cause: InterruptionCause
    started_at: Instant
    ended_at: Instant | None = None


class StartPhotoMode(_Command):
    """State that one's own camera sends photos in place of its pictures: the line carries no more."""

    type: Literal["photo_mode.start"]
    source_id: SourceId


class StopPhotoMode(_Command):
    """State that one's own camera sends moving pictures again."""

    type: Literal["photo_mode.stop"]
    source_id: SourceId


class RecordAnswer(_Command):
    """Answer a criterion; `base_version` is the version the writer saw, 0 for none."""

    type: Literal["answer.record"]
    criterion_id: CriterionId
    verdict: Verdict
    method: Method
    note: Text = ""
    reason: Text | None = None
    stop_id: StopId | None = None
    item_ids: tuple[ItemId, ...] = Field(default=(), max_length=100)
    base_version: Count


class SetDueDate(_Command):
    """Give an open finding another due date; `base_version` is the finding's version the writer saw."""

    type: Literal["finding.set_due"]
    finding_id: FindingId
    due_on: date
    base_version: Count


class LinkItem(_Command):
    """Tie an evidence item to a criterion."""

    type: Literal["item.link"]
    item_id: ItemId
    criterion_id: CriterionId


class OpenRequest(_Command):
    """Ask the member for something."""

    type: Literal["request.open"]
    request_id: RequestId
    criterion_id: CriterionId | None = None
    text: Words


class CloseRequest(_Command):
    """Stop waiting for what was asked."""

    type: Literal["request.close"]
    request_id: RequestId


class MarkAnswer(_Command):
    """Say whether the evidence supports one version of an answer."""

    type: Literal["review.mark"]
    criterion_id: CriterionId
    answer_version: Count
    mark: Mark
    note: Text = ""


class SignReview(_Command):
    """Sign the review, which closes the validation."""

    type: Literal["review.sign"]
    statement: Words


Command = Annotated[
    StartSession
    | EndSession
    | AdmitParticipant
    | RemoveParticipant
    | GiveConsent
    | EnterLobby
    | LeaveRoom
    | StartPrivacy
    | StopPrivacy
    | AddStop
    | OpenStop
    | SetMark
    | RequestStill
    | DeclineStill
    | ReportInterruption
    | StartPhotoMode
    | StopPhotoMode
    | RecordAnswer
    | SetDueDate
    | LinkItem
    | OpenRequest
    | CloseRequest
    | MarkAnswer
    | SignReview,
    Field(discriminator="type"),
]
"""Any command."""

COMMAND: TypeAdapter[Command] = TypeAdapter(Command)
"""Reads a command from JSON; raises pydantic.ValidationError on anything else."""
