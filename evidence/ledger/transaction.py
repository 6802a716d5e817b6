"""One database transaction together with the entries it will append. Opened by `server.db.unit_of_work` only."""

from datetime import datetime

from sqlalchemy import Executable
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncConnection

from evidence.ids import LogId
from evidence.ledger.events import Actor, Entry, EntryDraft, Event, draft


class Transaction:
    """State changes and the entries that state them, committed together or not at all.

    Entries are collected here and appended as the last step before commit, because appending holds the log's row:
    holding it any longer would queue every other writer of the case. `appended` holds them once committed.
    """

    def __init__(self, connection: AsyncConnection, *, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self.drafts: list[tuple[LogId, EntryDraft]] = []
        self.appended: dict[LogId, tuple[Entry, ...]] = {}

    async def execute(self, statement: Executable) -> CursorResult[tuple[object, ...]]:
        """Run one SQLAlchemy Core statement on this transaction."""
        return await self.connection.execute(statement)

    def record(self, log_id: LogId, event: Event, actor: Actor) -> None:
        """Add the entry that states `event`; it gets its seq at commit, in the order of these calls."""
        self.drafts.append((log_id, draft(event, actor)))
