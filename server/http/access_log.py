"""The access log of a case over the wire."""

from typing import Literal

from evidence.ids import CaseId, access_log
from evidence.ledger.actions import open_log
from evidence.ledger.events import LogKind
from evidence.ledger.rules import Audience
from evidence.ledger.store import read_entries
from evidence.records import Record
from server.access_log.actions import note_access
from server.access_log.events import Viewed
from server.auth.visits import access_of, audience_of
from server.http.commands import After, EntryPage
from server.http.paths import ValidationPath
from server.http.routing import Call, Operation, Who
from sessions.errors import ValidationNotFound


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
