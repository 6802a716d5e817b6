"""What a malware scanner says of a file, asked over clamd's INSTREAM. A scanner that is away is a state, no error."""

import asyncio
import struct
from collections.abc import Callable
from concurrent.futures import Executor
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

from pydantic import Field

from evidence.records import Record

Found = TypeVar("Found")
PIECE_BYTES: Final = 256 * 1024
CONNECT_S: Final = 5.0
VERSION_S: Final = 10.0
"""A scanner that does not say in this time what it is, as while it reads its signatures, is asked again later."""
SCAN_S: Final = 120.0
"""Time a scan may take before it counts as not made."""
AT_ONCE: Final = 4
"""Files a process has scanned at the same time; clamd's own threads are ten."""
_ANSWER_LIMIT: Final = 4096
_LIMITS: Final = "Heuristics.Limits.Exceeded"
"""What clamd finds in a file that it did not look at whole (`AlertExceedsMax`)."""


class Verdict(StrEnum):
    """What is known of a file. NOT_SCANNED is never to be taken or shown for CLEAN."""

    CLEAN = "clean"
    INFECTED = "infected"
    NOT_SCANNED = "not_scanned"


class NotScanned(StrEnum):
    """Why there is no verdict. The first group passes by itself, so the file is scanned later; the second stays."""

    NO_SCANNER = "no_scanner"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    FAILED = "failed"
    TOO_LARGE = "too_large"
    LIMITS = "limits"
    """The scanner looked at a part only: nested too deep, or unpacked to too much."""


PASSING: Final = frozenset({NotScanned.NO_SCANNER, NotScanned.UNREACHABLE, NotScanned.TIMED_OUT, NotScanned.FAILED})


class Scan(Record):
    """A verdict with what it rests on."""

    verdict: Verdict
    reason: NotScanned | None = None
    """Set with NOT_SCANNED, and only then."""
    signature: str | None = Field(default=None, max_length=200)
    """Name of what was found, set with INFECTED only."""
    engine: str | None = Field(default=None, max_length=60)
    """Such as `ClamAV 1.4.6`."""
    database: str | None = Field(default=None, max_length=60)
    """Number of the signatures' edition; None for a database of one's own."""
    database_at: str | None = Field(default=None, max_length=60)
    """When that edition was made, in clamd's words."""


NEVER_SCANNED: Final = Scan(verdict=Verdict.NOT_SCANNED, reason=NotScanned.NO_SCANNER)


class Scanner:
    """A clamd that is asked over TCP."""

    def __init__(self, address: str, *, executor: Executor, limit_s: float = SCAN_S) -> None:
        """Take clamd's `host:port`, the bounded executor that reads files, and how long a scan may take in s."""
        self._host, _, port = address.rpartition(":")
        self._port = int(port)
        self._executor = executor
        self._limit_s = limit_s
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def scan(self, path: Path) -> Scan:
        """Have the file scanned. Raises nothing about the scanner: what went wrong with it is in the answer."""
        try:
            # The wait for a turn counts: who sent the file waits, too.
            async with asyncio.timeout(self._limit_s), self._turns:
                async with asyncio.timeout(VERSION_S):
                    engine = _engine(await self._ask(b"zVERSION\0", None))
                return _verdict(await self._ask(b"zINSTREAM\0", path), engine)
        except TimeoutError:
            return Scan(verdict=Verdict.NOT_SCANNED, reason=NotScanned.TIMED_OUT)
        except (OSError, EOFError, asyncio.LimitOverrunError):
            return Scan(verdict=Verdict.NOT_SCANNED, reason=NotScanned.UNREACHABLE)

    async def _ask(self, command: bytes, path: Path | None) -> str:
        async with asyncio.timeout(CONNECT_S):
            reader, writer = await asyncio.open_connection(self._host, self._port, limit=_ANSWER_LIMIT)
        # Read from the start: clamd answers and hangs up in the middle of a stream over its limit, and what has not
        # been read by then is lost.
        answering = asyncio.ensure_future(reader.readuntil(b"\0"))
        try:
            writer.write(command)
            if path is not None:
                await self._send(writer, path)
            answer = await answering
        finally:
            answering.cancel()
            writer.close()
        return answer.rstrip(b"\0\n").decode("utf-8", "replace")

    async def _send(self, writer: asyncio.StreamWriter, path: Path) -> None:
        """Send the file in pieces, each after its length in 4 bytes, network order; an empty one is the end."""
        file = await self._run(partial(_open, path))
        try:
            while piece := await self._run(partial(_read, file)):
                writer.write(struct.pack("!I", len(piece)) + piece)
                await writer.drain()
            writer.write(struct.pack("!I", 0))
            await writer.drain()
        except ConnectionError:
            # clamd hangs up on a stream over its limit; why, stands in its answer.
            return
        finally:
            await self._run(file.close)

    async def _run(self, call: Callable[[], Found]) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _read(file: BinaryIO) -> bytes:
    return file.read(PIECE_BYTES)


def _engine(version: str) -> dict[str, str | None]:
    """Read `ClamAV 1.4.6/27400/Tue Nov 24 09:30:05 2026`; the last two are absent with a database of one's own."""
    engine, _, rest = version.partition("/")
    edition, _, made = rest.partition("/")
    return {"engine": engine[:60], "database": edition[:60] or None, "database_at": made[:60] or None}


def _verdict(answer: str, engine: dict[str, str | None]) -> Scan:
    """Read `stream: OK`, `stream: NAME FOUND`, or a line that ends in ERROR."""
    said = answer.removeprefix("stream: ")
    fields: dict[str, object] = dict(engine)
    if said == "OK":
        fields["verdict"] = Verdict.CLEAN
    elif said.endswith(" FOUND") and not said.startswith(_LIMITS):
        fields |= {"verdict": Verdict.INFECTED, "signature": said.removesuffix(" FOUND")[:200]}
    else:
        reason = NotScanned.LIMITS if said.startswith(_LIMITS) else NotScanned.FAILED
        if "size limit exceeded" in said:
            reason = NotScanned.TOO_LARGE
        fields |= {"verdict": Verdict.NOT_SCANNED, "reason": reason}
    return Scan.model_validate(fields)
