"""A file's way through the locker: received, admitted or quarantined, filed, made small, read again."""

import hashlib
from concurrent.futures import Executor
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from evidence.errors import EvidenceError
from evidence.ids import CaseId, Digest, ItemId, ObjectKey, UploadId, uuid7
from evidence.intake import store as uploads
from evidence.intake.errors import FileTooLarge, UploadFinished
from evidence.intake.rules import Accepted, Arrival, Refused, UploadState
from evidence.items import store as items
from evidence.items.errors import ItemIsQuarantined, ItemNotFound
from evidence.items.rules import Camera, DerivativeKind, ItemContext, ItemKind, ItemState
from evidence.items.tables import evidence_item
from evidence.ledger.events import Actor
from evidence.locker import (
    Intake,
    admit,
    begin_upload,
    fetched,
    file_item,
    look_at,
    open_item_range,
    quarantine,
    receive,
    state_look,
    verify_read_back,
)
from evidence.objects.errors import DigestMismatch, ObjectMissing
from evidence.objects.keys import object_key, quarantine_key
from server.db import Database
from tests.parts import files
from tests.parts.cases import opened_case, stated_entries

ACTOR = Actor(kind="participant", id="p1", name="Ana Ruiz", role="member_poc")
SYSTEM = Actor(kind="system", id="worker", name="Worker")
PERSON = UUID("01900000-0000-7000-8000-0000000000f1")
SHOT_AT = datetime(2026, 11, 24, 15, 30, 5, tzinfo=UTC)


def arrival(case_id: CaseId, content: bytes, **changed: object) -> Arrival:
    context = ItemContext(participant_id=PERSON, criterion_id="9.4", camera=Camera.FULL)
    stated: dict[str, object] = {
        "case_id": case_id,
        "kind": ItemKind.PHOTO,
        "filename": "gate.jpg",
        "media_type": "image/jpeg",
        "digest": hashlib.sha256(content).hexdigest(),
        "context": context,
        "captured_at_device": SHOT_AT,
    }
    return Arrival.model_validate(stated | changed)


async def received(intake: Intake, stated: Arrival, content: bytes) -> Accepted | Refused:
    path = await intake.staging.write_whole(UploadId(uuid4()), content)
    return await receive(intake, path, stated)


async def test_a_good_photograph_is_admitted_with_its_claims(
    intake: Intake, database: Database, case_id: CaseId
) -> None:
    content = files.jpeg()
    accepted = await received(intake, arrival(case_id, content), content)
    assert isinstance(accepted, Accepted)
    async with database.write() as tx:
        item = await admit(tx, accepted, ACTOR)
    async with database.read() as tx:
        assert await items.get_item(tx, item.id) == item
        assert await items.list_items(tx, case_id) == (item,)
    digest = Digest(hashlib.sha256(content).hexdigest())
    assert item.object_key == object_key(case_id, digest)
    assert item.claims.captured_at_device == SHOT_AT
    assert item.claims.exif_captured_at == "2026-11-24T09:30:05-06:00"
    ((tag, stated),) = await stated_entries(database, case_id)
    assert tag == "evidence.item_admitted"
    assert {name: stated[name] for name in ("item_id", "digest", "bytes", "media_type", "filename", "kind")} == {
        "item_id": str(item.id),
        "digest": digest,
        "bytes": len(content),
        "media_type": "image/jpeg",
        "filename": "gate.jpg",
        "kind": "photo",
    }
    assert (stated["criterion_id"], stated["camera"], stated["participant_id"]) == ("9.4", "full", str(PERSON))
    assert b"".join([chunk async for chunk in open_item_range(intake, item, {})]) == content
    assert b"".join([chunk async for chunk in open_item_range(intake, item, {}, start=10, end=20)]) == content[10:20]


@pytest.mark.parametrize(
    ("content", "changed", "reason"),
    [
        (files.jpeg()[:9000], {}, "unreadable_file"),
        (files.html_named_jpg(), {}, "type_mismatch"),
        (files.html_named_jpg(), {"media_type": ""}, "type_not_allowed"),
        (files.png(), {}, "type_mismatch"),
        (files.jpeg(), {"digest": "0" * 64}, "digest_mismatch"),
        (files.png_bomb(), {"media_type": "image/png", "filename": "bomb.png"}, "unreadable_file"),
        (b"", {}, "type_mismatch"),
    ],
)
async def test_a_bad_file_is_quarantined_and_never_shown(
    local_intake: Intake, sqlite: Database, content: bytes, changed: dict[str, object], reason: str
) -> None:
    """Lying, broken and harmful files are kept apart, stated in the ledger, and out of every reader's reach."""
    case_id = await opened_case(sqlite)
    refused = await received(local_intake, arrival(case_id, content, **changed), content)
    assert isinstance(refused, Refused)
    async with sqlite.write() as tx:
        item = await quarantine(tx, refused, ACTOR)
    digest = Digest(hashlib.sha256(content).hexdigest())
    assert (item.state, item.reason, item.digest) == (ItemState.QUARANTINED, reason, digest)
    assert refused.refusal.code == reason
    kept = local_intake.objects.open_range(quarantine_key(case_id, digest))
    assert b"".join([chunk async for chunk in kept]) == content
    with pytest.raises(ObjectMissing):
        await local_intake.objects.head(object_key(case_id, digest))
    with pytest.raises(ItemIsQuarantined):
        open_item_range(local_intake, item, {})
    with pytest.raises(ItemIsQuarantined):
        await look_at(local_intake, item, {})
    with pytest.raises(ItemIsQuarantined):
        async with sqlite.write() as tx:
            await file_item(tx, item.id, SYSTEM)
    (tag, stated), *checked = await stated_entries(sqlite, case_id)
    assert (tag, stated["reason"], stated["digest"]) == ("evidence.item_quarantined", reason, digest)
    assert [said["summary"] for _, said in checked] == ["digest: fail (sent_otherwise)"] * (reason == "digest_mismatch")


async def test_a_file_over_the_limit_leaves_nothing(local_intake: Intake, sqlite: Database, tmp_path: Path) -> None:
    case_id = await opened_case(sqlite)
    path = tmp_path / "big"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024 + 1)
    with pytest.raises(FileTooLarge):
        await receive(local_intake, path, arrival(case_id, b"", digest=None))
    assert [key async for key in local_intake.objects.list_keys("cases/")] == []


async def test_equal_bytes_share_the_object_and_not_the_item(local_intake: Intake, sqlite: Database) -> None:
    case_id, content, made = await opened_case(sqlite), files.jpeg(), []
    for filename in ("one.jpg", "two.jpg"):
        accepted = await received(local_intake, arrival(case_id, content, filename=filename), content)
        assert isinstance(accepted, Accepted)
        async with sqlite.write() as tx:
            made.append(await admit(tx, accepted, ACTOR))
    assert made[0].id != made[1].id
    assert made[0].object_key == made[1].object_key
    assert len([key async for key in local_intake.objects.list_keys("cases/")]) == 1


async def test_an_item_is_filed_once_after_it_was_read_back(
    intake: Intake, database: Database, case_id: CaseId, cpu_executor: Executor
) -> None:
    content = files.pdf()
    stated = arrival(case_id, content, kind=ItemKind.DOCUMENT, media_type="application/pdf", filename="plan.pdf")
    accepted = await received(intake, stated, content)
    assert isinstance(accepted, Accepted)
    async with database.write() as tx:
        item = await admit(tx, accepted, ACTOR)
    key = ObjectKey(item.object_key)
    assert await verify_read_back(intake.objects, key, Digest(item.digest), cpu=cpu_executor) == len(content)
    filed = []
    for _ in range(2):
        async with database.write() as tx:
            filed.append(await file_item(tx, item.id, SYSTEM))
    assert filed == [True, False]
    async with database.read() as tx:
        assert (await items.get_item(tx, item.id)).state is ItemState.FILED
    assert [tag for tag, _ in await stated_entries(database, case_id)] == [
        "evidence.item_admitted",
        "evidence.item_filed",
    ]
    with pytest.raises(DigestMismatch):
        await verify_read_back(intake.objects, key, Digest("0" * 64), cpu=cpu_executor)


async def test_a_flipped_byte_is_found_on_read_back(
    local_intake: Intake, tmp_path: Path, cpu_executor: Executor, sqlite: Database
) -> None:
    case_id, content = await opened_case(sqlite), files.jpeg()
    accepted = await received(local_intake, arrival(case_id, content), content)
    assert isinstance(accepted, Accepted)
    stored = tmp_path / "objects" / accepted.object_key
    stored.chmod(0o600)
    stored.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(DigestMismatch) as found:
        await verify_read_back(local_intake.objects, accepted.object_key, Digest(accepted.digest), cpu=cpu_executor)
    assert found.value.fields["expected"] == accepted.digest
    with pytest.raises(DigestMismatch):
        async with fetched(local_intake, accepted.object_key, Digest(accepted.digest)):
            pass
    assert await local_intake.staging.sweep(before=datetime(2999, 1, 1, tzinfo=UTC)) == 1


async def test_a_thumbnail_is_a_derivative_that_proves_its_parent(
    intake: Intake, database: Database, case_id: CaseId
) -> None:
    content = files.heic()
    accepted = await received(intake, arrival(case_id, content, media_type="", filename="IMG_1.HEIC"), content)
    assert isinstance(accepted, Accepted)
    async with database.write() as tx:
        item = await admit(tx, accepted, ACTOR)
    look = await look_at(intake, item, {})
    for _ in range(2):
        async with database.write() as tx:
            await state_look(tx, look, SYSTEM, fence=None)
    async with database.read() as tx:
        derivative = await items.get_derivative(tx, item.id, DerivativeKind.THUMBNAIL)
        assert derivative is not None
        assert await items.list_derivatives(tx, case_id) == (derivative,)
    picture = b"".join([chunk async for chunk in intake.objects.open_range(ObjectKey(derivative.object_key))])
    assert hashlib.sha256(picture).hexdigest() == derivative.digest
    (stated,) = [body for tag, body in await stated_entries(database, case_id) if tag == "evidence.derivative_filed"]
    assert (stated["parent_id"], stated["parent_digest"]) == (str(item.id), item.digest)
    assert (stated["item_id"], stated["kind"]) == (str(derivative.id), "thumbnail")


async def test_an_upload_gets_one_item_however_often_it_is_finished(
    local_intake: Intake, database: Database, case_id: CaseId
) -> None:
    """Two requests that finish the same upload at once, or one repeated after a crash, make one item."""
    content = files.jpeg()
    async with database.write() as tx:
        upload = await begin_upload(tx, arrival(case_id, content), bytes_total=len(content))
    await local_intake.staging.append_chunk(upload.id, content, offset=0, bytes_total=len(content))
    path = local_intake.staging.path(upload.id)
    for attempt in range(2):
        accepted = await receive(local_intake, path, upload.arrival)
        assert isinstance(accepted, Accepted)
        if attempt == 0:
            async with database.write() as tx:
                item = await admit(tx, accepted, ACTOR, upload_id=upload.id)
            continue
        with pytest.raises(UploadFinished) as refusal:
            async with database.write() as tx:
                await admit(tx, accepted, ACTOR, upload_id=upload.id)
        assert refusal.value.fields["state"] == "admitted"
    async with database.read() as tx:
        finished = await uploads.get_upload(tx, upload.id)
        rows = (await tx.execute(select(evidence_item.c.id))).all()
    assert (finished.state, finished.item_id) == (UploadState.ADMITTED, item.id)
    assert len(rows) == 1
    assert len(await stated_entries(database, case_id)) == 1


async def test_a_quarantined_upload_remembers_why(local_intake: Intake, sqlite: Database) -> None:
    case_id, content = await opened_case(sqlite), files.html_named_jpg()
    async with sqlite.write() as tx:
        upload = await begin_upload(tx, arrival(case_id, content), bytes_total=len(content))
    refused = await received(local_intake, upload.arrival, content)
    assert isinstance(refused, Refused)
    async with sqlite.write() as tx:
        item = await quarantine(tx, refused, ACTOR, upload_id=upload.id)
    async with sqlite.read() as tx:
        finished = await uploads.get_upload(tx, upload.id)
    assert (finished.state, finished.item_id, finished.refusal) == (UploadState.QUARANTINED, item.id, "type_mismatch")


async def test_an_unknown_item_is_not_found(database: Database) -> None:
    async with database.read() as tx:
        with pytest.raises(ItemNotFound) as refusal:
            await items.get_item(tx, ItemId(uuid7()))
    assert isinstance(refusal.value, EvidenceError)
