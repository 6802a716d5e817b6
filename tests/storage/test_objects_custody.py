"""The lock of both stores under one contract: retention, legal hold, deletion by version, and what a crash leaves."""

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from evidence.ids import Digest, ObjectKey
from evidence.objects.errors import ObjectLocked, ObjectMissing, StoreForbids
from evidence.objects.keys import case_prefix, object_key
from evidence.objects.local import LocalStore
from evidence.objects.local_custody import LocalCustody
from evidence.objects.port import Keeping, ObjectStore, Put
from evidence.objects.probe import Durability, LockProof, ProvableCustody, ProvableStore, probe_store
from evidence.objects.s3 import S3Store
from evidence.objects.s3_connection import S3Settings
from evidence.objects.s3_custody import S3Custody
from evidence.objects.s3_uploads import PART_BYTES
from tests.parts.liar import NAME, liar
from tests.parts.stores import S3Server
from tests.storage.test_objects_contract import CASE, read, write
from tests.waiting import wait_until_blocking

ROOT = Path(__file__).parents[2]
PUTTING = """
import asyncio, pathlib, sys
from concurrent.futures import ThreadPoolExecutor
from evidence.objects.local import LocalStore
from evidence.objects.s3 import S3Store
from evidence.objects.s3_connection import S3Settings
kind, place, key, path, digest = sys.argv[1:]
with ThreadPoolExecutor(1) as executor:
    if kind == "local":
        store = LocalStore(pathlib.Path(place), executor=executor)
    else:
        e, r, b, a, s = place.split("|")
        store = S3Store(S3Settings(endpoint=e, region=r, bucket=b, access_key=a, secret_key=s), executor=executor)
    asyncio.run(store.put_file(key, pathlib.Path(path), digest=digest, media_type="video/webm"))
"""
"""A process that puts one file."""


@pytest.fixture
async def kept(objects: ObjectStore, tmp_path: Path) -> ObjectKey:
    """Put an object and give its key."""
    path, digest = write(tmp_path, os.urandom(1000))
    key = object_key(CASE, digest)
    await objects.put_file(key, path, digest=digest, media_type="image/jpeg")
    return key


def later(**span: float) -> datetime:
    """Return a moment from now on, to the second, as S3 keeps it."""
    return (datetime.now(UTC) + timedelta(**span)).replace(microsecond=0)


async def test_object_under_retention_outlives_its_custodian(
    objects: ObjectStore, custody: ProvableCustody, kept: ObjectKey
) -> None:
    until = later(hours=1)
    assert (await custody.keeping(kept)).retain_until is None
    await custody.retain(kept, until)
    assert await custody.keeping(kept) == Keeping(
        versions=(await custody.keeping(kept)).versions, retain_until=until, held=False
    )
    with pytest.raises(ObjectLocked) as refusal:
        await custody.erase(kept)
    assert refusal.value.fields == {"key": kept, "retain_until": until.isoformat(), "held": 0}
    assert len(await read(objects, kept)) == 1000


async def test_retention_is_lengthened_and_never_shortened(custody: ProvableCustody, kept: ObjectKey) -> None:
    first, longer = later(hours=1), later(hours=2)
    for asked, found in ((first, first), (longer, longer), (first, longer), (later(seconds=1), longer)):
        await custody.retain(kept, asked)
        assert (await custody.keeping(kept)).retain_until == found


async def test_held_object_goes_only_when_the_hold_is_lifted(
    objects: ObjectStore, custody: ProvableCustody, kept: ObjectKey
) -> None:
    for _ in range(2):
        await custody.set_hold(kept, on=True)
    assert (await custody.keeping(kept)).held
    with pytest.raises(ObjectLocked) as refusal:
        await custody.erase(kept)
    assert refusal.value.fields == {"key": kept, "retain_until": "", "held": 1}
    await custody.set_hold(kept, on=False)
    assert not (await custody.keeping(kept)).held
    assert await custody.erase(kept) == 1
    with pytest.raises(ObjectMissing):
        await objects.head(kept)


async def test_erased_object_is_gone_and_may_come_again(
    objects: ObjectStore, custody: ProvableCustody, tmp_path: Path
) -> None:
    path, digest = write(tmp_path, b"once more")
    key = object_key(CASE, digest)
    for _ in range(2):
        assert await objects.put_file(key, path, digest=digest, media_type="image/png") is Put.CREATED
        assert await custody.erase(key) == 1
        assert await custody.erase(key) == 0
        assert [found async for found in objects.list_keys(case_prefix(CASE))] == []
    for call in (custody.keeping(key), custody.retain(key, later(hours=1)), custody.set_hold(key, on=True)):
        with pytest.raises(ObjectMissing):
            await call


async def test_retention_that_is_over_lets_go(
    tmp_path: Path, local_objects: LocalStore, store_executor: Executor
) -> None:
    """By the clock of the program in a folder; a store of S3's keeps its own, which no test can turn."""
    path, digest = write(tmp_path, b"x")
    key = object_key(CASE, digest)
    await local_objects.put_file(key, path, digest=digest, media_type="image/png")
    now = datetime(2026, 11, 24, tzinfo=UTC)
    early = LocalCustody(local_objects.root, executor=store_executor, clock=lambda: now)
    await early.retain(key, now + timedelta(days=1))
    with pytest.raises(ObjectLocked):
        await early.erase(key)
    late = LocalCustody(local_objects.root, executor=store_executor, clock=lambda: now + timedelta(days=1))
    assert await late.erase(key) == 1


async def test_application_key_cannot_lock_nor_look(
    s3_settings: S3Settings, s3_objects: S3Store, s3_custody: S3Custody, store_executor: Executor, tmp_path: Path
) -> None:
    """What the API and media hold puts and reads; retention and hold are refused to it by the store itself."""
    path, digest = write(tmp_path, b"evidence")
    key = object_key(CASE, digest)
    await s3_objects.put_file(key, path, digest=digest, media_type="image/png")
    application = S3Custody(s3_settings, executor=store_executor)
    for call in (application.retain(key, later(hours=1)), application.set_hold(key, on=True)):
        with pytest.raises(StoreForbids):
            await call
    proof = await probe_store(s3_objects, application, now=datetime.now(UTC))
    assert (proof.retention, proof.hold, proof.locks) == (LockProof.NOT_PERMITTED, LockProof.NOT_PERMITTED, False)
    application.close()
    await s3_custody.retain(key, later(hours=1))
    assert (await s3_custody.keeping(key)).retain_until is not None


async def test_what_a_folder_cannot_do_is_said(local_objects: LocalStore, local_custody: LocalCustody) -> None:
    """It has no lock and no versions, and its owner can delete what is kept: the probe calls none of it a lock."""
    proof = await probe_store(local_objects, local_custody, now=datetime.now(UTC))
    assert proof.product == f"folder {local_objects.root}"
    assert (proof.locks, proof.lies) == (False, False)
    assert proof.durability in {Durability.SYNCED, Durability.IN_MEMORY}
    memory = LocalCustody(Path("/dev/shm"), executor=local_objects.executor, clock=lambda: datetime.now(UTC))  # noqa: S108  (looked at only)
    assert await memory.durability() is Durability.IN_MEMORY


@pytest.mark.parametrize("lie", ["lock", "condition", "checksum"])
async def test_store_that_lies_is_found_out(
    weed: S3Server, s3_settings: S3Settings, store_executor: Executor, lie: str
) -> None:
    """It says 200 to a lock, a condition or a checksum, and keeps none; the probe goes by what it does."""
    async with liar(weed, lie) as lying:
        store = S3Store(lying.settings(s3_settings.bucket), executor=store_executor)
        custody = S3Custody(lying.custodian_settings(s3_settings.bucket), executor=store_executor)
        proof = await probe_store(store, custody, now=datetime.now(UTC))
        store.close()
        custody.close()
    lock = LockProof.BROKEN if lie == "lock" else LockProof.ENFORCED
    assert proof.model_dump() == {
        "product": NAME,
        "conditional_put": lie != "condition",
        "checksum": lie != "checksum",
        "ranges": True,
        "retention": lock,
        "hold": lock,
        "durability": Durability.NOT_ASKED,
    }
    assert (proof.locks, proof.lies) == (lie != "lock", lie == "lock")


async def test_canaries_do_not_pile_up(s3_objects: S3Store, s3_custody: S3Custody) -> None:
    """Of many probes only the locked canary of the last minute is left, beside the two that are put once."""
    for _ in range(3):
        await probe_store(s3_objects, s3_custody, now=datetime.now(UTC) - timedelta(seconds=58))
    left = [key async for key in s3_objects.list_keys("probes/")]
    assert len(left) <= 3


async def test_put_in_parts_goes_on_after_kill_nine(
    s3_settings: S3Settings, s3_objects: S3Store, tmp_path: Path
) -> None:
    """What the dead process had sent is not sent again, and the object is the file, byte for byte."""
    path, digest = write(tmp_path, os.urandom(3 * PART_BYTES + 1))
    key = object_key(CASE, digest)
    place = "|".join(
        [
            str(s3_settings.endpoint),
            s3_settings.region,
            s3_settings.bucket,
            s3_settings.access_key.get_secret_value(),
            s3_settings.secret_key.get_secret_value(),
        ]
    )

    def sent() -> int:
        ups = s3_objects.client.list_multipart_uploads(Bucket=s3_settings.bucket, Prefix=key).get("Uploads", [])
        parts = [
            s3_objects.client.list_parts(Bucket=s3_settings.bucket, Key=key, UploadId=up["UploadId"]) for up in ups
        ]
        return sum(len(found.get("Parts", [])) for found in parts)

    await asyncio.to_thread(killed_while_putting, ("s3", place, key, str(path), digest), lambda: sent() >= 1)
    with pytest.raises(ObjectMissing):
        await s3_objects.head(key)
    again: list[int] = []
    s3_objects.client.meta.events.register(
        "before-parameter-build.s3.UploadPart", lambda params, **_: again.append(params["PartNumber"])
    )
    before = await asyncio.to_thread(sent)
    assert await s3_objects.put_file(key, path, digest=digest, media_type="video/webm") is Put.CREATED
    assert again == list(range(before + 1, 5))
    assert hashlib.sha256(await read(s3_objects, key)).hexdigest() == digest
    assert await s3_objects.clear_unfinished(later(hours=1)) == 0


async def test_put_into_a_folder_begins_anew_after_kill_nine(local_objects: LocalStore, tmp_path: Path) -> None:
    """A copy on one machine is not worth resuming. What is left of it is no object, and is cleared away later."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    body = os.urandom(3_000_000)
    path, digest = write(tmp_path, body)
    key = object_key(CASE, digest)
    half = tmp_path / "objects" / key.rpartition("/")[0]

    def begun() -> bool:
        return any(found.stat().st_size > 0 for found in half.glob(".*"))

    command = ("local", str(local_objects.root), key, str(pipe), digest)
    await asyncio.to_thread(killed_while_putting, command, begun, lambda: feed(pipe, body[:2_000_000]))
    assert [found async for found in local_objects.list_keys(case_prefix(CASE))] == []
    assert await local_objects.put_file(key, path, digest=digest, media_type="video/webm") is Put.CREATED
    assert await read(local_objects, key) == body
    assert await local_objects.clear_unfinished(later(hours=-1)) == 0
    assert await local_objects.clear_unfinished(later(hours=1)) == 1
    assert await read(local_objects, key) == body


async def test_abandoned_parts_are_cleared_away(s3_settings: S3Settings, s3_objects: S3Store) -> None:
    key = object_key(CASE, Digest("0" * 64))
    await asyncio.to_thread(s3_objects.client.create_multipart_upload, Bucket=s3_settings.bucket, Key=key)
    assert await s3_objects.clear_unfinished(later(hours=-1)) == 0
    assert await s3_objects.clear_unfinished(later(hours=1)) == 1
    assert await s3_objects.clear_unfinished(later(hours=1)) == 0


async def test_racing_puts_in_parts_make_one_object(
    objects: ProvableStore, custody: ProvableCustody, tmp_path: Path
) -> None:
    """One writer makes it, there is one version, and nothing unfinished is left."""
    path, digest = write(tmp_path, os.urandom(PART_BYTES + 1))
    key = object_key(CASE, digest)
    puts = await asyncio.gather(*(objects.put_file(key, path, digest=digest, media_type="a/b") for _ in range(4)))
    assert sorted(puts) == [Put.ALREADY_THERE] * 3 + [Put.CREATED]
    assert len((await custody.keeping(key)).versions) == 1
    assert await objects.clear_unfinished(later(hours=1)) == 0
    assert hashlib.sha256(await read(objects, key)).hexdigest() == digest


def feed(pipe: Path, body: bytes) -> int:
    """Write into a pipe and leave it open; returns the descriptor."""
    descriptor = os.open(pipe, os.O_WRONLY)
    os.write(descriptor, body)
    return descriptor


def killed_while_putting(
    arguments: tuple[str, ...], moment: Callable[[], bool], begin: Callable[[], int] | None = None
) -> None:
    """Let a process put a file, and kill it -9 when the moment has come."""
    child = subprocess.Popen([sys.executable, "-c", PUTTING, *arguments], cwd=ROOT)
    opened: int | None = None
    try:
        opened = None if begin is None else begin()
        wait_until_blocking(moment)
        assert child.poll() is None
        child.send_signal(signal.SIGKILL)
        assert child.wait(10) == -signal.SIGKILL
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
        if opened is not None:
            os.close(opened)
