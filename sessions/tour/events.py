"""Facts of the live walk."""

from evidence.ids import SourceId
from evidence.ledger.events import Event
from evidence.records import Instant, Name, Text
from sessions.ids import CriterionId, InterruptionId, ParticipantId, StillId, StopId, TokenId, ValidationSessionId
from sessions.roster.records import Language
from sessions.tour.interruption_rules import InterruptionCause, Witness
from sessions.tour.rules import SourceKind, SourceType


class _InSession(Event):
    validation_session_id: ValidationSessionId


class SessionStarted(_InSession):
    """The session is live."""

    TAG = "tour.session_started"


class SessionEnded(_InSession):
    """The session is over; every source of it is closed."""

    TAG = "tour.session_ended"


class ConsentGiven(_InSession):
    """A participant read what is kept and agreed to take part, with or without being recorded."""

    TAG = "tour.consent_given"

    participant_id: ParticipantId
    recording: bool
    language: Language
    text_id: Name


class LobbyEntered(_InSession):
    """A participant waits at the door, device checked."""

    TAG = "tour.lobby_entered"

    participant_id: ParticipantId
    camera: bool
    microphone: bool
    user_agent_label: Name


class ParticipantAdmitted(_InSession):
    """A participant may send and receive media."""

    TAG = "tour.participant_admitted"

    participant_id: ParticipantId


class ParticipantRemoved(_InSession):
    """A participant may neither send nor receive media."""

    TAG = "tour.participant_removed"

    participant_id: ParticipantId
    reason: Text


class ParticipantJoined(_InSession):
    """A participant is in the room."""

    TAG = "tour.participant_joined"

    participant_id: ParticipantId


class ParticipantLeft(_InSession):
    """A participant is out of the room: they went, or else the line to their page broke and they may come back."""

    TAG = "tour.participant_left"

    participant_id: ParticipantId
    by_choice: bool


class PrivacyStarted(_InSession):
    """'Show, do not store': viewers still see it, the recorder does not."""

    TAG = "tour.privacy_started"

    reason: Text


class PrivacyStopped(_InSession):
    """Recording goes on."""

    TAG = "tour.privacy_stopped"


class StopAdded(_InSession):
    """The route has one more stop, at its end."""

    TAG = "tour.stop_added"

    stop_id: StopId
    name: Name
    order: int


class StopOpened(_InSession):
    """The walk is at this stop."""

    TAG = "tour.stop_opened"

    stop_id: StopId


class MarkSet(_InSession):
    """Somebody marked this moment."""

    TAG = "tour.mark_set"

    label: Name
    criterion_id: CriterionId | None
    stop_id: StopId | None


class StillRequested(_InSession):
    """A specialist asked for a picture of what the camera shows."""

    TAG = "tour.still_requested"

    still_id: StillId
    criterion_id: CriterionId | None
    stop_id: StopId | None


class StillDeclined(_InSession):
    """The still was not taken, and why."""

    TAG = "tour.still_declined"

    still_id: StillId
    reason: Text


class SourceOpened(_InSession):
    """A participant sends media."""

    TAG = "tour.source_opened"

    source_id: SourceId
    participant_id: ParticipantId
    kind: SourceKind
    recorded: bool
    source_type: SourceType | None = None
    """None in entries from before there were types: what a person's own page sent."""
    name: Name | None = None
    """What the equipment is called; None for a person's own page."""
    token_id: TokenId | None = None


class SourceClosed(_InSession):
    """A participant's media ended for good."""

    TAG = "tour.source_closed"

    source_id: SourceId
    reason: Name


class InterruptionStated(_InSession):
    """A source was not what it should be for a while: why, from when to when, and whose times these are.

    `ended_at` is None when it never ended: the source is over. The page's times are its device's, mapped to server
    time; `silent_*` is the server's own fact, from when to when nothing arrived, None where it saw none.
    """

    TAG = "tour.interruption"

    interruption_id: InterruptionId
    source_id: SourceId
    cause: InterruptionCause
    started_at: Instant
    ended_at: Instant | None
    reported_by: Witness
    silent_from: Instant | None
    silent_until: Instant | None


class TokenMade(_InSession):
    """A participant made a token for an encoder that sends (`source_type`), or for a player that watches (None)."""

    TAG = "tour.token_made"

    token_id: TokenId
    name: Name
    source_type: SourceType | None
    expires_at: Instant


class TokenUsed(_InSession):
    """A media token was used for the first time."""

    TAG = "tour.token_used"

    token_id: TokenId
    name: Name


class TokenRevoked(_InSession):
    """A media token opens nothing any more; what it sent and watched was ended."""

    TAG = "tour.token_revoked"

    token_id: TokenId
    name: Name


class PhotoModeStarted(_InSession):
    """The line carries no moving picture: a camera goes on with voice and a photo now and then, not kept."""

    TAG = "tour.photo_mode_started"

    source_id: SourceId


class PhotoModeStopped(_InSession):
    """The line carries moving pictures again."""

    TAG = "tour.photo_mode_stopped"

    source_id: SourceId
