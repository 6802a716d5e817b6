"""What the paths of most operations name."""

from evidence.records import Record
from sessions.ids import ValidationId, ValidationSessionId


class ValidationPath(Record):
    """One validation."""

    validation_id: ValidationId


class SessionPath(Record):
    """One validation session."""

    validation_session_id: ValidationSessionId
