"""Run the media process alone, as `sightline media` does: `python -m tests.media.process ROOT SOCKET ADDRESS...`."""

import asyncio
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from evidence.objects.local import LocalStore
from server.media.worker import MediaSettings, serving_media


async def main(root: Path, socket_path: Path, *addresses: str) -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with ThreadPoolExecutor(1) as executor:
        objects = LocalStore(root / "objects", executor=executor)
        async with serving_media(MediaSettings(root, socket_path, "media-0", addresses), objects):
            await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]))
