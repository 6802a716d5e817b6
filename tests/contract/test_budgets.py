"""What a phone loads before anything can be seen stays small; sizes are gzip kB of 1000 bytes."""

import gzip
import re
from pathlib import Path

from tests.contract.source import ROOT

STATIC = ROOT / "server/static"
ENTRY = re.compile(r'(?:src|href)="/(assets/[^"]+\.(js|css))"')


def gzip_kb(*paths: Path) -> float:
    """Return the sum of the gzip sizes of the files, kB."""
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths) / 1000


def entry_files(suffix: str) -> list[Path]:
    """Return the scripts or style sheets that the first page names."""
    found = ENTRY.findall((STATIC / "index.html").read_text())
    return [STATIC / name for name, kind in found if kind == suffix]


def test_first_page_is_within_its_budget() -> None:
    """Scripts 115 kB and styles 30 kB, with everything that is preloaded."""
    scripts, styles = entry_files("js"), entry_files("css")
    assert scripts
    assert styles
    assert gzip_kb(*scripts) <= 115
    assert gzip_kb(*styles) <= 30


def test_room_is_within_its_budget() -> None:
    """60 kB; what the room shares with other pages, and what it loads later, is in chunks of its own."""
    (room,) = (STATIC / "assets").glob("room-*.js")
    assert gzip_kb(room) <= 60
