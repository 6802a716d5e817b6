"""The product in two shapes, and browsers whose camera shows a clip and whose microphone plays a tone."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, StorageState, expect, sync_playwright

from tests.parts.clips import make_camera, make_tone
from tests.parts.others import redis_server
from tests.parts.postgres import PostgresServer
from tests.parts.product import Product, product
from tests.parts.running import program
from tests.parts.stores import S3Server

PHONE_HZ, OFFICE_HZ = 440, 1000
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
)
expect.set_options(timeout=20_000)


class Browsers(NamedTuple):
    """Two browsers, so that phone and office are heard apart."""

    phone: Browser
    office: Browser
    devices: Playwright

    def desktop(self, *, language: str = "en-US", login: StorageState | None = None) -> BrowserContext:
        """Return a laptop of the office, with a login that was saved if one is given."""
        return self.office.new_context(
            viewport={"width": 1366, "height": 768},
            locale=language,
            permissions=["camera", "microphone"],
            storage_state=login,
        )

    def handset(self, *, language: str = "en-US", login: StorageState | None = None) -> BrowserContext:
        """Return a phone of 360 by 740 points."""
        known = self.devices.devices["Pixel 7"]
        device = {name: value for name, value in known.items() if name != "default_browser_type"}
        device["viewport"] = {"width": 360, "height": 740}
        return self.phone.new_context(
            **device, locale=language, permissions=["camera", "microphone"], storage_state=login
        )


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the clip and the tones."""
    folder = tmp_path_factory.mktemp("clips")
    make_camera(folder / "camera.mjpeg")
    make_tone(folder / "phone.wav", PHONE_HZ)
    make_tone(folder / "office.wav", OFFICE_HZ)
    return folder


@pytest.fixture(scope="module")
def browsers(clips: Path) -> Iterator[Browsers]:
    """Start Debian's Chromium twice."""
    with sync_playwright() as devices:

        def start(tone: str) -> Browser:
            files = (
                f"--use-file-for-fake-video-capture={clips / 'camera.mjpeg'}",
                f"--use-file-for-fake-audio-capture={clips / tone}",
            )
            return devices.chromium.launch(executable_path=program("chromium"), args=[*FLAGS, *files])

        phone, office = start("phone.wav"), start("office.wav")
        yield Browsers(phone, office, devices)
        phone.close()
        office.close()


@pytest.fixture(scope="module")
def embedded() -> Iterator[Product]:
    """Run the product on its embedded defaults."""
    with product() as found:
        yield found


@pytest.fixture(scope="module")
def production(postgres: PostgresServer, weed: S3Server) -> Iterator[Product]:
    """Run the product on PostgreSQL, SeaweedFS and Redis."""
    with ThreadPoolExecutor(1) as aside:  # the browser's driver keeps a loop running in this thread
        name = aside.submit(lambda: asyncio.run(postgres.create_database())).result()
    weed.create_bucket("walk-evidence")
    with (
        redis_server() as redis,
        product(
            database_url=postgres.url(name),
            redis_url=redis,
            objects="s3",
            s3_endpoint=weed.endpoint,
            s3_bucket="walk-evidence",
            s3_region=weed.region,
            s3_access_key=weed.access_key,
            s3_secret_key=weed.secret_key,
        ) as found,
    ):
        yield found


def watched(context: BrowserContext) -> Page:
    """Return a page whose script errors fail the test at once."""
    page = context.new_page()
    page.on("pageerror", _raise)
    return page


def _raise(error: BaseException) -> None:
    raise error
