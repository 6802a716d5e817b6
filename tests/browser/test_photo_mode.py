"""A tour over a line too thin for video: both sides are told, photos come, and the video is back by itself."""

from playwright.sync_api import expect

from tests.browser.conftest import Browsers
from tests.browser.detours import detours
from tests.browser.people import Phone, Specialist
from tests.parts.product import Product
from tests.waiting import wait_until_blocking

SLOW_MS = 90_000
WORDS = "Photo and voice: slow line"


def test_thin_line_turns_the_tour_to_photo_and_voice_and_back(embedded: Product, browsers: Browsers) -> None:
    """The phone and the specialist read it on the picture, with the age of the photo; then the picture moves again."""
    phone, specialist = Phone(browsers.handset()), Specialist(browsers.desktop())
    with detours() as lines:
        lines.lead(phone.page)
        phone.join(embedded.link("Mateo Rangel"))
        specialist.sign_in(embedded.link("Ruth Delgado"))
        specialist.enter_room()
        specialist.admit()
        lines.narrow(120)
        expect(specialist.page.get_by_text(WORDS)).to_be_visible(timeout=SLOW_MS)
        expect(specialist.page.get_by_alt_text("What the camera of Mateo Rangel showed last")).to_be_visible()
        expect(specialist.page.get_by_text("s old")).to_be_visible()
        expect(phone.page.get_by_text(WORDS)).to_be_visible()
        expect(phone.page.get_by_text("s old")).to_be_visible()
        lines.narrow(0)
        expect(specialist.page.get_by_text(WORDS)).to_have_count(0, timeout=SLOW_MS)
        expect(phone.page.get_by_text(WORDS)).to_have_count(0)
        before = specialist.playing()
        wait_until_blocking(lambda: specialist.playing() > before + 1, within_s=40)
        specialist.end()
