"""The specialist's whole path by keyboard alone, from signing in to the review; then axe looks at what it left."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import BrowserContext, StorageState, expect

from tests.browser import path
from tests.browser.axe import faults
from tests.browser.conftest import Browsers, watched
from tests.browser.keyboard import Keyboard, Unseen
from tests.browser.people import Phone, Specialist
from tests.parts.product import Product


class Walked(NamedTuple):
    """What the path left behind."""

    origin: str
    validation_id: str
    login: StorageState
    stops: int
    unseen: list[Unseen]
    room_faults: list[str]


@pytest.fixture(scope="module")
def walked(embedded: Product, browsers: Browsers) -> Iterator[Walked]:
    """Walk the path once; every test of this file looks at what it left."""
    context = browsers.desktop()
    specialist = Specialist(context)
    page, keys = specialist.page, Keyboard(specialist.page)
    phone = Phone(browsers.handset())
    path.sign_in(keys, embedded)
    path.open_validation(keys)
    path.put_on_the_roster(keys)
    path.schedule(keys)
    phone.join(path.invite(keys))
    path.enter_room(keys)
    phone.is_in_room()
    path.answer(keys)
    path.gather(keys, specialist)
    found = path.room_faults(keys, phone.page)
    path.end(keys)
    path.set_due_date(keys)
    path.review(keys)
    validation_id = page.url.rsplit("/", 1)[-1]
    yield Walked(embedded.origin, validation_id, context.storage_state(), keys.stops, keys.unseen, found)
    context.close()
    phone.context.close()


def test_every_stop_of_the_keyboard_shows_where_it_is(walked: Walked) -> None:
    """WCAG 2.4.7 and 2.4.11: whoever tabs through the path sees the focus at every stop."""
    assert walked.unseen == []
    assert walked.stops > 100


def test_room_with_moving_pictures_has_no_fault(walked: Walked) -> None:
    """On laptop and phone, in both languages."""
    assert walked.room_faults == []


@pytest.mark.parametrize("language", ["en-US", "es-MX"])
@pytest.mark.parametrize("device", ["desktop", "handset"])
def test_review_of_a_recorded_session_has_no_fault(
    walked: Walked, browsers: Browsers, device: str, language: str
) -> None:
    """With its lanes, many entries close together, and each tab; nothing runs off the side of a phone."""
    context: BrowserContext = getattr(browsers, device)(language=language, login=walked.login)
    page = watched(context)
    page.add_init_script("localStorage.removeItem('sightline.language')")
    page.goto(f"{walked.origin}/review/{walked.validation_id}")
    expect(page.locator("video[data-lane]")).to_have_count(2)
    several = page.locator(".timeline__point--many").first
    expect(several).to_be_visible()
    found = faults(page, "lanes")
    several.click()
    found += faults(page, "list")
    for tab in page.get_by_role("tab").all():
        tab.click()
        found += faults(page, tab.inner_text())
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()
    assert (found, wide) == ([], False)
