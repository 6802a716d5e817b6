"""Commands, snapshot and entries of a case over HTTP: what the socket does, for every other client."""

from pydantic import Field

from evidence.ids import CaseId, case_log
from evidence.ledger.events import Entry
from evidence.ledger.store import read_entries
from evidence.records import Record
from server.auth.visits import access_of, audience_of
from server.http.paths import ValidationPath
from server.http.routing import Call, Operation
from server.live.dispatch import perform_command
from server.live.messages import Ack
from sessions.commands import Command
from sessions.state import CaseState


class After(Record):
    """Which entries: those after seq `after`, at most `limit`."""

    after: int = Field(ge=-1, le=2**53 - 1, default=-1)
    limit: int = Field(ge=1, le=1000, default=500)


class EntryPage(Record):
    """Entries in seq order."""

    items: tuple[Entry, ...]


async def send_command(call: Call, *, path: ValidationPath, body: Command) -> Ack:
    """Do a command."""
    return await perform_command(call.services, call.principal, path.validation_id, body)


async def get_snapshot(call: Call, *, path: ValidationPath) -> CaseState:
    """Return the state of the case as this reader may see it."""
    async with call.services.database.read() as tx:
        access = await access_of(tx, call.principal, path.validation_id)
    return await call.services.snapshots.current(path.validation_id, audience_of(access))


async def list_case_entries(call: Call, *, path: ValidationPath, query: After) -> EntryPage:
    """Return entries of the case's ledger; outside the reader's audience only their headers."""
    async with call.services.database.read() as tx:
        access = await access_of(tx, call.principal, path.validation_id)
        log_id = case_log(CaseId(path.validation_id))
        audience = audience_of(access)
        items = await read_entries(tx, log_id, after=query.after, limit=query.limit, audience=audience)
    return EntryPage(items=items)


OPERATIONS = (
    Operation("POST", "/api/validations/{validation_id}/commands", send_command, "Do a command"),
    Operation("GET", "/api/validations/{validation_id}/snapshot", get_snapshot, "State of the case"),
    Operation("GET", "/api/validations/{validation_id}/entries", list_case_entries, "Entries of the case's ledger"),
)
