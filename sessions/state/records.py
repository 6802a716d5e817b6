"""The state of a validation as a page needs it: the record that the fold beside it builds.

Its JSON is the room snapshot; every name here is a name on the wire.
"""

from datetime import date
from uuid import UUID

from pydantic import Field

from evidence.custody.rules import Stage
from evidence.ids import ItemId, SourceId
from evidence.items.rules import Camera, Claims, Facts, ItemKind
from evidence.records import Count, Instant, Record
from sessions.checklist.rules import Method, Verdict
from sessions.criteria.rules import EntityType
from sessions.findings.rules import FindingKind, FindingState
from sessions.ids import (
    CriterionId,
    FindingId,
    InterruptionId,
    MemberId,
    ParticipantId,
    RequestId,
    SiteId,
    StillId,
    StopId,
    ValidationId,
    ValidationSessionId,
)
from sessions.readiness.rules import Way
from sessions.review.rules import Mark
from sessions.roster.records import Language
from sessions.roster.rules import Role, Side
from sessions.schedule.rules import Phase, SessionState, ValidationMethod
from sessions.tour.interruption_rules import InterruptionCause, Witness
from sessions.tour.rules import SourceKind, SourceType, Standing, StillState


class CaseValidation(Record):
    """The case."""

    id: ValidationId
    number: str
    member_id: MemberId
    member_name: str
    entity_types: tuple[EntityType, ...]
    method: ValidationMethod
    edition_id: str
    criteria_as_of: date
    site_id: SiteId
    site_name: str
    time_zone: str
    phase: Phase
    opened_at: Instant
    closed_at: Instant | None = None


class CasePrivacy(Record):
    """'Show, do not store' is on."""

    since: Instant
    by: str
    reason: str


class CaseSession(Record):
    """One validation session."""

    id: ValidationSessionId
    state: SessionState
    site_id: SiteId
    site_name: str
    time_zone: str
    starts_at: Instant
    duration_min: int
    recording: bool
    reason: str | None = None
    started_at: Instant | None = None
    ended_at: Instant | None = None
    privacy: CasePrivacy | None = None
    open_stop_id: StopId | None = None


class CaseConsent(Record):
    """What a participant agreed to, for the session named beside it."""

    recording: bool
    language: Language
    at: Instant


class CaseLineTest(Record):
    """What the page of a participant found of the line, when it last tried."""

    validation_session_id: ValidationSessionId
    worked: tuple[Way, ...]
    path: Way | None
    at: Instant


class CaseParticipant(Record):
    """A person on the roster; standing and consent are those of `validation_session_id`, the last one entered."""

    id: ParticipantId
    name: str
    role: Role
    side: Side
    language: Language
    validation_session_id: ValidationSessionId | None = None
    standing: Standing = Standing.INVITED
    consent: CaseConsent | None = None
    camera: bool | None = None
    microphone: bool | None = None
    present: bool = False
    line: CaseLineTest | None = None


class CaseSource(Record):
    """One WHIP publication; `name` is that of equipment with a media token, None for a person's own page.

    `filed_through_ms` counts from the start of its recording; None while nothing is filed.
    """

    id: SourceId
    participant_id: ParticipantId
    kind: SourceKind
    source_type: SourceType
    name: str | None = None
    validation_session_id: ValidationSessionId
    open: bool
    recorded: bool
    photo_mode: bool = False
    opened_at: Instant
    filed_through_ms: int | None = None


class CaseInterruption(Record):
    """A source was interrupted; `ended_at` is None when it never ended. Fields as in the entry."""

    id: InterruptionId
    seq: Count
    validation_session_id: ValidationSessionId
    source_id: SourceId
    cause: InterruptionCause
    started_at: Instant
    ended_at: Instant | None
    reported_by: Witness
    silent_from: Instant | None
    silent_until: Instant | None


class CaseStop(Record):
    """A stop of the route."""

    id: StopId
    name: str
    order: int
    validation_session_id: ValidationSessionId


class CaseMark(Record):
    """A marked moment."""

    seq: Count
    at: Instant
    by: str
    label: str
    validation_session_id: ValidationSessionId
    criterion_id: CriterionId | None
    stop_id: StopId | None


class CaseAnswer(Record):
    """The last answer to a criterion."""

    verdict: Verdict
    method: Method
    note: str
    reason: str | None
    version: int
    by: str
    by_id: str
    at: Instant
    seq: Count
    stop_id: StopId | None
    item_ids: tuple[ItemId, ...]


class CaseFinding(Record):
    """An open or closed gap."""

    id: FindingId
    criterion_id: CriterionId
    kind: FindingKind
    state: FindingState
    note: str
    due_on: date | None
    version: int
    opened_at: Instant
    closed_at: Instant | None = None


class CaseItem(Record):
    """An evidence item. What is known of a quarantined one ends at its bytes; `reason` says why it was refused."""

    id: ItemId
    kind: ItemKind
    state: Stage
    held: bool = False
    retain_until: Instant | None = None
    digest: str
    bytes: int
    media_type: str | None = None
    filename: str
    participant_id: UUID
    validation_session_id: UUID | None
    criterion_ids: tuple[CriterionId, ...]
    stop_id: UUID | None
    still_id: UUID | None
    camera: Camera | None = None
    source_type: str | None = None
    source_name: str | None = None
    claims: Claims | None = None
    facts: Facts | None = None
    at: Instant
    seq: Count
    thumbnail: bool = False
    reason: str | None = None


class CaseStill(Record):
    """A picture that was asked for."""

    id: StillId
    validation_session_id: ValidationSessionId
    criterion_id: CriterionId | None
    stop_id: StopId | None
    state: StillState
    by: str
    at: Instant
    item_id: ItemId | None = None
    reason: str | None = None


class CaseRequest(Record):
    """Something the member was asked for."""

    id: RequestId
    criterion_id: CriterionId | None
    text: str
    open: bool
    by: str
    at: Instant
    closed_at: Instant | None = None


class CaseReview(Record):
    """The reviewer's mark on one version of an answer."""

    mark: Mark
    note: str
    answer_version: int
    by: str
    at: Instant


class CaseSignature(Record):
    """The reviewer's signature."""

    by: str
    at: Instant
    statement: str


class CaseState(Record):
    """A validation after its entries up to and including `seq`; -1 before the first."""

    seq: int = -1
    validation: CaseValidation | None = None
    sessions: dict[ValidationSessionId, CaseSession] = Field(default_factory=dict)
    participants: dict[ParticipantId, CaseParticipant] = Field(default_factory=dict)
    sources: dict[SourceId, CaseSource] = Field(default_factory=dict)
    stops: dict[StopId, CaseStop] = Field(default_factory=dict)
    interruptions: tuple[CaseInterruption, ...] = ()
    marks: tuple[CaseMark, ...] = ()
    answers: dict[CriterionId, CaseAnswer] = Field(default_factory=dict)
    findings: dict[FindingId, CaseFinding] = Field(default_factory=dict)
    items: dict[ItemId, CaseItem] = Field(default_factory=dict)
    stills: dict[StillId, CaseStill] = Field(default_factory=dict)
    requests: dict[RequestId, CaseRequest] = Field(default_factory=dict)
    reviews: dict[CriterionId, CaseReview] = Field(default_factory=dict)
    review_signed: CaseSignature | None = None
