"""When a gap becomes a finding, by when it is due, and when it closes. Pure."""

from enum import StrEnum


class FindingKind(StrEnum):
    """The three kinds of finding."""

    ACTION_REQUIRED = "action_required"
    RECOMMENDATION = "recommendation"
    BEST_PRACTICE = "best_practice"


class FindingState(StrEnum):
    """Whether a finding still waits."""

    OPEN = "open"
    CLOSED = "closed"
