"""Judging a bundle with tools that know nothing of us."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.parts.running import program

ROOT = Path(__file__).parents[2]


def unpack(bundle: Path, folder: Path) -> Path:
    """Unpack a bundle and return its folder."""
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
    (found,) = folder.iterdir()
    return found


def verify(folder: Path, *arguments: str) -> int:
    """Return the exit code of `sightline verify`."""
    command = [sys.executable, "-m", "server", "verify", str(folder), *arguments]
    return subprocess.run(command, check=False, capture_output=True, cwd=ROOT, timeout=120).returncode


def bagit_is_content(folder: Path) -> bool:
    """Return whether `bagit.py --validate` finds nothing."""
    command = [sys.executable, "-m", "bagit", "--validate", "--quiet", str(folder)]
    return subprocess.run(command, check=False, capture_output=True, timeout=120).returncode == 0


def sha256sum_is_content(folder: Path) -> bool:
    """Return whether `sha256sum -c` finds nothing."""
    command = [program("sha256sum"), "--check", "--quiet", "manifest-sha256.txt"]
    return subprocess.run(command, check=False, capture_output=True, cwd=folder, timeout=120).returncode == 0


def with_flipped_byte(folder: Path, copy: Path, name: str) -> Path:
    """Return a copy of the bundle in which one byte of one file is another."""
    shutil.copytree(folder, copy)
    path = copy / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x01
    path.chmod(0o600)
    path.write_bytes(content)
    return copy
