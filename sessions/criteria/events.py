"""Facts about criteria editions, for the deployment log."""

from pydantic import Field

from evidence.ledger.events import EntryClass, Event
from evidence.records import Sha256Hex
from sessions.ids import EditionId


class OfficialTextsLoaded(Event):
    """An office loaded its own official wording of an edition."""

    TAG = "criteria.official_texts_loaded"
    ENTRY_CLASS = EntryClass.GOVERNMENT

    edition_id: EditionId
    texts: int = Field(ge=1)
    digest: Sha256Hex
