"""A bounded pool of decoding children, the only road to Pillow, PDFium, FFmpeg and archives.

A hostile file costs one child at most.
"""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import Field

from evidence.intake.decoding.jobs import Job, Task
from evidence.intake.errors import UnreadableFile
from evidence.intake.rules import Fault
from evidence.intake.signals import Signals
from evidence.items.rules import Claims, Facts
from evidence.records import Record

MAX_PIXELS: Final = 120_000_000
"""Largest picture that is decoded; phones of 2026 make up to 50 million pixels, scanners about 100."""
MEMORY_BYTES: Final = 1536 * 1024 * 1024
"""Address space of a child, of which the decoders' code takes about a third."""
CPU_S: Final = 20
"""Processor time a file may take."""
WALL_S: Final = 60.0
"""Time a file may take on a busy machine before its child is killed."""
START_S: Final = 60.0
"""Time a child may take to start on a busy machine; 0.5 s is usual."""
FILES_A_CHILD: Final = 200
"""A child is replaced after so many files, so that a leaking decoder cannot grow for ever."""
_LINE_LIMIT: Final = 64 * 1024
_PICTURE_LIMIT: Final = 16 * 1024 * 1024
_TEXT_LIMIT: Final = 4 * 1024 * 1024
_ROOT: Final = Path(__file__).parents[2]
_PROGRAM: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); from evidence.intake.decoding.serving import serve; "
    "serve(int(sys.argv[2]))"
)
"""Isolated mode has no folder of ours on its path, and an installed copy would be another version."""


class Checked(Record):
    """What a file is, once it was decoded."""

    media_type: str
    """Type of the content; more exact than what was asked when that was `application/zip`."""
    facts: Facts
    claims: Claims


class Opened(Checked):
    """What decoding a file for its examination gave."""

    thumbnail: bytes
    """JPEG, at most 320 by 320 pixels, upright, without metadata; empty when the type has no picture."""
    text: str
    """What is written in a document, pages apart by a form feed, up to 2^20 characters; empty when there is none."""
    signals: Signals


class _Answer(Record):
    fault: Fault | None = None
    media_type: str = ""
    facts: Facts = Facts()
    claims: Claims = Claims()
    signals: Signals = Signals()
    picture_bytes: int = Field(default=0, ge=0, le=_PICTURE_LIMIT)
    text_bytes: int = Field(default=0, ge=0, le=_TEXT_LIMIT)


class _Given(NamedTuple):
    answer: _Answer
    picture: bytes
    text: bytes


_MISBEHAVIOUR: Final = (
    ConnectionError,
    asyncio.IncompleteReadError,
    asyncio.LimitOverrunError,
    ValueError,
)


class Imaging:
    """Decoding children that are started when needed and kept. Close it when the process ends.

    At most `size` files are decoded at a time; callers beyond that wait, first come first served, and each of them
    holds one finished upload, so their number is bounded by that of open uploads.
    """

    def __init__(self, *, size: int, cpu_s: int = CPU_S, wall_s: float = WALL_S) -> None:
        """Take the number of children and the bounds of one file."""
        self._turns = asyncio.Semaphore(size)
        self._idle: list[_Child] = []
        self._cpu_s = cpu_s
        self._wall_s = wall_s

    async def check(self, path: Path, media_type: str) -> Checked:
        """Decode the file whole in a child, for what it is and what it claims.

        Args: media_type: one of `items.rules.MediaType`, or `application/zip` for an office document of any kind.
        Raises: UnreadableFile with the fault; the child is replaced when the file hurt it.
        """
        answer = (await self._ordered(path, media_type, "check")).answer
        return Checked(media_type=answer.media_type, facts=answer.facts, claims=answer.claims)

    async def open(self, path: Path, media_type: str) -> Opened:
        """Do as `check`, and draw the file small, read its text and measure its picture. Raises: UnreadableFile."""
        answer, picture, text = await self._ordered(path, media_type, "examine")
        told = answer.model_dump(include={"media_type", "facts", "claims", "signals"})
        return Opened(**told, thumbnail=picture, text=text.decode())

    async def draw(self, path: Path, media_type: str, *, page: int = 0) -> bytes:
        """Return one page as a JPEG of at most 1600 by 1600 pixels, upright; empty when the type has no picture.

        Args: page: from 0; pictures and videos have one.
        Raises: UnreadableFile, also for a page that is not there.
        """
        return (await self._ordered(path, media_type, "draw", page=page)).picture

    async def _ordered(self, path: Path, media_type: str, task: Task, *, page: int = 0) -> _Given:
        job: Job = {
            "path": str(path),
            "media_type": media_type,
            "task": task,
            "page": page,
            "max_pixels": MAX_PIXELS,
            "cpu_s": self._cpu_s,
        }
        line = json.dumps(job).encode()
        async with self._turns:
            try:
                given = await self._ask(self._idle.pop() if self._idle else await _start(), line)
            except _ChildLost:
                # A kept child may end for reasons of its own, and the file must not pay for that.
                given = await self._ask_again(line)
        if given.answer.fault is not None:
            raise UnreadableFile(reason=given.answer.fault)
        return given

    async def close(self) -> None:
        """End all idle children. Call it when nothing is being decoded any more."""
        while self._idle:
            await self._idle.pop().kill()

    async def _ask_again(self, job: bytes) -> _Given:
        try:
            return await self._ask(await _start(), job)
        except _ChildLost:
            raise UnreadableFile(reason=Fault.TOO_COSTLY) from None

    async def _ask(self, child: "_Child", job: bytes) -> _Given:
        answered = False
        try:
            async with asyncio.timeout(self._wall_s):
                answer = await child.ask(job)
            answered = True
        except TimeoutError:
            raise UnreadableFile(reason=Fault.TOO_COSTLY) from None
        except _MISBEHAVIOUR:
            if await child.kill() == -signal.SIGXCPU:
                raise UnreadableFile(reason=Fault.TOO_COSTLY) from None
            raise _ChildLost from None
        finally:
            # Without its answer a child is not kept, also when the caller was cancelled: the next file would get it.
            if answered and child.is_fresh:
                self._idle.append(child)
            else:
                await child.kill()
        return answer


class _ChildLost(Exception):
    """The child ended, or said what no decoder says."""


class _Child:
    """One decoding process and its two pipes."""

    def __init__(self, running: Process) -> None:
        if running.stdin is None or running.stdout is None:
            raise ValueError("a decoding child needs both pipes")
        self._running = running
        self._jobs = running.stdin
        self._answers = running.stdout
        self._files = 0

    @property
    def is_fresh(self) -> bool:
        return self._running.returncode is None and self._files < FILES_A_CHILD

    async def wait_until_ready(self) -> None:
        async with asyncio.timeout(START_S):
            await self._answers.readuntil(b"\n")

    async def ask(self, job: bytes) -> _Given:
        self._files += 1
        self._jobs.write(job + b"\n")
        await self._jobs.drain()
        answer = _Answer.model_validate_json(await self._answers.readuntil(b"\n"))
        picture = await self._answers.readexactly(answer.picture_bytes)
        return _Given(answer, picture, await self._answers.readexactly(answer.text_bytes))

    async def kill(self) -> int:
        """End the child and return how it ended: minus the signal's number, or its exit status."""
        if self._running.returncode is None:
            self._running.kill()
        return await self._running.wait()


async def _start() -> _Child:
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-c",
        _PROGRAM,
        str(_ROOT),
        str(MEMORY_BYTES),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        # Nothing of our environment, secrets least of all; one arena keeps the address space small.
        env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
        limit=_LINE_LIMIT,
    )
    child = _Child(running)
    try:
        await child.wait_until_ready()
    except BaseException:
        await child.kill()
        raise
    return child
