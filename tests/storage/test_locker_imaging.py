"""Decoding in limited children: what good files give, how bad ones are named, and what a hurt child costs."""

import asyncio
import io
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
from PIL import Image

from evidence.intake.errors import UnreadableFile
from evidence.intake.imaging import Imaging, Opened
from evidence.intake.rules import Fault
from evidence.items.rules import Claims, Facts
from tests.parts import files
from tests.waiting import wait_until


@pytest.fixture
async def imaging() -> AsyncIterator[Imaging]:
    pool = Imaging(size=2)
    yield pool
    await pool.close()


async def opened(imaging: Imaging, tmp_path: Path, content: bytes, media_type: str) -> Opened:
    path = tmp_path / "file"
    path.write_bytes(content)
    return await imaging.open(path, media_type)


def thumbnail_of(found: Opened) -> Image.Image:
    shown = Image.open(io.BytesIO(found.thumbnail), formats=["JPEG"])
    shown.load()
    return shown


def is_near(colour: object, expected: tuple[int, int, int]) -> bool:
    assert isinstance(colour, tuple)
    return all(abs(a - b) < 40 for a, b in zip(colour, expected, strict=True))


async def test_a_photograph_gives_facts_and_claims(imaging: Imaging, tmp_path: Path) -> None:
    found = await opened(imaging, tmp_path, files.jpeg(800, 600), "image/jpeg")
    assert found.facts == Facts(width_px=800, height_px=600)
    assert found.claims == Claims(
        exif_captured_at="2026-11-24T09:30:05-06:00",
        latitude_deg=38.8894833,
        longitude_deg=-77.0352667,
        altitude_m=17.25,
        device="Acme Phone 9",
    )


async def test_a_thumbnail_is_upright_small_and_says_nothing(imaging: Imaging, tmp_path: Path) -> None:
    """Orientation 6: the stored picture is to be turned clockwise, so its blue bottom left comes to the top left."""
    found = await opened(imaging, tmp_path, files.jpeg(800, 600, orientation=6), "image/jpeg")
    shown = thumbnail_of(found)
    assert found.facts.orientation == 6
    assert shown.size == (240, 320)
    assert is_near(shown.getpixel((5, 5)), (20, 20, 220))
    assert is_near(shown.getpixel((235, 5)), (220, 20, 20))
    assert dict(shown.getexif()) == {}
    assert "exif" not in shown.info


@pytest.mark.parametrize(
    ("content", "media_type", "facts"),
    [
        (files.heic(640, 480), "image/heic", Facts(width_px=640, height_px=480)),
        (files.png(400, 300), "image/png", Facts(width_px=400, height_px=300)),
        (files.png(320, 240), "image/png", Facts(width_px=320, height_px=240)),
        (files.pdf(3), "application/pdf", Facts(pages=3)),
    ],
)
async def test_every_allowed_type_opens(
    imaging: Imaging, tmp_path: Path, content: bytes, media_type: str, facts: Facts
) -> None:
    found = await opened(imaging, tmp_path, content, media_type)
    assert found.facts == facts
    assert thumbnail_of(found).size == (320, 240)
    assert is_near(thumbnail_of(found).getpixel((3, 3)), (220, 20, 20))


@pytest.mark.parametrize(
    ("content", "media_type", "fault"),
    [
        (files.jpeg()[: len(files.jpeg()) // 2], "image/jpeg", Fault.DAMAGED),
        (files.png()[:-40], "image/png", Fault.DAMAGED),
        (files.heic()[:-40], "image/heic", Fault.DAMAGED),
        (files.pdf()[:200], "application/pdf", Fault.DAMAGED),
        (files.png(), "image/jpeg", Fault.DAMAGED),
        (b"", "image/jpeg", Fault.DAMAGED),
        (files.png_bomb(), "image/png", Fault.TOO_MANY_PIXELS),
        (files.png_bomb(12_000), "image/png", Fault.TOO_MANY_PIXELS),
    ],
)
async def test_a_bad_file_is_named_and_the_next_one_opens(
    imaging: Imaging, tmp_path: Path, content: bytes, media_type: str, fault: Fault
) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        await opened(imaging, tmp_path, content, media_type)
    assert refusal.value.fields == {"reason": fault}
    assert (await opened(imaging, tmp_path, files.png(), "image/png")).facts.width_px == 400


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


async def test_a_kept_child_that_dies_costs_no_file(imaging: Imaging, tmp_path: Path) -> None:
    """A good file must not end in quarantine because a child was ended by somebody else."""
    before = children()
    await opened(imaging, tmp_path, files.png(), "image/png")
    (child,) = children() - before
    os.kill(child, signal.SIGKILL)
    assert (await opened(imaging, tmp_path, files.png(), "image/png")).facts.width_px == 400
    await wait_until(lambda: child not in children())


async def test_a_child_that_hangs_is_killed(tmp_path: Path) -> None:
    imaging = Imaging(size=1, wall_s=0.5)
    path = tmp_path / "pipe"
    os.mkfifo(path)  # nobody ever writes to it, so opening it never ends
    before = children()
    with pytest.raises(UnreadableFile) as refusal:
        await imaging.open(path, "image/jpeg")
    assert refusal.value.fields == {"reason": Fault.TOO_COSTLY}
    assert children() == before
    await imaging.close()


async def test_a_child_that_computes_too_long_is_ended_by_its_own_limit(tmp_path: Path) -> None:
    imaging = Imaging(size=1, cpu_s=0)
    with pytest.raises(UnreadableFile) as refusal:
        await opened(imaging, tmp_path, files.costly_pdf(), "application/pdf")
    assert refusal.value.fields == {"reason": Fault.TOO_COSTLY}
    await imaging.close()


def open_pipe_waits(path: Path) -> bool:
    """Return whether a reader waits for the pipe: only then can it be opened for writing without waiting."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        return False
    return True


async def test_a_cancelled_caller_leaves_no_answer_for_the_next(imaging: Imaging, tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(imaging.open(path, "image/jpeg"))
        await wait_until(lambda: open_pipe_waits(path))
        waiting.cancel()
    found = await asyncio.gather(
        opened(imaging, tmp_path, files.png(400, 300), "image/png"),
        imaging.open(_written(tmp_path / "other", files.heic()), "image/heic"),
    )
    assert [one.facts.width_px for one in found] == [400, 640]


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
