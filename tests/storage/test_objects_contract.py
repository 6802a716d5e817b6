"""One contract for every object store: write-once under content keys, checked digests, ranges."""

import asyncio
import hashlib
import os
from concurrent.futures import Executor
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from evidence.ids import CaseId, Digest, ObjectKey
from evidence.objects.errors import DigestMismatch, ObjectConflict, ObjectMissing
from evidence.objects.keys import case_prefix, object_key, quarantine_key
from evidence.objects.local import LocalStore
from evidence.objects.port import ObjectHead, ObjectStore, Put
from evidence.objects.probe import LockProof, ProvableCustody, ProvableStore, probe_store
from evidence.objects.s3_uploads import PART_BYTES

CASE = CaseId(UUID("01900000-0000-7000-8000-000000000001"))
OTHER_CASE = CaseId(UUID("01900000-0000-7000-8000-000000000002"))


def write(folder: Path, body: bytes, name: str = "file") -> tuple[Path, Digest]:
    path = folder / name
    path.write_bytes(body)
    return path, Digest(hashlib.sha256(body).hexdigest())


async def read(objects: ObjectStore, key: ObjectKey, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in objects.open_range(key, start, end)])


@pytest.mark.parametrize("size", [0, 1, 300_000, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES + 12345])
async def test_put_file_reads_back_byte_for_byte(objects: ProvableStore, tmp_path: Path, size: int) -> None:
    body = os.urandom(size)
    path, digest = write(tmp_path, body)
    key = object_key(CASE, digest)
    assert await objects.put_file(key, path, digest=digest, media_type="image/jpeg") is Put.CREATED
    assert await objects.head(key) == ObjectHead(bytes=size, digest=digest)
    assert hashlib.sha256(await read(objects, key)).hexdigest() == digest
    assert path.read_bytes() == body


async def test_put_file_finds_it_already_there_when_repeated(objects: ProvableStore, tmp_path: Path) -> None:
    for size in (10, PART_BYTES + 1):
        path, digest = write(tmp_path, os.urandom(size))
        key = object_key(CASE, digest)
        puts = [await objects.put_file(key, path, digest=digest, media_type="image/png") for _ in range(3)]
        assert puts == [Put.CREATED, Put.ALREADY_THERE, Put.ALREADY_THERE]


async def test_one_of_sixteen_racing_puts_creates_the_object(objects: ProvableStore, tmp_path: Path) -> None:
    """A store that lets two writers win would let one overwrite evidence."""
    path, digest = write(tmp_path, os.urandom(100_000))
    key = object_key(CASE, digest)
    puts = await asyncio.gather(
        *(objects.put_file(key, path, digest=digest, media_type="image/png") for _ in range(16))
    )
    assert sorted(puts) == [Put.ALREADY_THERE] * 15 + [Put.CREATED]
    assert hashlib.sha256(await read(objects, key)).hexdigest() == digest


@pytest.mark.parametrize("size", [1000, PART_BYTES + 1])
async def test_put_file_refuses_other_bytes_than_promised(objects: ProvableStore, tmp_path: Path, size: int) -> None:
    path, digest = write(tmp_path, os.urandom(size))
    promised = Digest(hashlib.sha256(b"other").hexdigest())
    key = object_key(CASE, promised)
    with pytest.raises(DigestMismatch) as refusal:
        await objects.put_file(key, path, digest=promised, media_type="image/png")
    assert refusal.value.fields == {"expected": promised, "actual": digest}
    with pytest.raises(ObjectMissing):
        await objects.head(key)
    assert [found async for found in objects.list_keys(case_prefix(CASE))] == []


async def test_put_file_refuses_another_length_under_a_taken_key(objects: ProvableStore, tmp_path: Path) -> None:
    """The stored object is never replaced, and the writer is told that it is not what was offered."""
    path, digest = write(tmp_path, b"first")
    longer, longer_digest = write(tmp_path, b"longer", "longer")
    key = object_key(CASE, digest)
    await objects.put_file(key, path, digest=digest, media_type="image/png")
    with pytest.raises(ObjectConflict) as refusal:
        await objects.put_file(key, longer, digest=longer_digest, media_type="image/png")
    assert refusal.value.fields == {"key": key, "stored_bytes": 5, "offered_bytes": 6}
    assert await read(objects, key) == b"first"


async def test_open_range_gives_the_bytes_asked_for(objects: ProvableStore, tmp_path: Path) -> None:
    body = os.urandom(2_500_000)
    path, digest = write(tmp_path, body)
    key = object_key(CASE, digest)
    await objects.put_file(key, path, digest=digest, media_type="application/pdf")
    spans = [(0, 1), (0, None), (1_048_575, 1_048_577), (2_499_999, None), (10, 10), (2_500_000, None), (5, 9_000_000)]
    for start, end in spans:
        assert await read(objects, key, start, end) == body[start:end], (start, end)


async def test_open_range_stops_when_the_reader_goes_away(objects: ProvableStore, tmp_path: Path) -> None:
    path, digest = write(tmp_path, os.urandom(5_000_000))
    key = object_key(CASE, digest)
    await objects.put_file(key, path, digest=digest, media_type="application/pdf")
    chunks = objects.open_range(key)
    assert len(await anext(chunks)) > 0
    await chunks.aclose()  # type: ignore[attr-defined]
    assert len(await read(objects, key)) == 5_000_000


async def test_a_missing_object_is_named(objects: ProvableStore) -> None:
    key = object_key(CASE, Digest("0" * 64))
    with pytest.raises(ObjectMissing) as by_head:
        await objects.head(key)
    with pytest.raises(ObjectMissing) as by_read:
        await read(objects, key)
    assert by_head.value.fields == by_read.value.fields == {"key": key}


async def test_list_keys_gives_every_key_of_one_case_once(objects: ProvableStore, tmp_path: Path) -> None:
    expected = set()
    for number in range(7):
        path, digest = write(tmp_path, bytes([number]))
        for key in (object_key(CASE, digest), object_key(OTHER_CASE, digest)):
            await objects.put_file(key, path, digest=digest, media_type="image/png")
        expected.add(object_key(CASE, digest))
    path, digest = write(tmp_path, b"bad")
    await objects.put_file(quarantine_key(CASE, digest), path, digest=digest, media_type="application/octet-stream")
    expected.add(quarantine_key(CASE, digest))
    found = [key async for key in objects.list_keys(case_prefix(CASE))]
    assert sorted(found) == sorted(expected)


async def test_probe_says_what_each_store_enforces(objects: ProvableStore, custody: ProvableCustody) -> None:
    """SeaweedFS proves its lock; a folder has none, and says so. A second run finds the same."""
    lock = LockProof.NOT_OFFERED if isinstance(objects, LocalStore) else LockProof.ENFORCED
    for _ in range(2):
        proof = await probe_store(objects, custody, now=datetime.now(UTC))
        assert (proof.conditional_put, proof.checksum, proof.ranges) == (True, True, True)
        assert (proof.retention, proof.hold) == (lock, lock)


async def test_a_store_takes_no_key_that_is_not_a_plain_path(tmp_path: Path, objects: ProvableStore) -> None:
    path, digest = write(tmp_path, b"x")
    for key in ("../outside", "cases/../../outside", "/etc/passwd", "cases//x", ".hidden", "cases/.x", "", "a/b\n"):
        with pytest.raises(ObjectMissing):
            await objects.put_file(ObjectKey(key), path, digest=digest, media_type="image/png")
    assert not (tmp_path / "outside").exists()


async def test_local_store_writes_files_nobody_may_change(tmp_path: Path, store_executor: Executor) -> None:
    objects = LocalStore(tmp_path / "objects", executor=store_executor)
    path, digest = write(tmp_path, b"x")
    key = object_key(CASE, digest)
    await objects.put_file(key, path, digest=digest, media_type="image/png")
    stored = objects.root / key
    assert stored.stat().st_mode & 0o777 == 0o400
    assert [entry.name for entry in stored.parent.iterdir()] == [digest]
