"""The state of a case as a reader may see it: the fold of the entries open to them, kept in memory and moved on."""

import asyncio
from collections import OrderedDict
from uuid import UUID

from evidence.ids import CaseId, case_log
from evidence.ledger.events import EntryClass
from evidence.ledger.rules import Audience
from evidence.ledger.store import read_entries
from server.db import Database
from sessions.state import CaseState, apply, initial

KEPT = 256
"""Cases times audiences kept folded; the one not asked for longest is folded again from the first entry."""
BATCH = 1000


class Snapshots:
    """Folded cases of this process. A member's state is folded from a member's entries, so it holds nothing else."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._states: OrderedDict[tuple[UUID, Audience], CaseState] = OrderedDict()
        self._turn = asyncio.Lock()

    async def current(self, validation_id: UUID, audience: Audience) -> CaseState:
        """Return the state after the last committed entry."""
        key = validation_id, audience
        async with self._turn:
            state = self._states.pop(key, None) or initial()
            kept = state.seq >= 0
            while True:
                async with self._database.read() as tx:
                    entries = await read_entries(
                        tx, case_log(CaseId(validation_id)), after=state.seq, limit=BATCH, audience=audience
                    )
                if kept and any(entry.entry_class is EntryClass.BODY_DESTROYED for entry in entries):
                    state, kept = initial(), False  # what was kept may hold what must be forgotten
                    continue
                for entry in entries:
                    state = apply(state, entry)
                if len(entries) < BATCH:
                    break
            self._states[key] = state
            while len(self._states) > KEPT:
                self._states.popitem(last=False)
            return state
