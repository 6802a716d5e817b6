"""Files that something went wrong with: each ends admitted, or refused by name. `make endurance` has 3,000 of them."""

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import psutil
import pytest

from evidence.ids import CaseId, UploadId, uuid7
from evidence.intake.imaging import MEMORY_BYTES, WALL_S
from evidence.intake.reception import receive
from evidence.intake.rules import Accepted, Arrival, Fault, Refused
from evidence.items.rules import ItemContext, ItemKind
from evidence.locker import Intake
from tests.parts import files, papers

COUNT: Final = "SIGHTLINE_TEST_MUTATIONS"
SEED: Final = "SIGHTLINE_TEST_SEED"
CODES: Final = {"unreadable_file", "type_not_allowed"}
"""What can become of a file that declares nothing."""
SAMPLES: Final[tuple[tuple[ItemKind, Callable[[], bytes]], ...]] = (
    (ItemKind.PHOTO, files.jpeg),
    (ItemKind.PHOTO, files.png),
    (ItemKind.PHOTO, files.heic),
    (ItemKind.PHOTO, papers.avif),
    (ItemKind.PHOTO, papers.webp),
    (ItemKind.PHOTO, papers.tiff),
    (ItemKind.PHOTO, papers.gif),
    (ItemKind.DOCUMENT, files.pdf),
    (ItemKind.DOCUMENT, lambda: papers.office(papers.DOCX)),
    (ItemKind.DOCUMENT, lambda: papers.office(papers.XLSX)),
    (ItemKind.VIDEO, lambda: papers.video("mp4")),
    (ItemKind.VIDEO, lambda: papers.video("webm")),
)


def flip(content: bytearray, chance: random.Random) -> None:
    """Change single bytes."""
    for _ in range(chance.choice((1, 10, 100))):
        content[chance.randrange(len(content))] = chance.randrange(256)


def flip_head(content: bytearray, chance: random.Random) -> None:
    """Change bytes where sizes and counts stand, but not the first ones, which tell the type."""
    for _ in range(8):
        content[chance.randrange(16, min(400, len(content)))] = chance.choice((0, 0x7F, 0x80, 0xFF))


def cut(content: bytearray, chance: random.Random) -> None:
    """Lose the end."""
    del content[chance.randrange(32, len(content)) :]


def drop(content: bytearray, chance: random.Random) -> None:
    """Lose a piece in the middle."""
    at = chance.randrange(32, len(content))
    del content[at : at + chance.randrange(1, 2000)]


def repeat(content: bytearray, chance: random.Random) -> None:
    """Have a piece twice."""
    at = chance.randrange(32, len(content))
    content[at:at] = content[at : at + chance.randrange(1, 2000)]


def blank(content: bytearray, chance: random.Random) -> None:
    """Have a piece of zeros, as a disk that failed gives."""
    at = chance.randrange(32, len(content))
    length = min(chance.randrange(1, 4096), len(content) - at)
    content[at : at + length] = bytes(length)


MUTATIONS: Final = (flip, flip_head, cut, drop, repeat, blank)


async def test_file_that_something_went_wrong_with_has_a_name(
    local_intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The decoding child stays in its bounds of memory and time, whatever it is given."""
    count, seed = int(os.environ.get(COUNT, "120")), int(os.environ.get(SEED, str(random.randrange(2**32))))
    print(f"{SEED}={seed} {COUNT}={count}")  # noqa: T201  (pytest shows it when the test fails)
    for name in (COUNT, SEED):
        monkeypatch.delenv(name, raising=False)
    chance, ended, peak, longest = random.Random(seed), Counter[str](), 0, 0.0
    whole = [(kind, make()) for kind, make in SAMPLES]
    for number in range(count):
        kind, content = whole[number % len(whole)]
        mutated = bytearray(content)
        chance.choice(MUTATIONS)(mutated, chance)
        began = time.monotonic()
        ended[await _received(local_intake, kind, bytes(mutated))] += 1
        longest, peak = max(longest, time.monotonic() - began), max(peak, _peak_bytes())
    print(f"{dict(ended)}, at most {peak // 2**20} MiB and {longest:.1f} s")  # noqa: T201
    assert ended.total() == count
    assert peak <= MEMORY_BYTES
    assert longest < 2 * WALL_S


async def _received(intake: Intake, kind: ItemKind, content: bytes) -> str:
    arrival = Arrival(case_id=CaseId(uuid7()), kind=kind, filename="a", context=ItemContext(participant_id=UUID(int=7)))
    upload = UploadId(uuid4())
    found = await receive(intake, await intake.staging.write_whole(upload, content), arrival)
    await intake.staging.discard(upload)
    if isinstance(found, Accepted):
        return "accepted"
    assert isinstance(found, Refused)
    assert found.refusal.code in CODES
    reason = found.refusal.fields.get("reason")
    return str(found.refusal.code) if reason is None else str(Fault(str(reason)))


def _peak_bytes() -> int:
    """Return the most address space a decoding child ever had."""
    peak = 0
    for child in psutil.Process().children():
        try:
            status = Path(f"/proc/{child.pid}/status").read_text()
        except OSError:
            continue
        line = next((one for one in status.splitlines() if one.startswith("VmPeak:")), "VmPeak: 0 kB")
        if "evidence.intake.decoding" in " ".join(child.cmdline()):
            peak = max(peak, int(line.split()[1]) * 1024)
    return peak
