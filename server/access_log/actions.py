"""Stating an access. A view is one entry per person, thing and ten minutes: a page that reloads is still one look."""

from datetime import timedelta

from evidence.ids import CaseId, access_log
from evidence.ledger.actions import open_log
from evidence.ledger.events import LogKind
from evidence.ledger.transaction import Transaction
from server.access_log.events import Downloaded, Exported, Viewed
from server.access_log.store import insert_view
from sessions.roster.access import Access

VIEW = timedelta(minutes=10)


async def note_access(tx: Transaction, access: Access, event: Viewed | Downloaded | Exported) -> None:
    """State an access; a view that is already stated for these ten minutes is not stated again."""
    log_id = access_log(CaseId(access.validation_id))
    if isinstance(event, Viewed) and not await _is_first(tx, access, event):
        return
    await open_log(tx, log_id, LogKind.ACCESS, CaseId(access.validation_id))
    tx.record(log_id, event, access.actor)


async def _is_first(tx: Transaction, access: Access, event: Viewed) -> bool:
    return await insert_view(
        tx,
        validation_id=access.validation_id,
        participant_id=access.participant_id,
        thing=f"{event.subject}/{event.subject_id}",
        span=int(tx.now.timestamp() // VIEW.total_seconds()),
    )
