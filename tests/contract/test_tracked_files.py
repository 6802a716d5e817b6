"""What is committed runs anywhere: no path of one machine, no address of a package index, nothing built."""

import json
import re

from tests.contract.source import ROOT, project_files

MACHINE_FOLDERS = ("work", "farm", "tmp", "root", "home")
MACHINE_PATH = re.compile(rf"(?<![\w.:/-])/({'|'.join(MACHINE_FOLDERS)})/")
BINARY = (".png", ".webm", ".ico", ".woff2", ".jpg", ".jpeg", ".heic", ".pdf", ".bin")
TOP_LEVEL = re.compile(
    r"(server|sessions|evidence|web|tests|docs|\.ci)/.+|pyproject\.toml|docker-compose\.yml|Dockerfile|Makefile"
    r"|(README|CONTRIBUTING|CHANGELOG)\.md|LICENSE|requirements[\w-]*\.txt|hatch_build\.py|\.(git|docker)ignore"
    r"|\.gitattributes|\.editorconfig|alembic\.ini"
)


def texts() -> dict[str, str]:
    """Return every text file of the project."""
    names = [name for name in project_files() if not name.endswith((*BINARY, ".svg"))]
    return {name: (ROOT / name).read_text(errors="replace") for name in names}


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [
        f"{name}:{number}"
        for name, text in texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert found == []


def test_pins_carry_hashes_and_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert "--index-url" not in text
        pins = re.findall(r"^[a-z0-9][^\s#]*==[^\s]+", text, flags=re.MULTILINE | re.IGNORECASE)
        assert pins
        assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text)) >= len(pins)


def test_web_lock_carries_hashes_and_no_address() -> None:
    packages = json.loads((ROOT / "web/package-lock.json").read_text())["packages"]
    installed = {name: entry for name, entry in packages.items() if name}
    assert [name for name, entry in installed.items() if "resolved" in entry] == []
    assert [name for name, entry in installed.items() if "integrity" not in entry and not entry.get("link")] == []


def test_top_level_holds_the_agreed_names_only() -> None:
    assert [name for name in project_files() if not TOP_LEVEL.fullmatch(name)] == []
