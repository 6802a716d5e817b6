"""Jobs of an item: read it back from the store, and draw it small."""

from uuid import UUID

from evidence import locker
from evidence.custody.rules import GONE, stage_of
from evidence.custody.store import get_custody
from evidence.ids import Digest, ItemId, ObjectKey
from evidence.items.rules import DerivativeKind
from evidence.items.store import get_derivative, get_item
from evidence.records import Json
from server.jobs.custody import ask_keeping
from server.jobs.filing import WORKER
from server.services import Services


async def file_item(services: Services, payload: dict[str, Json]) -> None:
    """Read the original back and file it. A mismatch keeps the job and its error; fsck names the object."""
    item_id = ItemId(UUID(str(payload["item_id"])))
    async with services.database.read() as tx:
        item = await get_item(tx, item_id)
        keys = await locker.keys_of_item(tx, services.intake, item)
    read = locker.readable(services.intake, keys)
    await locker.verify_read_back(read, ObjectKey(item.object_key), Digest(item.digest), cpu=services.cpu)
    async with services.database.write() as tx:
        await locker.file_item(tx, item_id, WORKER, policy=services.settings.retention)
        await ask_keeping(tx, item_id)


async def make_thumbnail(services: Services, payload: dict[str, Json]) -> None:
    """Draw the original small, once."""
    async with services.database.read() as tx:
        item = await get_item(tx, ItemId(UUID(str(payload["item_id"]))))
        known = await get_derivative(tx, item.id, DerivativeKind.THUMBNAIL)
        is_going = stage_of(item.state, await get_custody(tx, item)) in GONE
        keys = {} if is_going else await locker.keys_of_item(tx, services.intake, item)
    if known is None and not is_going:
        made = await locker.make_thumbnail(services.intake, item, keys)
        async with services.database.write() as tx:
            if await locker.file_derivative(tx, made, WORKER):
                await ask_keeping(tx, item.id)
