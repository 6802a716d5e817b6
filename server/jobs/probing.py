"""The canary: every day the worker tries what the store really enforces, and goes by what it finds."""

from datetime import timedelta

from evidence import locker
from evidence.custody.rules import Custody, Stage, offers_seal, stage_of
from evidence.custody.store import get_proof, list_kept
from evidence.ids import ItemId
from evidence.items.rules import Item
from evidence.objects.probe import probe_store
from server.jobs.custody import Custodian, ask_keeping
from server.jobs.filing import WORKER
from server.services import Services

PROBE_EVERY = timedelta(hours=24)
BATCH = 200
"""Items looked at in one transaction."""


async def probe_when_due(custodian: Custodian, services: Services) -> None:
    """Probe the store when its last proof is a day old, state what was found, and look through what is kept.

    Raises: StoreUnavailable, StoreForbids, ObjectMissing; the last proof then counts until it is too old.
    """
    async with services.database.read() as tx:
        last = await get_proof(tx, custodian.place)
    now = services.clock()
    if last is not None and now - last.proved_at < PROBE_EVERY:
        return
    proof = await probe_store(services.objects, custodian.store, now=now)
    async with services.database.write() as tx:
        await locker.note_probe(tx, custodian.place, proof, WORKER)
    await look_through(services, seals=offers_seal(proof, now, now=now))


async def look_through(services: Services, *, seals: bool) -> None:
    """Give every item the date of the present policy where that is later, and have those sealed that wait for it."""
    after: ItemId | None = None
    while True:
        async with services.database.write() as tx:
            found = await list_kept(tx, after=after, limit=BATCH)
            for item, custody in found:
                later = await locker.set_retention(tx, item.id, services.settings.retention, WORKER)
                if later or (seals and _waits(item, custody)):
                    await ask_keeping(tx, item.id, once=not later)
        if len(found) < BATCH:
            return
        after = found[-1][0].id


def _waits(item: Item, custody: Custody) -> bool:
    return stage_of(item.state, custody) is Stage.FILED
