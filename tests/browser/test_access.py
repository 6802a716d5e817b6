"""Every page that needs no live session: axe finds no fault in it, and at 320 px it does not scroll sideways."""

import hashlib
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import pytest
from playwright.sync_api import APIRequestContext, BrowserContext, Page, StorageState, expect

from tests.browser.axe import faults
from tests.browser.conftest import Browsers, watched
from tests.parts.files import html_named_jpg, jpeg, pdf
from tests.parts.product import Product
from tests.parts.tus import OWN, metadata
from tests.waiting import wait_until_blocking

WIDE = """() => {
    if (document.documentElement.scrollWidth <= 320) return [];
    const over = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > 320.5);
    return [`wider than 320 px: ${over.slice(0, 5).map((one) => one.outerHTML.slice(0, 90)).join(" ")}`];
}"""
LEAD, SUPERVISOR, REVIEWER, GUIDE, NOBODY = "Ruth Delgado", "Grace Whitfield", "Helen Osei", "Mateo Rangel", ""
VALIDATION = "V-2026-0001"
"""Has answers from the papers, a missed session and a planned one."""


class Office(NamedTuple):
    """The product, the logins of its people, and every page with who goes there."""

    origin: str
    logins: dict[str, StorageState]
    pages: tuple[tuple[str, str], ...]


@pytest.fixture(scope="module")
def office(embedded: Product, browsers: Browsers) -> Office:
    """Let everybody in once, and put a photo, a paper and a refused file into the locker."""
    contexts = {name: browsers.desktop() for name in (LEAD, SUPERVISOR, REVIEWER, GUIDE)}
    for name, context in contexts.items():
        page = watched(context)
        page.goto(embedded.link(name))
        arrived = ("button", "Continue") if name == GUIDE else ("heading", "Today")
        expect(page.get_by_role(arrived[0], name=arrived[1], exact=True)).to_be_visible()  # type: ignore[arg-type]
    lead = contexts[LEAD].request
    lines = lead.get(f"{embedded.origin}/api/validations").json()["items"]
    validation_id = next(line["id"] for line in lines if line["number"] == VALIDATION)
    validation = lead.get(f"{embedded.origin}/api/validations/{validation_id}").json()
    session_id = next(session["id"] for session in validation["sessions"] if session["state"] == "planned")
    files = {"gate 2.jpg": ("photo", jpeg()), "rules.pdf": ("document", pdf()), "dock.jpg": ("photo", html_named_jpg())}
    for name, (kind, content) in files.items():
        send(lead, f"{embedded.origin}/api/uploads", content, validation_id=validation_id, kind=kind, filename=name)
    wait_until_blocking(
        lambda: filed(lead, f"{embedded.origin}/api/validations/{validation_id}/items") == 2, within_s=40
    )
    case = f"/validations/{validation_id}"
    pages = (
        (NOBODY, "/sign-in"),
        (GUIDE, "/join"),
        (GUIDE, "/connection"),
        (LEAD, "/"),
        (LEAD, "/validations"),
        (LEAD, "/validations/new"),
        (LEAD, case),
        (LEAD, f"{case}/sessions/new"),
        (LEAD, f"{case}/sessions/{session_id}"),
        (LEAD, "/members"),
        (LEAD, f"/members/{validation['member_id']}"),
        (LEAD, f"/evidence/{validation_id}"),
        (SUPERVISOR, "/reviews"),
        (SUPERVISOR, "/criteria"),
        (SUPERVISOR, "/accounts"),
        (SUPERVISOR, "/logins"),
        (REVIEWER, f"/review/{validation_id}"),
    )
    logins = {name: context.storage_state() for name, context in contexts.items()}
    for context in contexts.values():
        context.close()
    return Office(embedded.origin, logins, pages)


def send(request: APIRequestContext, url: str, content: bytes, **fields: str) -> None:
    """Upload a file as a page does."""
    told = metadata(**fields, filetype="", sha256=hashlib.sha256(content).hexdigest())
    opened = request.post(url, headers=OWN | {"Upload-Length": str(len(content)), "Upload-Metadata": told})
    assert opened.status == 201, opened.text()
    part = OWN | {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    place = url.removesuffix("/api/uploads") + opened.headers["location"]
    assert request.patch(place, headers=part, data=content).status in {204, 422}


def filed(request: APIRequestContext, url: str) -> int:
    """Return how many items were read back."""
    return sum(item["state"] == "filed" for item in request.get(url).json()["items"])


@pytest.mark.parametrize("language", ["en-US", "es-MX"])
@pytest.mark.parametrize("device", ["desktop", "handset"])
def test_no_page_has_a_fault(office: Office, browsers: Browsers, device: str, language: str) -> None:
    """WCAG 2.0 to 2.2, A and AA, every tab and a piece of evidence opened; a laptop at 400 % is 320 px wide."""
    found: list[str] = []
    for page, path in visited(office, browsers, device, language):
        found += faults(page, path)
        for tab in page.get_by_role("tab").all():
            tab.click()
            found += faults(page, f"{path} {tab.inner_text()}")
        if path.startswith("/evidence"):
            page.locator("button.thumb").last.click()
            expect(page.get_by_role("dialog")).to_be_visible()
            found += faults(page, f"{path} opened")
        if device == "desktop":
            found += [f"{path} {over}" for over in overflow(page)]
    assert found == []


def visited(office: Office, browsers: Browsers, device: str, language: str) -> Iterator[tuple[Page, str]]:
    """Give each page, loaded whole, as who goes there sees it."""
    for who, visits in groupby(office.pages, key=lambda visit: visit[0]):
        context: BrowserContext = getattr(browsers, device)(language=language, login=office.logins.get(who))
        page = watched(context)
        for _, path in visits:
            page.goto(office.origin + path)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            expect(page.locator(".waiting")).to_have_count(0)
            yield page, path
        context.close()


def overflow(page: Page) -> list[str]:
    """Return what makes the page scroll sideways when it is 320 px wide."""
    before = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    over: list[str] = page.evaluate(WIDE)
    page.set_viewport_size(before or {"width": 1366, "height": 768})
    return over
