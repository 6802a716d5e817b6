"""Jobs of an item: read it back from the store, look at it closely, and have it scanned."""

from contextlib import suppress
from typing import Final

from evidence import locker
from evidence.custody.errors import ItemDisposed
from evidence.examination.rules import Fence
from evidence.examination.store import list_unscanned
from evidence.ids import Digest, ObjectKey
from evidence.intake.scanning import PASSING
from evidence.items.errors import ItemIsQuarantined
from evidence.items.rules import Item, ItemState
from evidence.items.store import get_item
from evidence.ledger.transaction import Transaction
from evidence.records import Json
from server.jobs.custody import ask_keeping, item_id_of
from server.jobs.filing import WORKER
from server.jobs.queue import enqueue
from server.jobs.worker import NotYet
from server.services import Services
from sessions.roster.store import get_site
from sessions.schedule.store import get_session, get_validation

SCANS_AT_ONCE: Final = 1000
"""Items for which a scan is promised in one round."""


async def file_item(services: Services, payload: dict[str, Json]) -> None:
    """Read the original back and file it. A mismatch keeps the job and its error; fsck names the object."""
    item_id = item_id_of(payload)
    async with services.database.read() as tx:
        item = await get_item(tx, item_id)
        keys = await locker.keys_of_item(tx, services.intake, item)
    read = locker.readable(services.intake, keys)
    await locker.verify_read_back(read, ObjectKey(item.object_key), Digest(item.digest), cpu=services.cpu)
    # Isolated meanwhile: it is kept apart, and is never filed.
    with suppress(ItemIsQuarantined):
        async with services.database.write() as tx:
            await locker.file_item(tx, item_id, WORKER, policy=services.settings.retention)
            await ask_keeping(tx, item_id)


async def examine_item(services: Services, payload: dict[str, Json]) -> None:
    """Look at the original again: draw it small, take its text, and state what the checks say of it."""
    async with services.database.read() as tx:
        item = await get_item(tx, item_id_of(payload))
        if item.state is ItemState.QUARANTINED or await locker.is_gone(tx, item):
            return
        fence = await fence_of(tx, item)
        keys = await locker.keys_of_item(tx, services.intake, item)
    look = await locker.look_at(services.intake, item, keys)
    # Isolated or ordered away meanwhile; then nothing is made of it any more.
    with suppress(ItemIsQuarantined, ItemDisposed):
        async with services.database.write() as tx:
            await locker.state_look(tx, look, WORKER, fence=fence)
            if look.made:
                await ask_keeping(tx, item.id)


async def fence_of(tx: Transaction, item: Item) -> Fence | None:
    """Return where the site of the item's session is, else that of its validation; None when nobody has said."""
    session_id = item.context.validation_session_id
    if session_id is None:
        site_id = (await get_validation(tx, item.case_id)).site_id
    else:
        site_id = (await get_session(tx, item.case_id, session_id)).site_id
    site = await get_site(tx, site_id)
    if site.latitude_deg is None or site.longitude_deg is None:
        return None
    return Fence(latitude_deg=site.latitude_deg, longitude_deg=site.longitude_deg)


async def scan_item(services: Services, payload: dict[str, Json]) -> None:
    """Have an item scanned that was not scanned when it arrived; an infected one is shown no more.

    Raises: NotYet while the scanner is away.
    """
    async with services.database.read() as tx:
        item = await get_item(tx, item_id_of(payload))
        if await locker.is_gone(tx, item):
            return
        keys = await locker.keys_of_item(tx, services.intake, item)
    scan = await locker.scan_again(services.intake, item, keys)
    if scan.reason in PASSING:
        raise NotYet(f"the scanner: {scan.reason}")
    with suppress(ItemDisposed):  # ordered away meanwhile; then nothing is said of it any more
        async with services.database.write() as tx:
            await locker.state_verdict(tx, item.id, scan, WORKER)


async def promise_scans(services: Services) -> None:
    """Promise a scan of every item that waits for one, such as those from before a scanner was set."""
    if services.intake.scanner is None:
        return
    async with services.database.write() as tx:
        for item_id in await list_unscanned(tx, limit=SCANS_AT_ONCE):
            await enqueue(tx, "scan_item", {"item_id": str(item_id)}, dedupe_key=f"scan:{item_id}")
