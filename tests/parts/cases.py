"""A case with its log, and what the log states of it."""

from evidence.ids import CaseId, case_log, uuid7
from evidence.ledger.actions import open_log
from evidence.ledger.events import LogKind
from evidence.ledger.rules import Audience
from evidence.ledger.store import read_entries
from evidence.records import Json
from server.db import Database


async def opened_case(database: Database) -> CaseId:
    """Open a case with an empty log."""
    case_id = CaseId(uuid7())
    async with database.write() as tx:
        await open_log(tx, case_log(case_id), LogKind.CASE, case_id)
    return case_id


async def stated_entries(database: Database, case_id: CaseId) -> list[tuple[str, dict[str, Json]]]:
    """Return tag and data of every entry of the case's log, in order."""
    async with database.read() as tx:
        found = await read_entries(tx, case_log(case_id), after=-1, limit=1000, audience=Audience.GOVERNMENT)
    return [(entry.tag or "", entry.data or {}) for entry in found]
