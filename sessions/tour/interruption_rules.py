"""Interruptions of a source: which observations are one and the same, when one is known, and what is stated. Pure.

Two see an interruption. The page knows why (a call, a locked screen), and when by its device's clock, mapped to the
server's. The media process knows only that nothing arrives, and that by the server's own clock. Both are one entry.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from evidence.ids import SourceId
from evidence.records import Instant, Record
from sessions.ids import InterruptionId, ParticipantId, ValidationId, ValidationSessionId


class InterruptionCause(StrEnum):
    """Why a source was not what it should be."""

    CALL = "call"
    """The system took the microphone or a visible page's camera, as phones do for a call."""
    SCREEN_LOCKED = "screen_locked"
    """The page is hidden and the system took its camera."""
    HIDDEN = "hidden"
    FROZEN = "frozen"
    """The page did not run."""
    MUTE_AUDIO = "mute_audio"
    """The person muted the voice."""
    MUTE_VIDEO = "mute_video"
    """The person paused the picture."""
    CAMERA_SWAP = "camera_swap"
    TRACK_ENDED = "track_ended"
    """The camera was taken for good, and had to be opened again."""
    NETWORK = "network"
    RELAY_CHANGE = "relay_change"
    """The path to the server changed: another relay, another network."""


class Witness(StrEnum):
    """Who reports an interruption."""

    PAGE = "page"
    MEDIA = "media"


class Interruption(Record):
    """What is known of an interruption that is not stated yet, or was. `touched_at`: when somebody last said something.

    `page_*` are a claim, mapped to server time by the page; `media_*` are facts. `resumed`: a later source of the same
    kind of the same participant sends.
    """

    id: InterruptionId
    claim_id: InterruptionId | None
    validation_id: ValidationId
    validation_session_id: ValidationSessionId
    source_id: SourceId
    participant_id: ParticipantId
    cause: InterruptionCause
    page_from: Instant | None
    page_until: Instant | None
    media_from: Instant | None
    media_until: Instant | None
    resumed: bool
    touched_at: Instant
    stated_at: Instant | None


class Stretch(NamedTuple):
    """From when to when; no end while there is none."""

    start: datetime
    end: datetime | None


class Stated(NamedTuple):
    """What the entry says. `reported_by` is whose times they are."""

    stretch: Stretch
    reported_by: Witness


SETTLE: Final = timedelta(seconds=5)
"""How long an end that one has seen waits for the other's word: a page comes back to its socket after its media."""
SLACK: Final = timedelta(seconds=2)
"""How far two stretches may lie apart and still be one: two clocks, and a claim as old as the last heartbeat."""
_ALONE: Final = frozenset(
    {
        InterruptionCause.MUTE_AUDIO,
        InterruptionCause.MUTE_VIDEO,
        InterruptionCause.CAMERA_SWAP,
        InterruptionCause.RELAY_CHANGE,
    }
)
"""What a person does, and what is over at once: never the reason why nothing at all arrives."""


def is_loss(cause: InterruptionCause) -> bool:
    """Say whether the cause may be what the media process sees as silence."""
    return cause not in _ALONE


def fitted(claimed: Stretch, *, opened_at: datetime, now: datetime) -> Stretch:
    """Return the claim within what can be: after its source opened, not after now, the end not before the start."""
    start = min(max(claimed.start, opened_at), now)
    return Stretch(start, None if claimed.end is None else min(max(claimed.end, start), now))


def _known(row: Interruption) -> Stretch:
    starts = [start for start in (row.page_from, row.media_from) if start is not None]
    open_ended = (row.page_from is not None and row.page_until is None) or (
        row.media_from is not None and row.media_until is None
    )
    ends = [end for end in (row.page_until, row.media_until) if end is not None]
    return Stretch(min(starts), None if open_ended or not ends else max(ends))


def is_same(row: Interruption, observed: Stretch) -> bool:
    """Say whether a loss that was observed is the one of the row: the stretches touch, within `SLACK`."""
    if not is_loss(row.cause):
        return False
    known = _known(row)
    begins_in_time = known.end is None or observed.start <= known.end + SLACK
    return begins_in_time and (observed.end is None or known.start <= observed.end + SLACK)


def is_covered(row: Interruption, claimed: Stretch, now: datetime) -> bool:
    """Say whether at least half of a late claim lies in a loss that was stated already."""
    known, claimed_end = _known(row), claimed.end or now
    shared = min(claimed_end, known.end or now) - max(claimed.start, known.start)
    return is_loss(row.cause) and shared >= (claimed_end - claimed.start) / 2 and shared >= timedelta(0)


def is_due(row: Interruption, now: datetime) -> bool:
    """Say whether all that will be known is known: everybody who saw the beginning saw the end, or had time to."""
    waited = now - row.touched_at >= SETTLE
    if row.page_from is not None and row.page_until is None:
        return row.resumed and waited
    if row.media_from is not None and row.media_until is None:
        return row.page_until is not None and waited
    return waited or row.page_from is not None


def outcome(row: Interruption) -> Stated:
    """Return what is stated: for a broken line the server's own times where it has them, else the page's."""
    media_leads = row.media_from is not None and (row.page_from is None or row.cause is InterruptionCause.NETWORK)
    if media_leads:
        return Stated(Stretch(row.media_from or row.touched_at, row.media_until or row.page_until), Witness.MEDIA)
    return Stated(Stretch(row.page_from or row.touched_at, row.page_until or row.media_until), Witness.PAGE)


def silence_left(row: Interruption) -> datetime | None:
    """Return since when nothing arrives beyond the end that the page has stated; None when something does."""
    if row.media_from is None or row.media_until is not None or row.resumed:
        return None
    return row.page_until


def going_on(row: Interruption) -> tuple[InterruptionCause, datetime] | None:
    """Return cause and beginning for those who look at the source now; None when it is over."""
    if row.resumed:
        return None
    if row.page_from is not None and row.page_until is None:
        return row.cause, row.page_from
    if row.media_from is not None and row.media_until is None:
        return (row.cause if row.page_from is None else InterruptionCause.NETWORK), row.media_from
    return None
