"""The embedded store: one folder, one file an object, on the machine itself. Here write-once is policy, not a lock."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TypeVar
from uuid import uuid4

from evidence.ids import Digest, ObjectKey
from evidence.objects.errors import DigestMismatch, ObjectConflict, ObjectMissing
from evidence.objects.folders import TEMPORARY, make_folders, sync_folder
from evidence.objects.keys import digest_of, is_safe
from evidence.objects.port import CHUNK_BYTES, ObjectHead, Put

Found = TypeVar("Found")


class LocalStore:
    """An `ObjectStore` in a folder.

    A put writes a temporary file beside the final name, syncs it and links it under the name, which fails when the
    name exists: the same if-absent that S3 gives. A crash leaves at most a temporary file that no listing shows.
    """

    def __init__(self, root: Path, *, executor: Executor) -> None:
        """Take the folder (made at the first put, mode 0700) and the bounded executor for all file work."""
        self.root = root
        self.executor = executor

    async def put_file(self, key: ObjectKey, path: Path, *, digest: Digest, media_type: str) -> Put:  # noqa: ARG002  (a folder has no media types)
        """Store the file's bytes as `ObjectStore.put_file` says."""
        return await self._run(partial(self._put_path, key, path, digest))

    async def put_unchecked(self, key: ObjectKey, body: bytes, *, declared: Digest) -> Put:
        """Put as `ProvableStore.put_unchecked` says; this store has no second check to get past."""
        return await self._run(partial(self._put, key, BytesIO(body), len(body), declared))

    async def clear_unfinished(self, before: datetime) -> int:
        """Remove the copies that crashed puts left, as `ObjectStore.clear_unfinished` says; each is begun anew."""
        return await self._run(partial(self._clear, before.timestamp()))

    async def open_range(self, key: ObjectKey, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Iterate over the bytes as `ObjectStore.open_range` says."""
        descriptor = await self._run(partial(self._open, key))
        try:
            while end is None or start < end:
                wanted = CHUNK_BYTES if end is None else min(CHUNK_BYTES, end - start)
                chunk = await self._run(partial(os.pread, descriptor, wanted, start))
                if not chunk:
                    return
                start += len(chunk)
                yield chunk
        finally:
            os.close(descriptor)

    async def head(self, key: ObjectKey) -> ObjectHead:
        """Return length and the digest the key promises; a folder keeps no other."""
        return await self._run(partial(self._head, key))

    async def list_keys(self, prefix: str) -> AsyncIterator[ObjectKey]:
        """Iterate over the keys as `ObjectStore.list_keys` says, one folder at a time."""
        waiting = [prefix.rstrip("/")]
        while waiting:
            folder = waiting.pop()
            folders, keys = await self._run(partial(self._scan, folder))
            waiting.extend(reversed(folders))
            for key in keys:
                yield key

    async def _run(self, call: Callable[[], Found]) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self.executor, call)

    def _path(self, key: str) -> Path:
        if not is_safe(key):
            raise ObjectMissing(key=key)
        return self.root / key

    def _put_path(self, key: ObjectKey, path: Path, digest: Digest) -> Put:
        with path.open("rb") as source:
            return self._put(key, source, os.fstat(source.fileno()).st_size, digest)

    def _put(self, key: ObjectKey, source: BinaryIO, size: int, digest: Digest) -> Put:
        target = self._path(key)
        if target.exists():
            return _already_there(key, target, size)
        make_folders(target.parent)
        temporary = target.with_name(f"{TEMPORARY}{uuid4().hex}")
        try:
            _copy_checked(source, temporary, digest)
            os.link(temporary, target)
        except FileExistsError:
            return _already_there(key, target, size)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(target.parent)
        return Put.CREATED

    def _clear(self, before: float) -> int:
        found = [path for path in self.root.rglob(f"{TEMPORARY}*") if path.is_file() and path.stat().st_mtime < before]
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)

    def _open(self, key: ObjectKey) -> int:
        try:
            return os.open(self._path(key), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            raise ObjectMissing(key=key) from None

    def _head(self, key: ObjectKey) -> ObjectHead:
        try:
            size = self._path(key).lstat().st_size
        except FileNotFoundError:
            raise ObjectMissing(key=key) from None
        return ObjectHead(bytes=size, digest=digest_of(key))

    def _scan(self, folder: str) -> tuple[list[str], list[ObjectKey]]:
        try:
            found = sorted(os.scandir(self._path(folder)), key=lambda entry: entry.name)
        except FileNotFoundError:
            return [], []
        named = [entry for entry in found if not entry.name.startswith(TEMPORARY)]
        folders = [f"{folder}/{entry.name}" for entry in named if entry.is_dir(follow_symlinks=False)]
        return folders, [ObjectKey(f"{folder}/{entry.name}") for entry in named if entry.is_file(follow_symlinks=False)]


def _already_there(key: ObjectKey, target: Path, offered_bytes: int) -> Put:
    stored_bytes = target.lstat().st_size
    if stored_bytes != offered_bytes:
        raise ObjectConflict(key=key, stored_bytes=stored_bytes, offered_bytes=offered_bytes)
    return Put.ALREADY_THERE


def _copy_checked(source: BinaryIO, temporary: Path, digest: Digest) -> None:
    seen = hashlib.sha256()
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o400)
    with os.fdopen(descriptor, "wb", buffering=0) as writing:
        while chunk := source.read(CHUNK_BYTES):
            seen.update(chunk)
            writing.write(chunk)
        if seen.hexdigest() != digest:
            raise DigestMismatch(expected=digest, actual=seen.hexdigest())
        os.fsync(writing.fileno())
