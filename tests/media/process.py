"""Run the media process alone, as `sightline media` does: `python -m tests.media.process ROOT SOCKET`."""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from evidence.objects.local import LocalStore
from server.media.worker import MediaSettings, run_media


async def main(root: Path, socket_path: Path) -> None:
    """Serve until a signal."""
    with ThreadPoolExecutor(1) as executor:
        objects = LocalStore(root / "objects", executor=executor)
        await run_media(MediaSettings(root, socket_path, "media-0", ("127.0.0.1",)), objects)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
