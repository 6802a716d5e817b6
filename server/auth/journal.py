"""The deployment's log: one line for each sign-in, refusal and revocation."""

from evidence.ids import DEPLOYMENT_LOG
from evidence.ledger.actions import open_log
from evidence.ledger.events import Actor, Event, LogKind
from evidence.ledger.transaction import Transaction


async def state(tx: Transaction, event: Event, actor: Actor) -> None:
    """Add the entry that states `event` to the deployment's log, which the first one opens."""
    await open_log(tx, DEPLOYMENT_LOG, LogKind.DEPLOYMENT)
    tx.record(DEPLOYMENT_LOG, event, actor)
