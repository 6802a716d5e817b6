"""When a gap becomes a finding, by when it is due, and when it closes. Pure."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from sessions.checklist.rules import GAPS, Verdict
from sessions.criteria.rules import Level


class FindingKind(StrEnum):
    """The three kinds of finding."""

    ACTION_REQUIRED = "action_required"
    RECOMMENDATION = "recommendation"
    BEST_PRACTICE = "best_practice"


class FindingState(StrEnum):
    """Whether a finding still waits."""

    OPEN = "open"
    CLOSED = "closed"


DUE_AFTER_DAYS: Final = 90
"""Days to answer a required action. Custom, not law: domain.md part 3 found no primary text."""
_CLOSING: Final = frozenset({Verdict.MET, Verdict.NOT_APPLICABLE})


def kind_of_gap(verdict: Verdict, level: Level) -> FindingKind | None:
    """Return the finding that an answer calls for, or None.

    Source: domain.md part 3, an unmet Must is an action required and endangers the status until it is closed with
    proof; an unmet Should is a recommendation.
    """
    if verdict not in GAPS:
        return None
    return FindingKind.ACTION_REQUIRED if level is Level.MUST else FindingKind.RECOMMENDATION


def closes(verdict: Verdict) -> bool:
    """Say whether an answer takes the ground from an open finding.

    'Not verifiable remotely' does not: it sends somebody there, and until then the gap stands.
    """
    return verdict in _CLOSING


def due_on(kind: FindingKind, today: date) -> date | None:
    """Return the day by which a finding is due, counted at the site; a recommendation has none.

    Source: domain.md part 3, the 90-day window and per-request due dates.
    """
    return today + timedelta(days=DUE_AFTER_DAYS) if kind is FindingKind.ACTION_REQUIRED else None
