"""What each person of a validation does in their browser, in the words of the page."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from tests.browser.conftest import watched
from tests.waiting import wait_until_blocking

MIB = 1024 * 1024
"""What the page sends in one request of an upload."""
FILED = re.compile("^(Filed|Sealed)$")
UPLOADS = "**/api/uploads/**"
FRAMES = "() => [...document.querySelectorAll('video')].map(v => v.videoWidth > 0 ? v.currentTime : 0)"


class Phone:
    """The camera operator of the member, on a phone."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.page: Page = watched(context)

    def join(self, link: str) -> None:
        """Open the link, choose English, agree to the recording, check the devices and wait in the lobby."""
        page = self.page
        page.goto(link)
        page.get_by_role("button", name="Continue", exact=True).click()
        page.get_by_text("Yes, record it").click()
        page.get_by_role("button", name="I agree and continue").click()
        expect(page.get_by_text("We hear you.")).to_be_visible()
        page.get_by_role("button", name="Go to the lobby").click()
        expect(page.get_by_role("heading", name="The specialist will let you in")).to_be_visible()

    def is_in_room(self) -> None:
        """Wait until the camera is live."""
        expect(self.page.get_by_label("Take a photo")).to_be_visible()

    def send(self, *files: Path) -> None:
        """Give photos and documents to the queue."""
        self.page.get_by_label("Files, people and leaving").click()
        self.page.get_by_test_id("files").set_input_files([str(file) for file in files])

    def is_killed_while_sending(self, file: Path) -> Callable[[], list[tuple[str, str | None]]]:
        """Lose the page when the first MiB of a file has arrived, and open it again.

        Returns: what tells method and offset of each upload request that the new page has made.
        """

        def stall(route: Route) -> None:
            if route.request.headers.get("upload-offset", "0") == "0":
                route.continue_()  # every other one stays without an answer until the page is gone

        self.page.route(UPLOADS, stall)
        with self.page.expect_request(lambda request: request.headers.get("upload-offset") == str(MIB)):
            self.send(file)
        room = self.page.url
        self.page.close()
        self.page = watched(self.context)
        made: list[tuple[str, str | None]] = []

        def note(request: Request) -> None:
            if "/api/uploads" in request.url:
                made.append((request.method, request.headers.get("upload-offset")))

        self.page.on("request", note)
        self.page.goto(room)
        self.is_in_room()
        return lambda: made

    def close_sheet(self) -> None:
        """Go back to the picture."""
        self.page.keyboard.press("Escape")


class Specialist:
    """The lead specialist, on a laptop."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = watched(context)

    def sign_in(self, link: str) -> None:
        """Open a single-use link."""
        self.page.goto(link)
        expect(self.page.get_by_role("heading", name="Today")).to_be_visible()

    def enter_room(self) -> None:
        """Join today's session, agree to be recorded, and start it."""
        page = self.page
        page.get_by_role("link", name="Join").first.click()
        page.get_by_text("Yes, record it").click()
        page.get_by_role("button", name="Enter the room").click()
        page.get_by_role("button", name="Start the session").click()
        expect(page.get_by_role("button", name="End session")).to_be_visible()

    def admit(self) -> None:
        """Let in who waits, and see their picture move."""
        self.page.get_by_role("button", name="Admit").first.click()
        first = wait_until_blocking(self.playing, within_s=40)
        wait_until_blocking(lambda: self.playing() > first + 1, within_s=20)

    def playing(self) -> float:
        """Return how many seconds of the phone's picture were played, 0 for none."""
        return float(max(self.page.evaluate(FRAMES), default=0))

    def answer(self, criterion_id: str, digit: str, verdict: str, note: str = "") -> None:
        """Answer a criterion with one key, and a note where one is needed; wait until the list says so."""
        row = self.page.locator(f"[id='criterion-{criterion_id}']")
        if row.get_attribute("aria-expanded") != "true":
            row.click()
        self.page.keyboard.press(digit)
        if note:
            self.page.get_by_label("Note", exact=False).first.fill(note)
            self.page.keyboard.press("Control+Enter")
        expect(row.locator("xpath=..").get_by_text(verdict, exact=True).first).to_be_visible()

    def strip(self, count: int) -> None:
        """Wait until so many pieces of evidence are filed in the strip, or sealed, as under a proved lock."""
        strip = self.page.get_by_role("region", name="Evidence")
        expect(strip.get_by_text(FILED)).to_have_count(count, timeout=60_000)

    def end(self) -> None:
        """End the session."""
        self.page.get_by_role("button", name="End session").click()
        self.page.get_by_role("dialog").get_by_role("button", name="End session").click()
        expect(self.page.get_by_text("The session is over")).to_be_visible()
