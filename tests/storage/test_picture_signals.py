"""What is measured on a picture while it is decoded: blur, darkness, the raster of a screen, how it was compressed."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import ExifTags, Image, ImageDraw, ImageFilter

from evidence.examination import rules
from evidence.intake.imaging import Imaging
from evidence.intake.signals import Signals
from evidence.intake.sniff import sniff
from tests.parts import papers

SIDE = 900


@pytest.fixture
async def imaging() -> AsyncIterator[Imaging]:
    pool = Imaging(size=1)
    yield pool
    await pool.close()


async def signals(imaging: Imaging, tmp_path: Path, content: bytes) -> Signals:
    path = tmp_path / "file"
    path.write_bytes(content)
    return (await imaging.open(path, sniff(content[:4096]))).signals


def scene() -> Image.Image:
    """Return things before a wall, with the grain of a sensor."""
    chance = random.Random(5)
    shown = Image.new("RGB", (SIDE, SIDE), (150, 140, 120))
    pen = ImageDraw.Draw(shown)
    for _ in range(40):
        left, top = chance.randrange(SIDE), chance.randrange(SIDE)
        colour = tuple(chance.randrange(256) for _ in range(3))
        pen.rectangle((left, top, left + chance.randrange(20, 200), top + chance.randrange(20, 200)), fill=colour)
    grain = Image.frombytes("L", (SIDE, SIDE), chance.randbytes(SIDE * SIDE)).convert("RGB")
    return Image.blend(shown, grain, 0.05)


def filmed(shown: Image.Image, period: int) -> Image.Image:
    """Return it as a screen shows it to a camera: every so many pixels a darker line, in both directions."""
    mask = Image.new("L", shown.size, 255)
    pen = ImageDraw.Draw(mask)
    for at in range(0, SIDE, period):
        pen.line((at, 0, at, SIDE), fill=120)
        pen.line((0, at, SIDE, at), fill=120)
    return Image.composite(shown, Image.new("RGB", shown.size), mask)


async def test_sharp_and_blurred_are_told_apart(imaging: Imaging, tmp_path: Path) -> None:
    sharp = await signals(imaging, tmp_path, papers.written(scene(), "JPEG", quality=90))
    blurred = await signals(
        imaging, tmp_path, papers.written(scene().filter(ImageFilter.GaussianBlur(12)), "JPEG", quality=90)
    )
    assert (sharp.sharpness or 0) > 4 * rules.BLURRED
    assert (blurred.sharpness or 0) < rules.BLURRED


async def test_night_is_dark_and_day_is_not(imaging: Imaging, tmp_path: Path) -> None:
    day = await signals(imaging, tmp_path, papers.written(scene(), "PNG"))
    night = await signals(imaging, tmp_path, papers.written(scene().point(lambda level: level // 10), "PNG"))
    assert (day.dark_share or 0) < 0.5 < rules.DARK <= (night.dark_share or 0)


async def test_raster_of_a_screen_is_seen(imaging: Imaging, tmp_path: Path) -> None:
    """Also after a JPEG has been made of it; the scene itself has none."""
    plain = await signals(imaging, tmp_path, papers.written(scene(), "JPEG", quality=88))
    assert (plain.raster or 0) < 0.1
    for period in (4, 6, 9, 13):
        found = await signals(imaging, tmp_path, papers.written(filmed(scene(), period), "JPEG", quality=88))
        assert (found.raster or 0) >= rules.RASTER


async def test_compression_is_read_from_the_file(imaging: Imaging, tmp_path: Path) -> None:
    for quality in (50, 75, 90, 95):
        content = papers.written(scene(), "JPEG", quality=quality, progressive=quality == 75)
        found = await signals(imaging, tmp_path, content)
        assert abs((found.jpeg_quality or 0) - quality) <= 1
        assert found.jpeg_progressive == (quality == 75)


async def test_metadata_is_counted_and_a_screenshot_named(imaging: Imaging, tmp_path: Path) -> None:
    said = Image.Exif()
    said.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = b"ASCII\x00\x00\x00Screenshot"
    said[ExifTags.Base.DateTime] = "2026:11:24 09:30:05"
    found = await signals(imaging, tmp_path, papers.written(scene(), "JPEG", exif=said))
    assert (found.exif_tags, found.names_screen, found.exif_changed_at) == (3, 1, "2026-11-24T09:30:05")
    bare = await signals(imaging, tmp_path, papers.written(scene(), "JPEG"))
    assert (bare.exif_tags, bare.names_screen, bare.gps_at) == (0, 0, None)


async def test_blank_wall_has_a_hash_that_tells_nothing(imaging: Imaging, tmp_path: Path) -> None:
    wall = await signals(imaging, tmp_path, papers.written(Image.new("RGB", (SIDE, SIDE), "white"), "PNG"))
    assert (
        (wall.hash_steps or 0)
        < rules.TELLING_STEPS
        < ((await signals(imaging, tmp_path, papers.written(scene(), "PNG"))).hash_steps or 0)
    )
