"""A bag as a folder or as a zip that is never on disk as a whole: both take one piece at a time."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import Self

from zipstream import ZIP_STORED, ZipStream

from evidence.export.bag import Bag, BagFile


async def write_folder(bag: Bag, folder: Path, *, cpu: Executor) -> None:
    """Write a bag into a new folder.

    Raises: FileExistsError when the folder is there; what `Bag.files` raises, and then a part of it is left behind.
    """
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(cpu, folder.mkdir)
    async for file in bag.files():
        path = folder / file.name
        await loop.run_in_executor(cpu, lambda parent: parent.mkdir(parents=True, exist_ok=True), path.parent)
        with await loop.run_in_executor(cpu, path.open, "xb") as opened:
            async for piece in file.pieces:
                await loop.run_in_executor(cpu, opened.write, piece)


async def stream_zip(bag: Bag, name: str, *, cpu: Executor) -> AsyncIterator[bytes]:
    """Iterate over the bytes of a zip with the bag in a folder called `name`.

    Files are stored, not deflated: pictures and recordings do not get smaller, and a reader can seek in them.

    Raises: what `Bag.files` raises; the zip is then without its end, and no reader takes it for a whole one.
    """
    archive = ZipStream(compress_type=ZIP_STORED)
    loop = asyncio.get_running_loop()
    async for file in bag.files():
        async for piece in _zipped(archive, f"{name}/{file.name}", file, cpu=cpu):
            yield piece
    end = archive.footer()
    while piece := await loop.run_in_executor(cpu, next, end, b""):
        yield piece


class _Feed:
    # The archive pulls from an iterator and cannot await; so it is always asked for one piece that is there already.
    def __init__(self) -> None:
        self.pieces: deque[bytes] = deque()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if not self.pieces:
            raise StopIteration
        return self.pieces.popleft()


async def _zipped(archive: ZipStream, path: str, file: BagFile, *, cpu: Executor) -> AsyncIterator[bytes]:
    loop, feed = asyncio.get_running_loop(), _Feed()
    archive.add(feed, path)
    made: Iterator[bytes] = archive.file()
    async for piece in file.pieces:
        feed.pieces.append(piece)
        while feed.pieces:
            yield await loop.run_in_executor(cpu, next, made)
    while rest := await loop.run_in_executor(cpu, next, made, b""):
        yield rest
