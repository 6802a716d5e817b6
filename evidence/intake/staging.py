"""Where the bytes of an upload wait until they are whole. The file's length is its offset, whatever crashed."""

import asyncio
import fcntl
import hashlib
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar
from uuid import uuid4

from evidence.ids import UploadId
from evidence.intake.errors import ChecksumMismatch, FileTooLarge, OffsetConflict, UploadBusy
from evidence.objects.folders import sync_folder

Found = TypeVar("Found")
WRITE_BYTES = 4 * 1024 * 1024
"""Bytes gathered for one write and sync."""
_SUFFIX = ".part"


class Checksum(NamedTuple):
    """What a sender says the digest of one request's bytes is."""

    algorithm: Literal["sha1", "sha256"]
    digest: bytes


class Staging:
    """A folder of growing files, one an upload, for any number of processes on this machine."""

    def __init__(self, folder: Path, *, executor: Executor) -> None:
        """Take the folder (made at the first write, mode 0700) and the bounded executor for file work."""
        self.folder = folder
        self._executor = executor

    def path(self, upload_id: UploadId) -> Path:
        """Return where the upload's bytes are."""
        return self.folder / f"{upload_id}{_SUFFIX}"

    async def offset(self, upload_id: UploadId) -> int:
        """Return how many bytes of the upload have arrived."""
        return await self._run(partial(_length, self.path(upload_id)))

    async def append_chunk(self, upload_id: UploadId, chunk: bytes, *, offset: int, bytes_total: int) -> int:
        """Add bytes to the upload; they survive a crash once this returns.

        Args:
            upload_id: the upload.
            chunk: the bytes, best up to 4 MiB.
            offset: where they begin; must be where the received ones end.
            bytes_total: length of the whole upload.

        Returns: the new offset.
        Raises: OffsetConflict, FileTooLarge (nothing is written), UploadBusy.
        """
        append = partial(_append, self.path(upload_id), chunk, upload_id, offset=offset, bytes_total=bytes_total)
        return await self._run(append)

    async def append_stream(
        self, upload_id: UploadId, chunks: AsyncIterator[bytes], *, offset: int, bytes_total: int
    ) -> int:
        """Add everything that `chunks` gives, 4 MiB a write, and return the new offset.

        What arrived before `chunks` raises is kept, because the sender will go on from there.

        Raises: as `append_chunk`, and whatever `chunks` raises.
        """
        gathered = bytearray()
        try:
            async for chunk in chunks:
                gathered += chunk
                if len(gathered) >= WRITE_BYTES:
                    whole, gathered = bytes(gathered), bytearray()
                    offset = await self.append_chunk(upload_id, whole, offset=offset, bytes_total=bytes_total)
        finally:
            if gathered:
                offset = await self.append_chunk(upload_id, bytes(gathered), offset=offset, bytes_total=bytes_total)
        return offset

    async def append_checked(
        self, upload_id: UploadId, chunks: AsyncIterator[bytes], *, offset: int, bytes_total: int, checksum: Checksum
    ) -> int:
        """Do as `append_stream`, but add everything that `chunks` gives or, when its checksum is another one, nothing.

        Raises: as `append_stream`; ChecksumMismatch.
        """
        present = await self.offset(upload_id)
        if offset != present:
            raise OffsetConflict(expected=present, offered=offset)
        apart, seen = UploadId(uuid4()), hashlib.new(checksum.algorithm, usedforsecurity=False)

        async def hashed() -> AsyncIterator[bytes]:
            async for chunk in chunks:
                await self._run(partial(seen.update, chunk))
                yield chunk

        try:
            length = await self.append_stream(apart, hashed(), offset=0, bytes_total=bytes_total - offset)
            if seen.digest() != checksum.digest:
                raise ChecksumMismatch(algorithm=checksum.algorithm)
            for at in range(0, length, WRITE_BYTES):
                piece = await self._run(partial(_piece, self.path(apart), at))
                offset = await self.append_chunk(upload_id, piece, offset=offset, bytes_total=bytes_total)
        finally:
            await self.discard(apart)
        return offset

    async def write_whole(self, upload_id: UploadId, body: bytes) -> Path:
        """Write a file that the server made itself, such as a decoded still, and return where it is."""
        await self.append_chunk(upload_id, body, offset=0, bytes_total=len(body))
        return self.path(upload_id)

    async def discard(self, upload_id: UploadId) -> None:
        """Remove the upload's bytes; none is no error."""
        await self._run(partial(self.path(upload_id).unlink, missing_ok=True))

    async def sweep(self, *, before: datetime) -> int:
        """Remove every file last written before `before` and return their number: what crashes left behind."""
        return await self._run(partial(self._sweep, before.timestamp()))

    def _sweep(self, before_s: float) -> int:
        old = [path for path in self.folder.glob(f"*{_SUFFIX}") if path.stat().st_mtime < before_s]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    async def _run(self, call: Callable[[], Found]) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)


def _piece(path: Path, at: int) -> bytes:
    with path.open("rb") as file:
        file.seek(at)
        return file.read(WRITE_BYTES)


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _append(path: Path, chunk: bytes, upload_id: UploadId, *, offset: int, bytes_total: int) -> int:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "ab", buffering=0) as file:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UploadBusy(upload_id=str(upload_id)) from None
        present = os.fstat(descriptor).st_size
        if offset != present:
            raise OffsetConflict(expected=present, offered=offset)
        if present + len(chunk) > bytes_total:
            raise FileTooLarge(limit_bytes=bytes_total)
        rest = memoryview(chunk)
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(descriptor)
    if offset == 0:
        sync_folder(path.parent)
    return present + len(chunk)
