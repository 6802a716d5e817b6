"""An item's life at the worker: sealed on proof, held, released, disposed, on a folder and on SeaweedFS."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select, text

from evidence import locker
from evidence.custody.errors import BytesErased, CustodyConflict, ItemDisposed, StillKept
from evidence.custody.rules import PROOF_LIFETIME, Custody, Disposal, Stage, stage_of
from evidence.custody.store import CLOCKS_DIFFER, get_custody, get_proof
from evidence.export.bag import Bag
from evidence.export.verify import VERIFIED, read_key, verify_bundle
from evidence.export.writing import write_folder
from evidence.fsck import fsck
from evidence.ids import DEPLOYMENT_LOG, CaseId, ObjectKey, case_log
from evidence.intake.rules import Accepted, Refused
from evidence.items.rules import Item, RetentionClass
from evidence.items.store import get_item
from evidence.ledger.actions import make_checkpoint
from evidence.ledger.events import Actor
from evidence.ledger.rules import Audience
from evidence.ledger.store import read_entries
from evidence.objects.errors import ObjectMissing
from evidence.objects.probe import LockProof
from server.config import Settings, load_settings, prepare_folders
from server.exports.store import list_stored
from server.jobs.custody import Custodian, ask_keeping, dispose_item
from server.jobs.probing import PROBE_EVERY, look_through, probe_when_due
from server.jobs.queue import enqueue
from server.jobs.tables import job
from server.jobs.worker import NotYet, take_turn
from server.jobs.working import job_handlers, worker_custodian, worker_signer
from server.services import Services
from server.wiring import open_services
from tests.parts import files
from tests.parts.bundles import OFFICE
from tests.parts.cases import opened_case, stated_entries
from tests.parts.filed import arrived
from tests.parts.liar import liar
from tests.parts.site import ShiftedClock
from tests.parts.stores import S3Server
from tests.storage.test_ledger_export import contents_of

LEAD = Actor(kind="participant", id="l1", name="Ruth Delgado", role="scss_lead")
KEY = read_key(OFFICE.vkey)
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

    async def admit(self, content: bytes, *, shows: RetentionClass = RetentionClass.GENERAL) -> Item:
        """Admit a photograph, promise its filing and file it."""
        accepted = await arrived(self.services.intake, self.case_id, content, retention_class=shows)
        assert isinstance(accepted, Accepted)
        async with self.services.database.write() as tx:
            item = await locker.admit(tx, accepted, LEAD)
            for kind in ("file_item", "make_thumbnail"):
                await enqueue(tx, kind, {"item_id": str(item.id)})
        await self.work()
        return item

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


@pytest.fixture
async def local(sqlite_database_url: str, tmp_path: Path) -> AsyncIterator[Keep]:
    """Give a worker on a folder and SQLite."""
    async with open_keep(
        Settings.model_validate({"data": tmp_path / "d", "database_url": sqlite_database_url})
    ) as keep:
        yield keep


@pytest.fixture
async def s3(weed: S3Server, postgres_url: str, tmp_path: Path) -> AsyncIterator[Keep]:
    """Give a worker on SeaweedFS and PostgreSQL, whose store was probed."""
    bucket = f"keep-{tmp_path.name.replace('_', '-')}"[:60].strip("-")
    weed.create_bucket(bucket)
    async with open_keep(s3_settings_of(weed, bucket, tmp_path / "d", postgres_url)) as keep:
        await probe_when_due(keep.custodian, keep.services)
        yield keep


@pytest.fixture(params=["local", "s3"])
def keep(request: pytest.FixtureRequest) -> Keep:
    """Give a worker on each kind of store."""
    opened: Keep = request.getfixturevalue(request.param)
    return opened


async def test_filed_item_is_sealed_on_a_proved_store_only(keep: Keep) -> None:
    """Locally it is filed and its date is kept as a policy; on SeaweedFS the store itself keeps it."""
    item = await keep.admit(files.jpeg())
    stage, custody = await keep.custody(item)
    assert stage is (Stage.FILED if keep.custodian.is_policy else Stage.SEALED)
    assert custody.retain_until == item.admitted_at + timedelta(days=1825)
    kept = await keep.custodian.store.keeping(ObjectKey(item.object_key))
    assert kept.retain_until is not None
    assert timedelta() <= kept.retain_until - custody.retain_until < timedelta(seconds=1)
    assert ("evidence.item_sealed" in await keep.tags()) is not keep.custodian.is_policy
    assert await keep.faults() == []


async def test_seal_waits_for_a_recent_proof(s3: Keep) -> None:
    """A canary that has not sung for longer than a day and a half seals nothing; the next one seals what waited."""
    s3.clock.move(PROOF_LIFETIME + timedelta(minutes=1))
    item = await s3.admit(files.jpeg())
    assert await s3.stage(item) is Stage.FILED
    assert (await s3.custodian.store.keeping(ObjectKey(item.object_key))).retain_until is None
    await probe_when_due(s3.custodian, s3.services)
    await s3.work()
    assert await s3.stage(item) is Stage.SEALED


async def test_probe_is_stated_once_a_day(s3: Keep) -> None:
    for _ in range(2):
        await probe_when_due(s3.custodian, s3.services)
    s3.clock.move(PROBE_EVERY)
    await probe_when_due(s3.custodian, s3.services)
    async with s3.services.database.read() as tx:
        entries = await read_entries(tx, DEPLOYMENT_LOG, after=-1, limit=100, audience=Audience.GOVERNMENT)
        stored = await get_proof(tx, s3.custodian.place)
    told = [entry.data for entry in entries if entry.tag == "custody.store_probed"]
    assert [data and data["seals"] for data in told] == [True, True]
    assert stored is not None
    assert stored.proof.product.startswith("SeaweedFS")


async def test_store_that_lies_seals_nothing(weed: S3Server, sqlite_database_url: str, tmp_path: Path) -> None:
    """It says 200 to every lock. The probe names it, and the item stays filed."""
    weed.create_bucket("keep-liar")
    async with AsyncExitStack() as stack:
        lying = await stack.enter_async_context(liar(weed, "lock"))
        settings = s3_settings_of(lying, "keep-liar", tmp_path / "d", sqlite_database_url)
        keep = await stack.enter_async_context(open_keep(settings))
        await probe_when_due(keep.custodian, keep.services)
        item = await keep.admit(files.jpeg())
        async with keep.services.database.read() as tx:
            stored = await get_proof(tx, keep.custodian.place)
        assert stored is not None
        assert (stored.proof.product, stored.proof.retention) == ("LiarStore/1.0", LockProof.BROKEN)
        assert await keep.stage(item) is Stage.FILED


async def test_held_item_is_held_at_the_store_and_by_the_rules(keep: Keep) -> None:
    item = await keep.admit(files.jpeg())
    key = ObjectKey(item.object_key)
    async with keep.services.database.write() as tx:
        await locker.hold_item(tx, item.id, LEAD, reason="A subpoena.")
        await ask_keeping(tx, item.id)
    await keep.work()
    assert (await keep.custodian.store.keeping(key)).held
    with pytest.raises(CustodyConflict):
        await keep.release(item)
    async with keep.services.database.write() as tx:
        await locker.lift_hold(tx, item.id, LEAD, reason="It was withdrawn.")
        await ask_keeping(tx, item.id)
    await keep.work()
    assert not (await keep.custodian.store.keeping(key)).held
    await keep.release(item)
    assert await keep.stage(item) is Stage.RELEASED
    assert await keep.faults() == []


async def test_item_is_disposed_of_when_its_time_is_over(local: Keep) -> None:
    """Bytes and small picture go, digest, reason and who stay; before the date and a second time it is refused."""
    item = await local.admit(files.jpeg())
    await local.release(item)
    with pytest.raises(StillKept):
        await local.order(item)
    local.clock.move(timedelta(days=1826))
    await local.order(item)
    with pytest.raises(CustodyConflict):
        await local.order(item)
    await local.work()
    assert await local.stage(item) is Stage.DISPOSED
    assert not await local.is_stored(item.object_key)
    assert [key async for key in local.services.objects.list_keys("cases/")] == []
    (_, told) = (await stated_entries(local.services.database, local.case_id))[-1]
    assert {name: told[name] for name in ("item_id", "digest", "way", "reason", "ordered_by")} == {
        "item_id": str(item.id),
        "digest": item.digest,
        "way": Disposal.ERASED,
        "reason": WHY,
        "ordered_by": LEAD.name,
    }
    assert len(str(told["derivatives"])) > 64
    assert await local.faults() == []


async def test_store_lock_outlives_the_order(s3: Keep) -> None:
    """Should our clock be wrong, the store's own still keeps the bytes, and the job waits for it."""
    item = await s3.admit(files.jpeg())
    await s3.release(item)
    s3.clock.move(timedelta(days=1826))
    await s3.order(item)
    await s3.work()
    assert await s3.stage(item) is Stage.DISPOSING
    assert await s3.is_stored(item.object_key)
    with pytest.raises(NotYet, match="the store's lock"):
        await dispose_item(s3.custodian, s3.services, {"item_id": str(item.id)})


async def test_bytes_stay_while_another_item_has_them(local: Keep) -> None:
    """Two items of equal bytes: the first one's disposal destroys nothing, the second one's all."""
    content = files.jpeg()
    first, second = await local.admit(content), await local.admit(content)
    local.clock.move(timedelta(days=1826))
    for item, left in ((first, True), (second, False)):
        await local.release(item)
        await local.order(item)
        await local.work()
        assert await local.stage(item) is Stage.DISPOSED
        assert await local.is_stored(item.object_key) is left
        assert await local.faults() == []
    ways = [data["way"] for tag, data in await stated_entries(local.services.database, local.case_id) if "way" in data]
    assert ways == [Disposal.SHARED, Disposal.ERASED]


async def test_hold_of_one_item_keeps_the_bytes_of_both(local: Keep) -> None:
    content = files.jpeg()
    first, second = await local.admit(content), await local.admit(content)
    async with local.services.database.write() as tx:
        await locker.hold_item(tx, second.id, LEAD, reason="A subpoena.")
        await ask_keeping(tx, second.id)
    await local.work()
    local.clock.move(timedelta(days=1826))
    await local.release(first)
    await local.order(first)
    await local.work()
    assert await local.is_stored(second.object_key)
    assert (await local.custodian.store.keeping(ObjectKey(second.object_key))).held


async def test_equal_bytes_that_arrive_during_an_erasure_are_received_again(local: Keep) -> None:
    """An upload that found its bytes in the store must not become an item when they are gone by then."""
    content = files.jpeg()
    item = await local.admit(content)
    local.clock.move(timedelta(days=1826))
    await local.release(item)
    await local.order(item)
    early = await arrived(local.services.intake, local.case_id, content)
    assert isinstance(early, Accepted)
    await local.work()
    with pytest.raises(BytesErased):
        async with local.services.database.write() as tx:
            await locker.admit(tx, early, LEAD)
    local.clock.move(CLOCKS_DIFFER + timedelta(seconds=1))
    again = await local.admit(content)
    assert await local.stage(again) is Stage.FILED
    assert await local.is_stored(again.object_key)
    assert await local.faults() == []


async def test_policy_lengthens_and_never_shortens(local: Keep) -> None:
    """A round with a longer policy states later dates; one with a shorter policy states nothing."""
    item = await local.admit(files.jpeg())
    for days, expected in (("general=10", 1825), ("general=3000", 3000), ("general=20", 3000)):
        settings = local.services.settings.model_copy(update={"retention_days": days})
        await look_through(_with(local.services, settings), seals=False)
        await local.work()
        until = (await local.custody(item))[1].retain_until
        assert until == item.admitted_at + timedelta(days=expected)
        assert (await local.custodian.store.keeping(ObjectKey(item.object_key))).retain_until == until
    assert (await local.tags()).count("evidence.retention_set") == 1
    assert await local.faults() == []


def _with(services: Services, settings: Settings) -> Services:
    return Services(**{name: getattr(services, name) for name in vars(services)} | {"settings": settings})


async def test_refused_file_can_be_disposed_of(local: Keep) -> None:
    refused = await arrived(local.services.intake, local.case_id, files.html_named_jpg())
    assert isinstance(refused, Refused)
    async with local.services.database.write() as tx:
        item = await locker.quarantine(tx, refused, LEAD)
    await look_through(local.services, seals=False)
    await local.release(item)
    local.clock.move(timedelta(days=1826))
    await local.order(item)
    await local.work()
    assert await local.stage(item) is Stage.DISPOSED
    assert not await local.is_stored(item.object_key)
    assert await local.faults() == []


async def read(keep: Keep, item: Item) -> bytes:
    """Read an original as the API does."""
    async with keep.services.database.read() as tx:
        keys = await locker.keys_of_item(tx, keep.services.intake, item)
    return b"".join([piece async for piece in locker.open_item_range(keep.services.intake, item, keys)])


async def test_identity_paper_is_stored_encrypted_and_read_as_it_was(keep: Keep) -> None:
    """Neither the original nor its small picture lies in the store as it is; equal papers share nothing."""
    content = files.jpeg()
    one, other = [await keep.admit(content, shows=RetentionClass.IDENTITY_PAPER) for _ in range(2)]
    assert one.object_key != other.object_key
    assert await read(keep, one) == await read(keep, other) == content
    objects = keep.services.objects
    stored = [
        b"".join([piece async for piece in objects.open_range(key)])
        for key in [found async for found in objects.list_keys("cases/")]
    ]
    assert len(stored) == 4
    assert {each[:4] for each in stored} == {b"SLE1"}
    assert await keep.stage(one) is (Stage.FILED if keep.custodian.is_policy else Stage.SEALED)
    assert await keep.faults() == []


async def test_disposal_under_a_lock_destroys_the_key(s3: Keep) -> None:
    """The store keeps the bytes to their date, and nobody can read them: not the API, not fsck, not the operator."""
    item = await s3.admit(files.jpeg(), shows=RetentionClass.PERSONNEL_FILE)
    await s3.release(item)
    await s3.order(item)
    with pytest.raises(ItemDisposed):
        await read(s3, item)
    await s3.work()
    assert await s3.stage(item) is Stage.DISPOSED
    assert await s3.is_stored(item.object_key)
    told = dict(await stated_entries(s3.services.database, s3.case_id))
    assert told["evidence.disposal_ordered"]["key_destroyed"] is True
    assert told["evidence.item_disposed"]["way"] == Disposal.KEY_DESTROYED
    assert await s3.faults() == []
    async with s3.services.database.read() as tx:
        left = (await tx.connection.execute(select(job.c.kind, job.c.run_at))).all()
    assert left == [("dispose_item", item.admitted_at + timedelta(days=365))]


async def test_disposed_item_is_no_fault_of_a_bundle(local: Keep) -> None:
    """The bundle lacks its bytes and says why; one that lacks another item is still found out."""
    kept, gone = await local.admit(files.jpeg()), await local.admit(files.jpeg() + b"\0")
    local.clock.move(timedelta(days=1826))
    await local.release(gone)
    await local.order(gone)
    await local.work()
    async with local.services.database.write() as tx:
        await make_checkpoint(tx, case_log(local.case_id), OFFICE)
    contents = await contents_of(local.services.database, local.case_id, audience=Audience.MEMBER)
    assert [one.digest for one in contents.originals] == [kept.digest]
    folder = local.services.settings.root / "bundle"
    cpu = local.services.cpu
    await write_folder(Bag(contents, objects=local.services.objects, signer=OFFICE, cpu=cpu), folder, cpu=cpu)
    report = await asyncio.to_thread(verify_bundle, folder, key=KEY)
    assert (report.problems, report.exit_code) == ([], VERIFIED)
    assert any("1 items were disposed of" in note for note in report.notes)


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ("UPDATE evidence_custody SET retain_until = '2026-12-01 00:00:00'", {"custody_differs"}),
        ("UPDATE evidence_custody SET held = true", {"custody_differs"}),
        ("UPDATE evidence_custody SET disposed_at = NULL", {"custody_differs"}),
        ("DELETE FROM evidence_key", {"key_missing", "object_changed"}),
    ],
)
async def test_rewritten_keeping_is_named_by_fsck(local: Keep, statement: str, codes: set[str]) -> None:
    """The owner of the database may shorten a date, invent a hold or lose a key; what he changes shows."""
    await local.admit(files.jpeg(), shows=RetentionClass.IDENTITY_PAPER)
    gone = await local.admit(files.jpeg())
    local.clock.move(timedelta(days=1826))
    await local.release(gone)
    await local.order(gone)
    await local.work()
    assert await local.faults() == []
    async with local.services.database.writer.begin() as connection:
        await connection.execute(text(statement))
    assert {fault.partition(" ")[0] for fault in await local.faults()} == codes
