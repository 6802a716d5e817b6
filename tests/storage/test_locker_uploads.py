"""Resumable uploads: what was acknowledged survives a kill, and nothing is taken twice, too long or too late."""

import asyncio
import fcntl
import os
import signal
import sys
from collections.abc import AsyncIterator
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from evidence.ids import CaseId, UploadId, uuid7
from evidence.intake import store
from evidence.intake.errors import (
    FileTooLarge,
    OffsetConflict,
    TooManyUploads,
    TypeNotAllowed,
    UploadBusy,
    UploadFinished,
    UploadNotFound,
)
from evidence.intake.rules import Arrival, Upload, UploadState
from evidence.intake.staging import Staging
from evidence.items.rules import ItemContext, ItemKind
from evidence.ledger.transaction import Transaction
from evidence.locker import begin_upload, cancel_upload
from server.db import Database
from tests.parts.cases import opened_case, stated_entries

WRITER = """
import asyncio, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID
from evidence.intake.staging import Staging

async def main():
    staging, upload, offset = Staging(Path(sys.argv[1]), executor=ThreadPoolExecutor(1)), UUID(sys.argv[2]), 0
    while True:
        chunk = bytes([offset // 65536 % 251]) * 65536
        offset = await staging.append_chunk(upload, chunk, offset=offset, bytes_total=1 << 40)
        print(offset, flush=True)

asyncio.run(main())
"""
"""A process that adds chunks and says each offset only once it is acknowledged."""


@pytest.fixture
def staging(tmp_path: Path, cpu_executor: Executor) -> Staging:
    return Staging(tmp_path / "uploads", executor=cpu_executor)


def arrival(case_id: CaseId, *, kind: ItemKind = ItemKind.PHOTO, media_type: str = "image/jpeg") -> Arrival:
    context = ItemContext(participant_id=UUID(int=7))
    return Arrival(case_id=case_id, kind=kind, filename="gate.jpg", media_type=media_type, context=context)


async def begun(database: Database, case_id: CaseId, *, bytes_total: int = 100) -> Upload:
    async with database.write() as tx:
        return await begin_upload(tx, arrival(case_id), bytes_total=bytes_total)


async def test_an_upload_goes_on_where_it_was(staging: Staging) -> None:
    upload_id = UploadId(uuid4())
    assert await staging.offset(upload_id) == 0
    assert await staging.append_chunk(upload_id, b"abc", offset=0, bytes_total=6) == 3
    assert await staging.offset(upload_id) == 3
    for offset in (0, 2, 4):
        with pytest.raises(OffsetConflict) as refusal:
            await staging.append_chunk(upload_id, b"def", offset=offset, bytes_total=6)
        assert refusal.value.fields == {"expected": 3, "offered": offset}
    assert await staging.append_chunk(upload_id, b"def", offset=3, bytes_total=6) == 6
    assert staging.path(upload_id).read_bytes() == b"abcdef"
    assert staging.path(upload_id).stat().st_mode & 0o777 == 0o600
    await staging.discard(upload_id)
    await staging.discard(upload_id)
    assert await staging.offset(upload_id) == 0


async def test_more_bytes_than_announced_are_refused(staging: Staging) -> None:
    upload_id = UploadId(uuid4())
    await staging.append_chunk(upload_id, b"abc", offset=0, bytes_total=5)
    with pytest.raises(FileTooLarge):
        await staging.append_chunk(upload_id, b"def", offset=3, bytes_total=5)
    assert await staging.offset(upload_id) == 3


async def test_two_writers_at_once_are_refused(staging: Staging) -> None:
    upload_id = UploadId(uuid4())
    await staging.append_chunk(upload_id, b"abc", offset=0, bytes_total=6)
    with staging.path(upload_id).open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(UploadBusy):
            await staging.append_chunk(upload_id, b"def", offset=3, bytes_total=6)
    assert await staging.append_chunk(upload_id, b"def", offset=3, bytes_total=6) == 6


async def test_what_arrived_before_the_line_broke_is_kept(staging: Staging) -> None:
    upload_id, body = UploadId(uuid4()), os.urandom(9_000_000)

    async def broken() -> AsyncIterator[bytes]:
        for at in range(0, 7_000_000, 100_000):
            yield body[at : at + 100_000]
        raise ConnectionResetError

    async def rest() -> AsyncIterator[bytes]:
        yield body[7_000_000:]

    with pytest.raises(ConnectionResetError):
        await staging.append_stream(upload_id, broken(), offset=0, bytes_total=len(body))
    assert await staging.offset(upload_id) == 7_000_000
    assert await staging.append_stream(upload_id, rest(), offset=7_000_000, bytes_total=len(body)) == len(body)
    assert staging.path(upload_id).read_bytes() == body


async def test_an_acknowledged_offset_survives_kill_9(staging: Staging, tmp_path: Path) -> None:
    upload_id = UploadId(uuid4())
    command = [sys.executable, "-c", WRITER, str(staging.folder), str(upload_id)]
    root = str(Path(__file__).parents[2])
    child = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": root}, cwd=tmp_path
    )
    assert child.stdout is not None
    for _ in range(20):
        acknowledged = int(await child.stdout.readline())
    child.send_signal(signal.SIGKILL)
    await child.wait()
    present = await staging.offset(upload_id)
    assert present >= acknowledged
    content = staging.path(upload_id).read_bytes()[:acknowledged]
    assert content == b"".join(bytes([number % 251]) * 65536 for number in range(acknowledged // 65536))
    assert await staging.append_chunk(upload_id, b"next", offset=present, bytes_total=1 << 40) == present + 4


async def test_the_sweep_removes_what_nobody_touched_for_long(staging: Staging) -> None:
    old, new = UploadId(uuid4()), UploadId(uuid4())
    for upload_id in (old, new):
        await staging.append_chunk(upload_id, b"abc", offset=0, bytes_total=3)
    past = datetime(2026, 1, 1, tzinfo=UTC)
    os.utime(staging.path(old), (past.timestamp(), past.timestamp()))
    assert await staging.sweep(before=past + timedelta(days=1)) == 1
    assert (staging.path(old).exists(), staging.path(new).exists()) == (False, True)


async def test_an_upload_is_known_and_not_yet_evidence(database: Database, case_id: CaseId) -> None:
    upload = await begun(database, case_id)
    async with database.read() as tx:
        assert await store.get_upload(tx, upload.id) == upload
        with pytest.raises(UploadNotFound):
            await store.get_upload(tx, UploadId(uuid7()))
    assert upload.state is UploadState.RECEIVING
    assert upload.expires_at - upload.created_at == timedelta(days=3)
    assert await stated_entries(database, case_id) == []


async def test_what_can_never_be_taken_is_refused_before_a_byte_is_sent(sqlite: Database) -> None:
    case_id = CaseId(uuid7())
    async with sqlite.write() as tx:
        with pytest.raises(FileTooLarge):
            await begin_upload(tx, arrival(case_id), bytes_total=50 * 1024 * 1024 + 1)
        with pytest.raises(TypeNotAllowed):
            await begin_upload(tx, arrival(case_id, media_type="text/html"), bytes_total=10)
        for _ in range(100):
            await begin_upload(tx, arrival(case_id), bytes_total=10)
        with pytest.raises(TooManyUploads):
            await begin_upload(tx, arrival(case_id), bytes_total=10)


async def test_a_cancelled_upload_is_gone(database: Database, case_id: CaseId) -> None:
    upload = await begun(database, case_id)
    async with database.write() as tx:
        await cancel_upload(tx, upload.id)
    async with database.write() as tx:
        with pytest.raises(UploadNotFound):
            await cancel_upload(tx, upload.id)


async def test_only_unfinished_uploads_expire(database: Database, case_id: CaseId) -> None:
    waiting, done = await begun(database, case_id), await begun(database, case_id)
    async with database.write() as tx:
        await store.set_upload_finished(tx, done.id, state=UploadState.QUARANTINED, refusal="type_mismatch")
    async with database.write() as tx:
        assert await store.expire_uploads(tx, now=waiting.expires_at - timedelta(seconds=1), limit=10) == ()
        assert await store.expire_uploads(tx, now=done.expires_at, limit=10) == (waiting.id,)
    async with database.read() as tx:
        with pytest.raises(UploadNotFound):
            await store.get_upload(tx, waiting.id)
        assert (await store.get_upload(tx, done.id)).refusal == "type_mismatch"


async def test_an_upload_whose_time_is_over_is_gone_before_anybody_tidies(sqlite_database_url: str) -> None:
    now = [datetime(2026, 11, 24, 15, 0, tzinfo=UTC)]
    database = Database(sqlite_database_url, lambda: now[0])
    upload = await begun(database, await opened_case(database))
    for later, is_there in ((timedelta(days=2), True), (timedelta(days=3), False)):
        now[0] = upload.created_at + later
        async with database.read() as tx:
            if is_there:
                assert await store.get_upload(tx, upload.id) == upload
                continue
            with pytest.raises(UploadNotFound):
                await store.get_upload(tx, upload.id)
    await database.close()


async def finish(tx: Transaction, upload: Upload) -> bool:
    try:
        await store.set_upload_finished(tx, upload.id, state=UploadState.QUARANTINED)
    except UploadFinished:
        return False
    return True


async def test_of_racing_requests_one_finishes_the_upload(database: Database, case_id: CaseId) -> None:
    upload = await begun(database, case_id)

    async def attempt() -> bool:
        async with database.write() as tx:
            return await finish(tx, upload)

    outcomes = await asyncio.gather(*(attempt() for _ in range(6)))
    assert sorted(outcomes) == [False] * 5 + [True]
