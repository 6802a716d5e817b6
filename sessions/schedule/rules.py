"""Phases of a validation and of its sessions, and the site's clock. Pure."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sessions.errors import (
    LinkBoundElsewhere,
    LinkExpired,
    LinkRevoked,
    LocalTimeAmbiguous,
    LocalTimeMissing,
    StartsInThePast,
    WrongPhase,
)
from sessions.zones import zone_named


class ValidationMethod(StrEnum):
    """How a validation is carried out."""

    VIRTUAL = "virtual"
    HYBRID = "hybrid"
    IN_PERSON = "in_person"


class Phase(StrEnum):
    """Whether a validation still changes."""

    OPEN = "open"
    CLOSED = "closed"


class SessionState(StrEnum):
    """Where a validation session stands."""

    PLANNED = "planned"
    LIVE = "live"
    ENDED = "ended"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class Step(StrEnum):
    """What happens to a validation session as a whole."""

    START = "start"
    END = "end"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    MISS = "miss"


class Reading(StrEnum):
    """Which of two moments is meant when the site's clock shows the same time twice."""

    EARLIER = "earlier"
    LATER = "later"


_FROM: Final[Mapping[Step, tuple[SessionState, SessionState]]] = {
    Step.START: (SessionState.PLANNED, SessionState.LIVE),
    Step.END: (SessionState.LIVE, SessionState.ENDED),
    Step.RESCHEDULE: (SessionState.PLANNED, SessionState.PLANNED),
    Step.CANCEL: (SessionState.PLANNED, SessionState.CANCELLED),
    Step.MISS: (SessionState.PLANNED, SessionState.NO_SHOW),
}
_LATE_ENTRY: Final = timedelta(hours=1)


def after(state: SessionState, step: Step) -> SessionState:
    """Return the state that the step leads to.

    Source: domain.md part 3, a date is agreed, kept, moved or missed; what is over stays over, and a new date is a
    new session.
    Raises: WrongPhase when the step does not start from this state.
    """
    expected, reached = _FROM[step]
    if state is not expected:
        raise WrongPhase(expected=expected.value, actual=state.value)
    return reached


def check_open(phase: Phase) -> None:
    """Refuse any change of a closed validation; raises WrongPhase."""
    if phase is not Phase.OPEN:
        raise WrongPhase(expected=Phase.OPEN.value, actual=phase.value)


def check_missed(starts_at: datetime, now: datetime) -> None:
    """Refuse to call somebody absent before the time has come; raises WrongPhase."""
    if now < starts_at:
        raise WrongPhase(expected="begun", actual="ahead")


def check_start_time(starts_at: datetime, now: datetime) -> None:
    """Refuse a start that is more than an hour ago: a session just begun may be entered late, an old one not at all.

    Raises: StartsInThePast.
    """
    if starts_at < now - _LATE_ENTRY:
        raise StartsInThePast(starts_at=starts_at.isoformat(), now=now.isoformat())


def check_invitable(state: SessionState) -> None:
    """Refuse to invite to a session that is over or off; raises WrongPhase."""
    if state not in {SessionState.PLANNED, SessionState.LIVE}:
        raise WrongPhase(expected=SessionState.PLANNED.value, actual=state.value)


def check_link(
    state: SessionState, *, revoked: bool, expires_at: datetime, bound_elsewhere: bool, now: datetime
) -> None:
    """Refuse a join link that was withdrawn, outlived or forwarded.

    Source: design.md part 7; domain.md part 9, the wrong people in a call.
    Raises: LinkRevoked, also when its session was called off or missed; LinkExpired; LinkBoundElsewhere.
    """
    if revoked or state in {SessionState.CANCELLED, SessionState.NO_SHOW}:
        raise LinkRevoked
    if now >= expires_at:
        raise LinkExpired(expired_at=expires_at.isoformat())
    if bound_elsewhere:
        raise LinkBoundElsewhere


def to_utc(local: datetime, zone_name: str, reading: Reading | None = None) -> datetime:
    """Return the moment at which the site's clock shows `local`.

    Source: domain.md part 9, the wrong time zone is a known reason for a missed session; so an hour that does not
    exist or comes twice is never guessed.

    Args:
        local: a naive time as the clock at the site shows it.
        zone_name: IANA name of the site's zone.
        reading: which one is meant where the clock shows the time twice; needed only then.
    Raises: UnknownTimeZone, LocalTimeMissing, LocalTimeAmbiguous.
    """
    zone = zone_named(zone_name)
    earlier = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    later = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if earlier == later:
        return earlier
    if earlier > later:
        # Inside a gap the readings come out swapped; the first is what the clock shows when it did not stop.
        instead = earlier.astimezone(zone).replace(tzinfo=None)
        raise LocalTimeMissing(local=local.isoformat(), time_zone=zone_name, instead=instead.isoformat())
    if reading is None:
        raise LocalTimeAmbiguous(
            local=local.isoformat(), time_zone=zone_name, earlier=earlier.isoformat(), later=later.isoformat()
        )
    return earlier if reading is Reading.EARLIER else later


def local_day(moment: datetime, zone_name: str) -> date:
    """Return the calendar day of the moment at the site."""
    return moment.astimezone(zone_named(zone_name)).date()


def number_label(year: int, ordinal: int) -> str:
    """Return the number people use, such as `V-2026-0042`; a label, never a key."""
    return f"V-{year}-{ordinal:04d}"
