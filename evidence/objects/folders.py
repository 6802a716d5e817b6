"""Files and folders on this machine that outlive a power cut: the embedded store's, and uploads under way."""

import os
from pathlib import Path

TEMPORARY = "."
"""First character of an unfinished file's name; no key has a part that begins with it."""


def make_folders(folder: Path) -> None:
    """Make a folder and those above it; each new name is durable, or a power cut could lose a synced file with it."""
    if folder.is_dir():
        return
    make_folders(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
