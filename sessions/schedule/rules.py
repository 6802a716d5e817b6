"""Phases of a validation and of its sessions, and the site's clock. Pure."""

from enum import StrEnum


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
