"""Facts of the access log."""

from typing import ClassVar, Literal
from uuid import UUID

from evidence.ledger.events import EntryClass, Event

Subject = Literal["item", "recording", "review", "ledger", "bundle", "receipt"]


class _Access(Event):
    ENTRY_CLASS: ClassVar[EntryClass] = EntryClass.GOVERNMENT

    subject: Subject
    subject_id: UUID


class Viewed(_Access):
    """Somebody looked at it in the page."""

    TAG: ClassVar[str] = "access.viewed"


class Downloaded(_Access):
    """Somebody took a copy of it."""

    TAG: ClassVar[str] = "access.downloaded"


class Exported(_Access):
    """Somebody asked for the bundle of the case."""

    TAG: ClassVar[str] = "access.exported"
