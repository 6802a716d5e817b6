"""What was found out about items, in the log of their case; for government eyes, because it tells what is looked at."""

from typing import ClassVar

from evidence.examination.rules import CheckResult
from evidence.ids import ItemId
from evidence.intake.scanning import NotScanned, Verdict
from evidence.ledger.events import EntryClass, Event
from evidence.records import Sha256Hex


class ItemScanned(Event):
    """A malware scanner gave its verdict on an original."""

    TAG = "evidence.item_scanned"
    ENTRY_CLASS: ClassVar[EntryClass] = EntryClass.GOVERNMENT

    item_id: ItemId
    digest: Sha256Hex
    verdict: Verdict
    reason: NotScanned | None
    signature: str | None
    engine: str | None
    database: str | None
    database_at: str | None


class ItemExamined(Event):
    """The checks of an original were made. `summary` is all outcomes in one line."""

    TAG = "evidence.item_examined"
    ENTRY_CLASS: ClassVar[EntryClass] = EntryClass.GOVERNMENT

    item_id: ItemId
    digest: Sha256Hex
    summary: str
    checks: tuple[CheckResult, ...]
