"""Putting closed segments into the object store and then reporting them. A store that is down delays, nothing else."""

import asyncio
from collections import deque
from concurrent.futures import Executor

import structlog

from evidence.errors import EvidenceError
from evidence.ids import SegmentId
from evidence.objects.errors import StoreUnavailable
from evidence.objects.keys import object_key
from evidence.objects.port import ObjectStore
from server.media.reports import ReportLog, SegmentClosed
from server.media.spool import SegmentNote, SegmentState, Spool

LOG = structlog.get_logger(__name__)
RETRY_FIRST_S = 0.5
RETRY_MOST_S = 15.0


class Filer:
    """Files segments one after the other, in the order they were closed.

    The queue is the spool on disk, so what is in memory is bounded by it and a restart finds it again. A segment is
    reported only after the store took it or refused it for good; the same report id makes a second report harmless.
    """

    def __init__(self, spool: Spool, objects: ObjectStore, reports: ReportLog, *, executor: Executor) -> None:
        self._spool = spool
        self._objects = objects
        self._reports = reports
        self._executor = executor
        self._waiting: deque[SegmentNote] = deque()
        self._filled = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, note: SegmentNote) -> None:
        """File a closed segment as soon as the store takes it."""
        self._waiting.append(note)
        self._empty.clear()
        self._filled.set()

    async def run(self) -> None:
        """File until cancelled."""
        wait_s = RETRY_FIRST_S
        while True:
            await self._filled.wait()
            try:
                await self._file(self._waiting[0])
            except StoreUnavailable as error:
                LOG.warning("store unavailable", waiting=len(self._waiting), retry_s=wait_s, **error.fields)
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, RETRY_MOST_S)
                continue
            wait_s = RETRY_FIRST_S
            self._waiting.popleft()
            if not self._waiting:
                self._filled.clear()
                self._empty.set()

    async def drain(self) -> None:
        """Wait until nothing waits for the store."""
        await self._empty.wait()

    async def _file(self, note: SegmentNote) -> None:
        closed = note.closed
        if closed is None:
            raise ValueError("an open segment cannot be filed")
        state = SegmentState.REPORTED if await self._put(closed) else SegmentState.REFUSED
        # A refused one is reported too: the worker does not find its bytes and states the gap, and nobody waits for it.
        await self._reports.post(closed)
        done = note.model_copy(update={"state": state})
        await asyncio.get_running_loop().run_in_executor(self._executor, self._spool.save, done)

    async def refile(self, segment_id: SegmentId) -> bool:
        """Put a reported segment into the store again, because it is not there.

        Returns: False when its bytes are not here any more, or are not those that were hashed.
        Raises: StoreUnavailable.
        """
        note = await asyncio.get_running_loop().run_in_executor(self._executor, self._spool.find, segment_id)
        return note is not None and note.closed is not None and await self._put(note.closed)

    async def _put(self, closed: SegmentClosed) -> bool:
        """Put the segment's bytes into the store; returns False when they are not the bytes that were hashed."""
        key = object_key(closed.case_id, closed.digest)
        path = self._spool.path(closed)
        try:
            await self._objects.put_file(key, path, digest=closed.digest, media_type=closed.media_type)
        except StoreUnavailable:
            raise
        except (EvidenceError, FileNotFoundError):
            LOG.exception("segment refused by the store", segment_id=str(closed.segment_id))
            return False
        except OSError as error:
            # The local store's disk is full or gone; a folder has no other words for it.
            raise StoreUnavailable(reason=str(error)) from error
        return True
