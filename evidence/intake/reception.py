"""Receiving a whole file: hash it, find out what it is, decode it, and put it into the store. No transaction here."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, TypeVar
from uuid import uuid4

from evidence.errors import EvidenceError
from evidence.ids import CaseId, Digest, ObjectKey, UploadId
from evidence.intake.errors import FileNotAccepted, TypeMismatch, TypeNotAllowed, UnreadableFile
from evidence.intake.imaging import Checked, Imaging
from evidence.intake.rules import ARCHIVE, Accepted, Arrival, Fault, Refused, check_found, check_size
from evidence.intake.scanning import NEVER_SCANNED, Scan, Scanner, Verdict
from evidence.intake.sniff import HEAD_BYTES, sniff
from evidence.intake.staging import Staging
from evidence.items.rules import MediaType
from evidence.objects.encryption import (
    KeyedStore,
    WrappedKey,
    encrypt_file,
    new_key,
    plain_length,
    wrap_key,
)
from evidence.objects.errors import DigestMismatch
from evidence.objects.keys import object_key, quarantine_key
from evidence.objects.port import CHUNK_BYTES, ObjectStore

Found = TypeVar("Found")
NO_KEYS: Final[Mapping[ObjectKey, bytes]] = MappingProxyType({})
_UNKNOWN: Final = "application/octet-stream"


@dataclass(frozen=True)
class Intake:
    """The parts that receiving needs; made once a process by its composition root."""

    objects: ObjectStore
    staging: Staging
    imaging: Imaging
    cpu: Executor
    """Bounded executor for hashing and encryption."""
    clock: Callable[[], datetime]
    """The time that transactions have too."""
    wrapping: bytes
    """The deployment's key (32 bytes) that wraps the keys of items which have one of their own."""
    scanner: Scanner | None = None
    """None where no malware scanner is set; every file is then 'not scanned'."""

    async def scan(self, path: Path) -> Scan:
        """Have a file scanned; raises nothing about the scanner."""
        return NEVER_SCANNED if self.scanner is None else await self.scanner.scan(path)


@dataclass(frozen=True)
class Stored:
    """Bytes of our own making that are in the store; an entry may now state them."""

    digest: Digest
    bytes: int
    object_key: ObjectKey
    media_type: str
    stored_at: datetime
    """When the store was asked to take them."""


class Placed(NamedTuple):
    """Where a file went, when the store was asked to take it, and its own wrapped key when it has one."""

    object_key: ObjectKey
    stored_at: datetime
    own_key: WrappedKey | None


@dataclass(frozen=True)
class Scanned:
    """What one pass over a file's bytes gave."""

    digest: Digest
    length: int
    head: bytes


async def receive(intake: Intake, path: Path, arrival: Arrival) -> Accepted | Refused:
    """Check a whole file and put its bytes into the store, good ones under the content key, others apart.

    The transaction comes after it: `locker.admit` or `locker.quarantine`. Repeating it after a crash is harmless.

    Args:
        intake: the parts.
        path: the file; it is left alone.
        arrival: what its sender says of it.

    Raises: FileTooLarge (nothing is kept), StoreUnavailable, ObjectConflict.
    """
    # All of this looks at the file as it came; only what goes into the store is encrypted.
    scanned = await _in_executor(intake.cpu, partial(scan_file, path))
    check_size(arrival.kind, scanned.length)
    scan = await intake.scan(path)
    try:
        _refuse_infected(scan)
        media_type, opened = await _examine(intake, path, arrival, scanned)
    except (DigestMismatch, FileNotAccepted, TypeMismatch, TypeNotAllowed, UnreadableFile) as refusal:
        return replace(await _put_apart(intake, path, arrival, scanned, refusal), scan=scan)
    placed = await _place(intake, path, arrival, scanned.digest, media_type)
    return Accepted(
        arrival=arrival,
        digest=scanned.digest,
        bytes=scanned.length,
        media_type=media_type,
        object_key=placed.object_key,
        claims=opened.claims.model_copy(update={"captured_at_device": arrival.captured_at_device}),
        facts=opened.facts,
        stored_at=placed.stored_at,
        own_key=placed.own_key,
        scan=scan,
    )


async def verify_read_back(objects: ObjectStore, key: ObjectKey, digest: Digest, *, cpu: Executor) -> int:
    """Read an object whole and return its length when its bytes have the digest.

    Raises: DigestMismatch, ObjectMissing, StoreUnavailable.
    """
    seen, length = hashlib.sha256(), 0
    async for chunk in objects.open_range(key):
        await _in_executor(cpu, partial(seen.update, chunk))
        length += len(chunk)
    if seen.hexdigest() != digest:
        raise DigestMismatch(expected=digest, actual=seen.hexdigest())
    return length


@asynccontextmanager
async def fetched(
    intake: Intake, key: ObjectKey, digest: Digest, *, keys: Mapping[ObjectKey, bytes] = NO_KEYS
) -> AsyncIterator[Path]:
    """Copy an object into a file that is there until the block ends; for decoders and muxers, which need one.

    Args:
        intake: the parts.
        key: of the object.
        digest: of the bytes, before they were encrypted when they are.
        keys: of objects that are encrypted with a key of their own.

    Raises: DigestMismatch, ObjectMissing, StoreUnavailable.
    """
    copy = UploadId(uuid4())
    stored_bytes = (await intake.objects.head(key)).bytes
    length = plain_length(stored_bytes) if key in keys else stored_bytes
    path = intake.staging.path(copy)
    opened = KeyedStore(intake.objects, keys, cpu=intake.cpu)
    try:
        await intake.staging.append_stream(copy, opened.open_range(key), offset=0, bytes_total=length)
        scanned = await _in_executor(intake.cpu, partial(scan_file, path))
        if scanned.digest != digest:
            raise DigestMismatch(expected=digest, actual=scanned.digest)
        yield path
    finally:
        await intake.staging.discard(copy)


async def store_file(
    intake: Intake, path: Path, *, case_id: CaseId, media_type: str, own_key: bytes | None = None
) -> Stored:
    """Put a file that we made ourselves into the store under its content key, encrypted when a key is given.

    Raises: StoreUnavailable, ObjectConflict.
    """
    scanned, stored_at = await _in_executor(intake.cpu, partial(scan_file, path)), intake.clock()
    if own_key is None:
        key = object_key(case_id, scanned.digest)
        await intake.objects.put_file(key, path, digest=scanned.digest, media_type=media_type)
    else:
        async with _encrypted(intake, path, own_key) as (coded, digest):
            key = object_key(case_id, digest)
            await intake.objects.put_file(key, coded, digest=digest, media_type=_UNKNOWN)
    return Stored(scanned.digest, scanned.length, key, media_type, stored_at)


async def store_bytes(
    intake: Intake, body: bytes, *, case_id: CaseId, media_type: str, own_key: bytes | None = None
) -> Stored:
    """Do as `store_file` with bytes that fit into memory."""
    scratch = UploadId(uuid4())
    try:
        path = await intake.staging.write_whole(scratch, body)
        return await store_file(intake, path, case_id=case_id, media_type=media_type, own_key=own_key)
    finally:
        await intake.staging.discard(scratch)


def scan_file(path: Path) -> Scanned:
    """Read a file once and return digest, length and its first bytes. Runs in an executor."""
    seen, length, head = hashlib.sha256(), 0, b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            head = head or chunk[:HEAD_BYTES]
            seen.update(chunk)
            length += len(chunk)
    return Scanned(Digest(seen.hexdigest()), length, head)


def _refuse_infected(scan: Scan) -> None:
    if scan.verdict is Verdict.INFECTED:
        raise FileNotAccepted


async def _examine(intake: Intake, path: Path, arrival: Arrival, scanned: Scanned) -> tuple[MediaType, Checked]:
    if arrival.digest is not None and arrival.digest != scanned.digest:
        raise DigestMismatch(expected=arrival.digest, actual=scanned.digest)
    found = sniff(scanned.head)
    if found == ARCHIVE:
        return await _open_archive(intake, path, arrival)
    media_type = check_found(arrival.kind, declared=arrival.media_type, found=found)
    return media_type, await intake.imaging.check(path, media_type)


async def _open_archive(intake: Intake, path: Path, arrival: Arrival) -> tuple[MediaType, Checked]:
    """Open an archive to see which office document it is; another one is a type like any that is not taken."""
    try:
        opened = await intake.imaging.check(path, ARCHIVE)
    except UnreadableFile as refusal:
        if refusal.fields["reason"] == Fault.NOT_OFFICE:
            check_found(arrival.kind, declared=arrival.media_type, found=ARCHIVE)
        raise
    return check_found(arrival.kind, declared=arrival.media_type, found=opened.media_type), opened


async def _put_apart(intake: Intake, path: Path, arrival: Arrival, scanned: Scanned, refusal: EvidenceError) -> Refused:
    placed = await _place(intake, path, arrival, scanned.digest, None)
    return Refused(
        arrival, scanned.digest, scanned.length, placed.object_key, refusal, placed.stored_at, placed.own_key
    )


async def _place(intake: Intake, path: Path, arrival: Arrival, digest: Digest, media_type: str | None) -> Placed:
    """Put a file into the store, apart when it has no type; encrypted when its class has keys of its own."""
    make_key = quarantine_key if media_type is None else object_key
    stored_at = intake.clock()
    if not arrival.context.retention_class.own_key:
        key = make_key(arrival.case_id, digest)
        await intake.objects.put_file(key, path, digest=digest, media_type=media_type or _UNKNOWN)
        return Placed(key, stored_at, None)
    own_key = new_key()
    async with _encrypted(intake, path, own_key) as (coded, coded_digest):
        key = make_key(arrival.case_id, coded_digest)
        await intake.objects.put_file(key, coded, digest=coded_digest, media_type=_UNKNOWN)
    return Placed(key, stored_at, wrap_key(intake.wrapping, own_key, of=key))


@asynccontextmanager
async def _encrypted(intake: Intake, path: Path, own_key: bytes) -> AsyncIterator[tuple[Path, Digest]]:
    scratch = UploadId(uuid4())
    coded = intake.staging.path(scratch)
    try:
        yield coded, await _in_executor(intake.cpu, partial(encrypt_file, path, coded, own_key))
    finally:
        await intake.staging.discard(scratch)


async def _in_executor(executor: Executor, call: Callable[[], Found]) -> Found:
    return await asyncio.get_running_loop().run_in_executor(executor, call)
