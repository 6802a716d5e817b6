"""What an export carries, as records that the caller passes. Nothing here reads a database or a store."""

from uuid import UUID

from pydantic import Field

from evidence.ids import LogId
from evidence.ledger.actions import ConsistencyProof, InclusionProof
from evidence.ledger.checkpoints import StoredCheckpoint
from evidence.ledger.store import SealedEntry
from evidence.records import Count, Instant, Json, Name, Record, Sha256Hex


class BagObject(Record):
    """One stored object and its place in the bag."""

    id: UUID
    path: str = Field(pattern=r"^data/(originals|recordings|derivatives)/[A-Za-z0-9][A-Za-z0-9._/-]{0,180}$")
    object_key: str
    digest: Sha256Hex
    bytes: Count
    media_type: str
    title: Name
    """What a person calls it: the sender's file name, or whose recording it is a piece of."""
    at: Instant
    """When the server had it."""
    parent_id: UUID | None = None
    """Of a derivative: the original, when it was made from one."""


class EarlierCheckpoint(Record):
    """A checkpoint before the export's own, with the proof that the log only grew since."""

    checkpoint: StoredCheckpoint
    growth: ConsistencyProof


class LedgerCopy(Record):
    """A case's whole log: all headers, the bodies the receiver may have, and what vouches for them."""

    log_id: LogId
    entries: tuple[SealedEntry, ...]
    checkpoint: StoredCheckpoint
    earlier: tuple[EarlierCheckpoint, ...]
    inclusion: tuple[InclusionProof, ...]
    """Proofs of the entries that name evidence, so that one of them can be shown alone."""


class SummaryTable(Record):
    """A table of the readable pages; `brief` ones stand on the one-page summary too."""

    title: Name
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    brief: bool = False


class CaseSummary(Record):
    """What a reader wants to know first, in the words of the case's own domain."""

    title: Name
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[SummaryTable, ...]


class ExportContents(Record):
    """Everything that goes into one bundle."""

    export_id: UUID
    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$")
    """Folder of the bag."""
    organization: Name
    made_by: Name
    made_at: Instant
    vkey: str
    """The public key, printed so that it can be compared with the one published elsewhere."""
    summary: CaseSummary
    case_files: dict[str, Json]
    """Documents for machines by file name without ending: criteria, answers, findings, people."""
    ledger: LedgerCopy
    originals: tuple[BagObject, ...]
    recordings: tuple[BagObject, ...]
    derivatives: tuple[BagObject, ...]
