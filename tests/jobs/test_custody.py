"""An item's life at the worker: sealed on proof, held, released, disposed, on a folder and on SeaweedFS."""

from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from evidence import locker
from evidence.custody.errors import BytesErased, CustodyConflict, StillKept
from evidence.custody.rules import PROOF_LIFETIME, Disposal, Stage
from evidence.custody.store import CLOCKS_DIFFER, get_proof
from evidence.ids import DEPLOYMENT_LOG, ObjectKey
from evidence.intake.rules import Accepted, Refused
from evidence.ledger.rules import Audience
from evidence.ledger.store import read_entries
from evidence.objects.probe import LockProof
from server.config import Settings
from server.jobs.custody import ask_keeping, dispose_item
from server.jobs.probing import PROBE_EVERY, look_through, probe_when_due
from server.jobs.worker import NotYet
from server.services import Services
from tests.parts import files
from tests.parts.cases import stated_entries
from tests.parts.filed import arrived
from tests.parts.keeping import LEAD, WHY, Keep, open_keep, s3_settings_of
from tests.parts.liar import liar
from tests.parts.stores import S3Server


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
        await look_through(local.custodian, _with(local.services, settings), {})
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
    await look_through(local.custodian, local.services, {})
    await local.release(item)
    local.clock.move(timedelta(days=1826))
    await local.order(item)
    await local.work()
    assert await local.stage(item) is Stage.DISPOSED
    assert not await local.is_stored(item.object_key)
    assert await local.faults() == []
