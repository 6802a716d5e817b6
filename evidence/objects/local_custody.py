"""The lock of the embedded store: a date and a hold in a file beside the objects, kept by this module and nobody else.

It is a policy of this program. Whoever owns the disk can delete the files, and the probe says so.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from evidence.ids import ObjectKey
from evidence.objects.errors import ObjectLocked, ObjectMissing
from evidence.objects.folders import TEMPORARY, make_folders, sync_folder
from evidence.objects.keys import is_safe
from evidence.objects.port import Keeping
from evidence.objects.probe import Durability, LockProof
from evidence.records import Instant, Record

Found = TypeVar("Found")
LOCKS = "locks"
"""Folder of the locks in the store's folder, by the object's key; no key of an object begins with it."""
_ONLY_VERSION = "1"
_IN_MEMORY = frozenset({"tmpfs", "ramfs"})


class _Lock(Record):
    retain_until: Instant | None = None
    held: bool = False

    def refuses(self, now: datetime) -> bool:
        return self.held or (self.retain_until is not None and now < self.retain_until)


class LocalCustody:
    """A `CustodyStore` in the folder of a `LocalStore`."""

    def __init__(self, root: Path, *, executor: Executor, clock: Callable[[], datetime]) -> None:
        """Take the store's folder, the bounded executor for file work, and the clock that retention ends by."""
        self._root = root
        self._executor = executor
        self._clock = clock

    async def keeping(self, key: ObjectKey) -> Keeping:
        """Read back what an object is kept by, as `CustodyStore.keeping` says."""
        lock = await self._run(partial(self._read, key))
        return Keeping(versions=(_ONLY_VERSION,), retain_until=lock.retain_until, held=lock.held)

    async def retain(self, key: ObjectKey, until: datetime) -> None:
        """Keep an object as `CustodyStore.retain` says."""
        await self._run(partial(self._retain, key, until))

    async def set_hold(self, key: ObjectKey, *, on: bool) -> None:
        """Hold an object, or lift it, as `CustodyStore.set_hold` says."""
        await self._run(partial(self._set_hold, key, on=on))

    async def erase(self, key: ObjectKey) -> int:
        """Erase an object as `CustodyStore.erase` says."""
        return await self._run(partial(self._erase, key))

    async def prove_retention(self, key: ObjectKey, body: bytes, *, until: datetime) -> LockProof:  # noqa: ARG002  (as the protocol)
        """Say that a folder offers no lock: whoever owns the files can delete them."""
        return LockProof.NOT_OFFERED

    async def prove_hold(self, key: ObjectKey, body: bytes) -> LockProof:  # noqa: ARG002  (as the protocol)
        """Say that a folder offers no lock: whoever owns the files can delete them."""
        return LockProof.NOT_OFFERED

    async def product(self) -> str:
        """Return where the objects are."""
        return f"folder {self._root}"

    async def durability(self) -> Durability:
        """Say whether the folder is on a disk; each file and folder is synced before a put is acknowledged."""
        return await self._run(self._durability)

    async def _run(self, call: Callable[[], Found]) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)

    def _object(self, key: ObjectKey) -> Path:
        if not is_safe(key):
            raise ObjectMissing(key=key)
        return self._root / key

    def _lock(self, key: ObjectKey) -> Path:
        return self._root / LOCKS / key

    def _read(self, key: ObjectKey) -> _Lock:
        if not self._object(key).is_file():
            raise ObjectMissing(key=key)
        try:
            return _Lock.model_validate_json(self._lock(key).read_bytes())
        except FileNotFoundError:
            return _Lock()

    def _retain(self, key: ObjectKey, until: datetime) -> None:
        lock = self._read(key)
        if lock.retain_until is None or lock.retain_until < until:
            self._write(key, _Lock(retain_until=until.astimezone(UTC), held=lock.held))

    def _set_hold(self, key: ObjectKey, *, on: bool) -> None:
        lock = self._read(key)
        if lock.held is not on:
            self._write(key, _Lock(retain_until=lock.retain_until, held=on))

    def _write(self, key: ObjectKey, lock: _Lock) -> None:
        target = self._lock(key)
        make_folders(target.parent)
        draft = target.with_name(f"{TEMPORARY}{uuid4().hex}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w") as file:
            file.write(lock.model_dump_json())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
        sync_folder(target.parent)

    def _erase(self, key: ObjectKey) -> int:
        try:
            lock = self._read(key)
        except ObjectMissing:
            self._lock(key).unlink(missing_ok=True)
            return 0
        if lock.refuses(self._clock()):
            until = "" if lock.retain_until is None else lock.retain_until.isoformat()
            raise ObjectLocked(key=key, retain_until=until, held=int(lock.held))
        path = self._object(key)
        path.unlink()
        sync_folder(path.parent)
        self._lock(key).unlink(missing_ok=True)
        return 1

    def _durability(self) -> Durability:
        make_folders(self._root)
        device = self._root.stat().st_dev
        mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
        mine = f"{os.major(device)}:{os.minor(device)}"
        kinds = {mount[mount.index("-") + 1] for mount in mounts if mount[2] == mine}
        return Durability.IN_MEMORY if kinds & _IN_MEMORY else Durability.SYNCED
