"""`python -m tests.bench.likeness [PICTURES] [ITEMS]`: how well pictures that look alike are found, and how fast.

Made-up scenes, each changed in the ways that happen to pictures; the same hash and bands as the product, and its own
search in a SQLite database of ITEMS pictures. JSON lines, like all measurements.
"""

import asyncio
import io
import random
import sqlite3
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from PIL import Image, ImageDraw, ImageEnhance

from evidence.examination.likeness import BANDS, bands_of, distance
from evidence.examination.rules import ALIKE_BITS, TELLING_STEPS
from evidence.examination.store import find_like
from evidence.examination.tables import BAND_NAMES
from evidence.ids import CaseId, ItemId, uuid7
from evidence.intake.decoding.pictures import difference_hash
from evidence.items.rules import Claims, Facts, Item, ItemContext, ItemKind, ItemState
from server.clock import system_clock
from server.db import Database
from server.migrations import upgrade
from tests.bench.lines import quantile, write_line
from tests.parts.databases import sqlite_url
from tests.parts.running import part_folder

SIZE: Final = (320, 240)
SEARCHES: Final = 200
Bands = tuple[int, ...]


def scene(seed: int) -> Image.Image:
    """Return a made-up scene: uneven light on a wall, a dozen things before it, and the grain of a sensor."""
    chance = random.Random(seed)
    light = Image.frombytes("L", (6, 5), bytes(chance.randrange(60, 200) for _ in range(30)))
    shown = light.resize(SIZE, Image.Resampling.BICUBIC).convert("RGB")
    pen = ImageDraw.Draw(shown)
    for _ in range(chance.randint(8, 16)):
        left, top = chance.randrange(-40, SIZE[0]), chance.randrange(-40, SIZE[1])
        box = (left, top, left + chance.randrange(20, 160), top + chance.randrange(20, 160))
        colour = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
        chance.choice((pen.rectangle, pen.ellipse))(box, fill=colour)
    grain = Image.frombytes("L", (SIZE[0] // 2, SIZE[1] // 2), chance.randbytes(SIZE[0] * SIZE[1] // 4))
    return Image.blend(shown, grain.resize(SIZE).convert("RGB"), 0.08)


def _recompressed(shown: Image.Image, quality: int) -> Image.Image:
    content = io.BytesIO()
    shown.save(content, "JPEG", quality=quality)
    return Image.open(content)


def _cropped(shown: Image.Image) -> Image.Image:
    width, height = shown.size
    return shown.crop((width // 20, height // 20, width - width // 20, height - height // 20))


CHANGES: Final[dict[str, Callable[[Image.Image], Image.Image]]] = {
    "recompressed_q40": lambda shown: _recompressed(shown, 40),
    "half_size": lambda shown: shown.resize((SIZE[0] // 2, SIZE[1] // 2)),
    "brighter_20_percent": lambda shown: ImageEnhance.Brightness(shown).enhance(1.2),
    "darker_20_percent": lambda shown: ImageEnhance.Brightness(shown).enhance(0.8),
    "cropped_5_percent": _cropped,
    "turned_2_degrees": lambda shown: shown.rotate(2, Image.Resampling.BICUBIC),
    "mirrored": lambda shown: shown.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
}


def hashed(shown: Image.Image) -> tuple[Bands, bool]:
    """Return the bands of a picture, and whether it shows enough to be compared."""
    digest, steps = difference_hash(shown.convert("L"))
    return bands_of(digest), steps >= TELLING_STEPS


def measure_recall(pictures: int) -> None:
    """Write how many of the changed pictures are found, and how many scenes are taken for another one."""
    found, telling, spent_s = dict.fromkeys(CHANGES, 0), 0, 0.0
    known: list[Bands] = []
    for seed in range(pictures):
        shown = scene(seed)
        began = time.process_time()
        bands, tells = hashed(shown)
        spent_s += time.process_time() - began
        known.append(bands)
        telling += tells
        for name, change in CHANGES.items():
            found[name] += tells and distance(bands, hashed(change(shown))[0]) <= ALIKE_BITS
    shares = {name: round(number / pictures, 4) for name, number in found.items()}
    false_alarms = sum(1 for _ in _taken_for_another(known))
    write_line(
        "likeness_recall",
        pictures=pictures,
        telling=round(telling / pictures, 4),
        recall=shares,
        false_alarms=round(false_alarms / pictures, 6),
        bits=ALIKE_BITS,
        hash_cpu_ms=round(spent_s / pictures * 1000, 3),
    )


def _taken_for_another(known: list[Bands]) -> Iterator[int]:
    places: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, bands in enumerate(known):
        for place in enumerate(bands):
            places[place].append(number)
    for number, bands in enumerate(known):
        near = {other for place in enumerate(bands) for other in places[place]} - {number}
        if any(distance(bands, known[other]) <= ALIKE_BITS for other in near):
            yield number


async def measure_search(pictures: int, items: int) -> None:
    """Write how long one search takes in a database of so many pictures; the hashes are those of scenes, changed."""
    chance, base = random.Random(5), [hashed(scene(seed))[0] for seed in range(pictures)]
    with part_folder("bench") as folder:
        path = folder / "likeness.sqlite3"
        await asyncio.to_thread(upgrade, sqlite_url(path))
        await asyncio.to_thread(_fill, path, base, items, chance)
        database, times, candidates = Database(sqlite_url(path), system_clock), [], []
        for _ in range(SEARCHES):
            digest = _digest(chance.choice(base))
            async with database.read() as tx:
                began = time.perf_counter()
                alike = await find_like(tx, _asked(), digest)
                times.append((time.perf_counter() - began) * 1000)
            candidates.append(len(alike))
        await database.close()
    write_line(
        "likeness_search",
        items=items,
        searches=SEARCHES,
        p50_ms=round(quantile(times, 0.5), 1),
        p95_ms=round(quantile(times, 0.95), 1),
        found=sum(candidates),
    )


def _fill(path: Path, base: list[Bands], items: int, chance: random.Random) -> None:
    """Put pictures in: scenes with an eighth of their bits changed, so that none is another's copy."""
    names = ", ".join(BAND_NAMES)
    statement = f"INSERT INTO picture_hash (item_id, case_id, {names}) VALUES ({', '.join('?' * (BANDS + 2))})"  # noqa: S608

    def rows() -> Iterator[tuple[object, ...]]:
        for _ in range(items):
            bands = chance.choice(base)
            yield (
                uuid4().hex,
                uuid4().hex,
                *(band ^ chance.getrandbits(16) & chance.getrandbits(16) & chance.getrandbits(16) for band in bands),
            )

    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-400000")
        connection.executemany(statement, rows())
    connection.close()


def _digest(bands: Bands) -> str:
    """Return a hash whose bands are these."""
    lines = [0] * BANDS
    for band, bits in enumerate(bands):
        for row in range(BANDS):
            if bits >> BANDS - 1 - row & 1:
                lines[row] |= 1 << BANDS - 1 - (band + row) % BANDS
    digest = "".join(f"{line:04x}" for line in lines)
    if bands_of(digest) != bands:
        raise ValueError(digest)
    return digest


def _asked() -> Item:
    return Item(
        id=ItemId(uuid7()),
        case_id=CaseId(uuid7()),
        kind=ItemKind.PHOTO,
        state=ItemState.ADMITTED,
        digest="0" * 64,
        bytes=1,
        media_type="image/jpeg",
        filename="a.jpg",
        object_key="",
        context=ItemContext(participant_id=UUID(int=7)),
        claims=Claims(),
        facts=Facts(),
        reason=None,
        admitted_at=system_clock(),
        filed_at=None,
    )


def main(pictures: int = 10_000, items: int = 1_000_000) -> None:
    """Measure both."""
    measure_recall(pictures)
    asyncio.run(measure_search(pictures, items))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
