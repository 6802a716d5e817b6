"""Job: sign a checkpoint now, for a receipt or an export that waits for it."""

from uuid import UUID

from evidence.ids import LogId
from evidence.ledger.actions import make_checkpoint
from evidence.ledger.checkpoints import Signer
from evidence.ledger.transaction import Transaction
from evidence.records import Json
from server.jobs.queue import enqueue
from server.services import Services


async def ask_checkpoint(tx: Transaction, log_id: LogId) -> None:
    """Promise a checkpoint of the log that covers at least what is committed with this transaction."""
    await enqueue(tx, "checkpoint", {"log_id": str(log_id)})


async def sign_checkpoint(signer: Signer, services: Services, payload: dict[str, Json]) -> None:
    """Sign the log's present size and root."""
    async with services.database.write() as tx:
        await make_checkpoint(tx, LogId(UUID(str(payload["log_id"]))), signer)
