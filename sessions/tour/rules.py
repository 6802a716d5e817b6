"""Who may be seen and heard, and when. Pure."""

from enum import StrEnum


class Standing(StrEnum):
    """Where a participant stands in a validation session."""

    INVITED = "invited"
    LOBBY = "lobby"
    ADMITTED = "admitted"
    REMOVED = "removed"
    LEFT = "left"


class SourceKind(StrEnum):
    """What one WHIP publication carries; the type stays with everything made from it."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SCREEN = "screen"


class StillState(StrEnum):
    """What became of a still that was asked for."""

    REQUESTED = "requested"
    TAKEN = "taken"
    DECLINED = "declined"
