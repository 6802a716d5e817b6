"""Bytes a second: an upload, fsck and verify, each against the plainest program that reads or writes the same bytes."""

import asyncio
import hashlib
import os
import subprocess
import sys
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from struct import pack

from tests.bench.lines import Spent, measured, write_line
from tests.bench.office import Office
from tests.parts import tus
from tests.parts.running import part_folder

FILE_BYTES = 48_000_000
FILES = 5
CHUNK_BYTES = 8_000_000


async def measure_volumes(office: Office) -> None:
    """Upload incompressible pictures, then check them in place and in a bundle."""
    validation, number = await office.open_validation()
    with part_folder("bench") as folder:
        sources = [await asyncio.to_thread(_picture, folder / f"{seed}.png", seed) for seed in range(FILES)]
        await _measure_upload(office, validation, sources, folder)
        await asyncio.to_thread(_measure_checks, office, number, folder)


async def _measure_upload(office: Office, validation: str, sources: Sequence[Path], folder: Path) -> None:
    size = sum(path.stat().st_size for path in sources)
    with measured(office.pid("api")) as uploaded:
        for path in sources:
            await _upload(office, validation, path)
    copied = await asyncio.to_thread(_run, ["cp", *map(str, sources), str(folder / "copies")], folder / "copies")
    summed = await asyncio.to_thread(_run, ["sha256sum", *map(str, sources)])
    write_line("upload", bytes=size, files=len(sources), cpu_of="api process", **uploaded.per_s(size))
    write_line("upload_compared_cp", bytes=size, **copied.per_s(size))
    write_line("upload_compared_sha256sum", bytes=size, **summed.per_s(size))


async def _upload(office: Office, validation: str, path: Path) -> None:
    content = await asyncio.to_thread(path.read_bytes)
    told = {"filename": path.name, "filetype": "image/png"}
    created = await tus.create(office.lead, validation, content, **told)
    assert created.status == 201, created.problem
    for at in range(0, len(content), CHUNK_BYTES):
        chunk = content[at : at + CHUNK_BYTES]
        answer = await tus.patch(office.lead, created.headers["Location"], chunk, offset=at)
        assert answer.status == 204, answer.problem


def _measure_checks(office: Office, number: str, folder: Path) -> None:
    objects = [path for path in (office.product.data / "objects").rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in objects)
    environment = {**os.environ, **office.product.environment}
    command = [sys.executable, "-m", "server"]
    _measure_check("fsck", [*command, "fsck"], objects, size, environment)
    bundle = folder / "bundle"
    subprocess.run([*command, "export", number, str(bundle)], check=True, env=environment, stdout=subprocess.DEVNULL)
    inside = [path for path in bundle.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in inside)
    # Without a key the whole bundle is read all the same; exit code 3 says that its origin was not checked.
    _measure_check("verify", [*command, "verify", str(bundle)], inside, size, environment, expected=(3,))


def _measure_check(
    name: str,
    command: Sequence[str],
    files: Iterable[Path],
    size: int,
    environment: dict[str, str],
    *,
    expected: tuple[int, ...] = (0,),
) -> None:
    checked = _run(command, environment=environment, expected=expected)
    summed = _run(["sha256sum", *map(str, files)])
    write_line(name, bytes=size, includes="start of the program", **checked.per_s(size))
    write_line(f"{name}_compared_sha256sum", bytes=size, **summed.per_s(size))


def _run(
    command: Sequence[str],
    made: Path | None = None,
    *,
    environment: dict[str, str] | None = None,
    expected: tuple[int, ...] = (0,),
) -> Spent:
    if made is not None:
        made.mkdir()
    with measured() as spent:
        ended = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    if ended.returncode not in expected:
        raise RuntimeError(f"{command[:4]} ended with {ended.returncode}")
    return spent


def _picture(path: Path, seed: int) -> Path:
    """Write a PNG of noise whose size is FILE_BYTES, a little more: nothing about it can be compressed."""
    width = 4000
    rows = FILE_BYTES // (width * 3 + 1)
    noise = hashlib.shake_256(bytes([seed])).digest(1 << 20)
    lines = b"".join(b"\0" + _line(noise, row, width * 3) for row in range(rows))
    header = pack(">IIBBBBB", width, rows, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 0)), (b"IEND", b""))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body)) for kind, body in chunks)
    )
    return path


def _line(noise: bytes, row: int, size: int) -> bytes:
    start = row * 7919 % (len(noise) - size)
    return noise[start : start + size]
