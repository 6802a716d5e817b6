"""What the locker and the ledger refuse. Each error has a stable code and fields, no text for users and no HTTP."""

from typing import ClassVar


class EvidenceError(Exception):
    """A refusal by the locker or the ledger.

    Subclasses set `code` (stable, part of the API) and pass their fields to `__init__` as keywords;
    `server/http/problems.py` alone turns both into HTTP.
    """

    code: ClassVar[str]

    def __init__(self, **fields: str | int | None) -> None:
        super().__init__(self.code, fields)
        self.fields = fields
