"""The access log of a case: who viewed, downloaded or exported what. For government eyes only."""

from datetime import timedelta
from typing import ClassVar, Literal
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite

from evidence.ids import CaseId, access_log
from evidence.ledger.actions import open_log
from evidence.ledger.events import EntryClass, Event, LogKind
from evidence.ledger.rules import Audience
from evidence.ledger.store import read_entries
from evidence.ledger.transaction import Transaction
from evidence.records import Record
from server.auth.visits import access_of, audience_of
from server.http.commands import After, EntryPage, ValidationPath
from server.http.routing import Call, Operation, Who
from server.http.tables import access_view
from sessions.errors import ValidationNotFound
from sessions.roster.access import Access

VIEW = timedelta(minutes=10)
"""A view is one entry per person, thing and this long: a page that reloads is still one look."""

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


async def note_access(tx: Transaction, access: Access, event: Viewed | Downloaded | Exported) -> None:
    """State an access; a view that is already stated for these ten minutes is not stated again."""
    log_id = access_log(CaseId(access.validation_id))
    if isinstance(event, Viewed) and not await _first_view(tx, access, event):
        return
    await open_log(tx, log_id, LogKind.ACCESS, CaseId(access.validation_id))
    tx.record(log_id, event, access.actor)


async def _first_view(tx: Transaction, access: Access, event: Viewed) -> bool:
    row = {
        "validation_id": access.validation_id,
        "participant_id": access.participant_id,
        "thing": f"{event.subject}/{event.subject_id}",
        "span": int(tx.now.timestamp() // VIEW.total_seconds()),
    }
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    result = await tx.execute(dialect.insert(access_view).values(row).on_conflict_do_nothing())
    return result.rowcount > 0


class Look(Record):
    """What the page shows now and wants stated."""

    subject: Literal["recording", "review", "ledger"]


async def state_view(call: Call, *, path: ValidationPath, body: Look) -> None:
    """State that this person looks at the review, the recording or the ledger of the case."""
    async with call.services.database.write() as tx:
        access = await access_of(tx, call.principal, path.validation_id)
        await note_access(tx, access, Viewed(subject=body.subject, subject_id=path.validation_id))


async def list_access(call: Call, *, path: ValidationPath, query: After) -> EntryPage:
    """Return the case's access log."""
    async with call.services.database.write() as tx:
        access = await access_of(tx, call.principal, path.validation_id)
        if audience_of(access) is not Audience.GOVERNMENT:
            raise ValidationNotFound(validation_id=str(path.validation_id))
        log_id = access_log(CaseId(path.validation_id))
        await open_log(tx, log_id, LogKind.ACCESS, CaseId(path.validation_id))
        items = await read_entries(tx, log_id, after=query.after, limit=query.limit, audience=Audience.GOVERNMENT)
    return EntryPage(items=items)


OPERATIONS = (
    Operation("POST", "/api/validations/{validation_id}/views", state_view, "State a view"),
    Operation(
        "GET", "/api/validations/{validation_id}/access-log", list_access, "Access log of the case", who=Who.GOVERNMENT
    ),
)
