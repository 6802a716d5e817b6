"""A worker with its parts and a case, on each kind of store: what keeps evidence, and what lets it go."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from evidence import locker
from evidence.custody.rules import Custody, Stage, stage_of
from evidence.custody.store import get_custody
from evidence.fsck import fsck
from evidence.ids import CaseId, ObjectKey
from evidence.intake.rules import Accepted
from evidence.items.rules import Item, RetentionClass
from evidence.items.store import get_item
from evidence.ledger.events import Actor
from evidence.objects.errors import ObjectMissing
from server.config import Settings, load_settings, prepare_folders
from server.exports.store import list_stored
from server.jobs.custody import Custodian, ask_keeping
from server.jobs.filing import WORKER
from server.jobs.queue import enqueue
from server.jobs.worker import take_turn
from server.jobs.working import job_handlers, worker_custodian, worker_signer
from server.services import Services
from server.wiring import open_services
from tests.parts.cases import opened_case, stated_entries
from tests.parts.filed import arrived
from tests.parts.site import ShiftedClock
from tests.parts.stores import S3Server

LEAD = Actor(kind="participant", id="l1", name="Ruth Delgado", role="scss_lead")
WHY = "Not needed any more."


class Keep(NamedTuple):
    """A worker with its parts and a case."""

    services: Services
    custodian: Custodian
    clock: ShiftedClock
    case_id: CaseId

    async def work(self) -> None:
        """Do every job that is due."""
        handlers = job_handlers(await worker_signer(self.services), self.custodian)
        while await take_turn(self.services, handlers):
            pass

    async def admit(
        self, content: bytes, *, shows: RetentionClass = RetentionClass.GENERAL, kind: str = "photo"
    ) -> Item:
        """Admit a file, file it and examine it."""
        accepted = await arrived(self.services.intake, self.case_id, content, retention_class=shows, kind=kind)
        assert isinstance(accepted, Accepted)
        async with self.services.database.write() as tx:
            item = await locker.admit(tx, accepted, LEAD)
            await enqueue(tx, "file_item", {"item_id": str(item.id)})
        await self.work()
        await self.examine(item)
        await self.work()
        return item

    async def examine(self, item: Item) -> None:
        """Look at an item as the worker does; the case has no site that a place could be compared with."""
        async with self.services.database.read() as tx:
            keys = await locker.keys_of_item(tx, self.services.intake, item)
        look = await locker.look_at(self.services.intake, item, keys)
        async with self.services.database.write() as tx:
            await locker.state_look(tx, look, WORKER, fence=None)
            await ask_keeping(tx, item.id)

    async def custody(self, item: Item) -> tuple[Stage, Custody]:
        """Return where the item is now."""
        async with self.services.database.read() as tx:
            now = await get_item(tx, item.id)
            custody = await get_custody(tx, now)
        return stage_of(now.state, custody), custody

    async def stage(self, item: Item) -> Stage:
        """Return the stage alone."""
        return (await self.custody(item))[0]

    async def release(self, item: Item) -> None:
        """Release an item."""
        async with self.services.database.write() as tx:
            await locker.release_item(tx, item.id, LEAD, reason=WHY)

    async def order(self, item: Item) -> None:
        """Order an item's disposal, with the job that does it."""
        async with self.services.database.write() as tx:
            await locker.order_disposal(tx, item.id, LEAD, reason=WHY, policy=self.services.settings.retention)
            await enqueue(tx, "dispose_item", {"item_id": str(item.id)})

    async def tags(self) -> list[str]:
        """Return the tags of the case's entries."""
        return [tag for tag, _ in await stated_entries(self.services.database, self.case_id)]

    async def is_stored(self, key: str) -> bool:
        """Say whether the store has the object."""
        try:
            await self.services.objects.head(ObjectKey(key))
        except ObjectMissing:
            return False
        return True

    async def faults(self) -> list[str]:
        """Return what fsck says is wrong, and the orphans."""
        async with self.services.database.read() as tx:
            bundles = await list_stored(tx)
        report = await fsck(self.services.database.read, self.services.intake, also=bundles)
        return [f"{fault.code} {fault.where}" for fault in report.faults] + list(report.orphans)


@asynccontextmanager
async def open_keep(settings: Settings) -> AsyncIterator[Keep]:
    """Open the parts of a worker with a case."""
    await asyncio.to_thread(prepare_folders, settings)
    clock = ShiftedClock()
    async with open_services(settings, clock) as services:
        yield Keep(services, worker_custodian(services), clock, await opened_case(services.database))
    await asyncio.to_thread(settings.runtime.rmdir)


def s3_settings_of(store: S3Server, bucket: str, data: Path, database_url: str) -> Settings:
    """Return the settings of a worker on SeaweedFS."""
    given = {
        "data": str(data),
        "database_url": database_url,
        "objects": "s3",
        "s3_endpoint": store.endpoint,
        "s3_bucket": bucket,
        "s3_access_key": store.app[0],
        "s3_secret_key": store.app[1],
        "s3_custodian_access_key": store.custodian[0],
        "s3_custodian_secret_key": store.custodian[1],
    }
    return load_settings({f"SIGHTLINE_{name.upper()}": value for name, value in given.items()})
