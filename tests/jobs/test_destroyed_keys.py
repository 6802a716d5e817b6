"""Items with a key of their own, disposal and what goes with it, and the bundle and fsck after it."""

import asyncio
import random
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select, text

from evidence import locker
from evidence.custody.errors import ItemDisposed
from evidence.custody.rules import Disposal, Stage
from evidence.examination import store as results
from evidence.examination.rules import CheckName, Outcome
from evidence.export.bag import Bag
from evidence.export.verify import VERIFIED, read_key, verify_bundle
from evidence.export.writing import write_folder
from evidence.ids import ObjectKey, case_log
from evidence.intake.scanning import NEVER_SCANNED, NotScanned, Scan, Verdict
from evidence.items.rules import DerivativeKind, Item, RetentionClass
from evidence.items.store import list_derivatives_of
from evidence.ledger.actions import make_checkpoint
from evidence.ledger.rules import Audience
from server.jobs.queue import enqueue
from server.jobs.tables import job
from tests.parts import files, papers
from tests.parts.bundles import OFFICE
from tests.parts.cases import stated_entries
from tests.parts.keeping import LEAD, Keep
from tests.storage.test_ledger_export import contents_of

KEY = read_key(OFFICE.vkey)


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


def scene() -> bytes:
    """Return a picture that tells enough to be found by what it shows."""
    shades = Image.frombytes("L", (48, 36), random.Random(0).randbytes(48 * 36))
    return papers.written(shades.resize((800, 600), Image.Resampling.BICUBIC), "JPEG", quality=95)


async def test_identity_paper_is_examined_in_the_clear(keep: Keep) -> None:
    """Its text and small picture are taken, encrypted like it; a page of it can be drawn, and it is scanned again."""
    item = await keep.admit(papers.office(papers.DOCX), shows=RetentionClass.IDENTITY_PAPER, kind="document")
    services = keep.services
    async with services.database.read() as tx:
        keys = await locker.keys_of_item(tx, services.intake, item)
        made = await list_derivatives_of(tx, item.id)
        checks = {one.name: one.outcome for one in await results.checks_of(tx, item.id)}
    assert checks[CheckName.DIGEST] is Outcome.PASS
    (written,) = [one for one in made if one.kind is DerivativeKind.TEXT]
    key = ObjectKey(written.object_key)
    read = locker.readable(services.intake, keys).open_range(key)
    assert b"".join([piece async for piece in read]) == b"Seal 0091842"
    assert b"".join([piece async for piece in services.objects.open_range(key)])[:4] == b"SLE1"
    photo = await keep.admit(scene(), shows=RetentionClass.IDENTITY_PAPER)
    async with services.database.read() as tx:
        keys = await locker.keys_of_item(tx, services.intake, photo)
    assert (await locker.draw_page(services.intake, photo, 0, keys))[:3] == b"\xff\xd8\xff"
    assert (await locker.scan_again(services.intake, photo, keys)).reason is NotScanned.NO_SCANNER
    assert await keep.faults() == []


async def test_what_was_derived_of_an_item_is_destroyed_with_it(local: Keep) -> None:
    """A picture is found no more by what it shows, nor a paper by its text; neither is looked at again."""
    picture = await local.admit(scene())
    paper = await local.admit(papers.office(papers.DOCX), kind="document")
    database = local.services.database
    async with database.read() as tx:
        made = [*await list_derivatives_of(tx, picture.id), *await list_derivatives_of(tx, paper.id)]
        assert picture.id in await results.list_findable(tx, local.case_id)
        assert {one.kind for one in made} == set(DerivativeKind)
        keys = await locker.keys_of_item(tx, local.services.intake, picture)
    look = await locker.look_at(local.services.intake, picture, keys)
    local.clock.move(timedelta(days=1826))
    for item in (picture, paper):
        await local.release(item)
        await local.order(item)
    with pytest.raises(ItemDisposed):
        async with database.write() as tx:
            await locker.state_look(tx, look, LEAD, fence=None)
    with pytest.raises(ItemDisposed):
        async with database.write() as tx:
            await locker.state_verdict(tx, picture.id, NEVER_SCANNED, LEAD)
    await local.work()
    for kind in ("examine_item", "scan_item"):
        async with database.write() as tx:
            await enqueue(tx, kind, {"item_id": str(picture.id)})
    await local.work()
    async with database.read() as tx:
        assert await results.list_findable(tx, local.case_id) == frozenset()
        assert (await tx.connection.execute(select(job.c.kind))).all() == []
    assert [await local.is_stored(one.object_key) for one in made] == [False] * len(made)
    assert await local.faults() == []
    async with database.write() as tx:
        await results.put_hash(tx, picture, look.signals.picture_hash or "")
    assert await local.faults() == [f"hash_left item {picture.id}"]


async def test_isolated_item_is_not_called_sealed(s3: Keep) -> None:
    """The store keeps what was found infected after its seal; the page and a bundle do not show it."""
    item = await s3.admit(files.jpeg())
    assert await s3.stage(item) is Stage.SEALED
    async with s3.services.database.write() as tx:
        await locker.state_verdict(tx, item.id, Scan(verdict=Verdict.INFECTED), LEAD)
    assert await s3.stage(item) is Stage.QUARANTINED
    assert await s3.faults() == []
    await s3.release(item)
    assert await s3.stage(item) is Stage.RELEASED


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
