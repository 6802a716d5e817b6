"""The canary: every day the worker tries what the store really enforces, and goes by what it finds."""

from datetime import timedelta

from evidence import locker
from evidence.custody.rules import may_seal
from evidence.custody.store import get_proof, list_kept
from evidence.ids import ItemId
from evidence.objects.probe import probe_store
from evidence.records import Json
from server.jobs.custody import Custodian, ask_keeping, seals_now
from server.jobs.filing import WORKER
from server.jobs.queue import enqueue
from server.services import Services

PROBE_EVERY = timedelta(hours=24)
BATCH = 200
"""Items looked at in one transaction."""


async def probe_when_due(custodian: Custodian, services: Services) -> None:
    """Probe the store when its last proof is a day old, state what was found, and promise a look at what is kept.

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
        # With the proof: a worker that ends here would find it fresh, and nobody would look for another day.
        await enqueue(tx, "look_through", {}, dedupe_key="look_through")


async def look_through(custodian: Custodian, services: Services, _payload: dict[str, Json]) -> None:
    """Give every item the date of the present policy where that is later, and have those sealed that wait for it."""
    async with services.database.read() as tx:
        seals = seals_now(await get_proof(tx, custodian.place), services.clock())
    after: ItemId | None = None
    while True:
        async with services.database.write() as tx:
            found = await list_kept(tx, after=after, limit=BATCH)
            for item, custody in found:
                later = await locker.set_retention(tx, item.id, services.settings.retention, WORKER)
                if later or (seals and may_seal(item.state, custody)):
                    await ask_keeping(tx, item.id, once=not later)
        if len(found) < BATCH:
            return
        after = found[-1][0].id
