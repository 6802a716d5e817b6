"""The project's own files as the contract tests see them: what git tracks or would track, never a cache or a build."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("evidence", "sessions", "server")


@cache
def project_files() -> tuple[str, ...]:
    """Return the paths of all files that are tracked or neither tracked nor ignored, relative to the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return tuple(sorted(name for name in set(listed.split("\0")) if name and (ROOT / name).is_file()))


def python_files(*folders: str) -> list[Path]:
    """Return the Python files below the given top-level folders."""
    return [ROOT / name for name in project_files() if name.endswith(".py") and name.split("/")[0] in folders]


def module_name(path: Path) -> str:
    """Return the dotted name under which a file of ours is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
