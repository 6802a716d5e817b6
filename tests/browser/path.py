"""The specialist's path by keyboard alone, step by step, from signing in to the review."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import faults
from tests.browser.keyboard import Keyboard
from tests.browser.people import Specialist
from tests.parts.product import Product
from tests.waiting import wait_until_blocking

LEAD, EMAIL, PASSWORD = "Ruth Delgado", "ruth.delgado@office.example", "a lamp over every gate"
ZONE = ZoneInfo("America/Monterrey")
"""Of the only site of Manufacturas Cerro Alto."""
TIMES = "() => [...document.querySelectorAll('video[data-lane]')].map(v => v.currentTime)"


def sign_in(keys: Keyboard, site: Product) -> None:
    """Choose a password after the first link, leave, and come back by it."""
    page = keys.page
    page.goto(site.link(LEAD))
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    keys.reach_button(LEAD)
    keys.press("Enter")
    keys.reach_link("My account")
    keys.press("Enter")
    keys.reach_field("New password")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_text("Your password is saved.").first).to_be_visible()
    keys.reach_button(LEAD)
    keys.press("Enter")
    keys.reach_button("Sign out")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    keys.reach_field("E-mail address")
    keys.type(EMAIL)
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def open_validation(keys: Keyboard) -> None:
    """Open a validation of a member and its site."""
    page = keys.page
    keys.reach_link("New validation")
    keys.press("Enter")
    keys.reach(page.get_by_role("combobox", name="Member"))
    keys.type("cerro")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Open validation")).to_be_enabled()
    keys.reach_field("Site")
    expect(page.get_by_label("Lead specialist").locator("option:checked")).to_have_text(LEAD)
    keys.reach_button("Open validation")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Manufacturas Cerro Alto")).to_be_visible()


def put_on_the_roster(keys: Keyboard) -> None:
    """Let the member's guide take part; the field that is asked for first has the focus."""
    page = keys.page
    keys.reach_button("Add person")
    keys.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox", name="Person")).to_be_focused()
    keys.type("mateo")
    keys.press("Enter")
    keys.reach_button("Add person", dialog)
    keys.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Add person")).to_be_focused()


def schedule(keys: Keyboard) -> None:
    """Schedule a session for now, on the clock of the site."""
    now = datetime.now(UTC).astimezone(ZONE)
    keys.reach_link("Schedule a session")
    keys.press("Enter")
    keys.reach_field("Date")
    keys.type_day(now)
    keys.reach_field("Time at the site")
    keys.type_clock(now)
    keys.reach_button("Schedule session")
    keys.press("Enter")
    expect(keys.page.get_by_role("heading", name="Invitations")).to_be_visible()


def invite(keys: Keyboard) -> str:
    """Send the guide an invitation and return its link."""
    dialog = keys.page.get_by_role("dialog")
    keys.reach_button("Send invitation")
    keys.press("Enter")
    link = dialog.locator("code").inner_text()
    keys.press("Escape")
    expect(dialog).to_have_count(0)
    return link


def enter_room(keys: Keyboard) -> None:
    """Agree to the recording, start the session and let the guide in."""
    page = keys.page
    keys.reach_link("Open the room")
    keys.press("Enter")
    keys.reach_field("Yes, record it")
    keys.press("Space")
    keys.reach_button("Enter the room")
    keys.press("Enter")
    keys.reach_button("Start the session")
    keys.press("Enter")
    keys.reach_button("Admit")
    keys.press("Enter")
    expect(page.get_by_role("button", name="End session")).to_be_visible()


def criterion(page: Page, criterion_id: str) -> Locator:
    """Return a line of the checklist."""
    return page.locator(f"[id='criterion-{criterion_id}']")


def answer(keys: Keyboard) -> None:
    """Answer with single keys; then the next open line has the focus. A line that was closed is left from there."""
    page = keys.page
    keys.press("j")
    expect(criterion(page, "1.1")).to_be_focused()
    keys.press("1")
    expect(criterion(page, "1.2")).to_be_focused()
    keys.press("e")
    keys.type("The policy hangs at the gate.")
    keys.press("Escape")
    expect(criterion(page, "1.2")).to_be_focused()
    keys.press("1")
    expect(criterion(page, "1.3")).to_be_focused()
    keys.press("3")
    expect(page.get_by_label("Note")).to_be_focused()
    keys.type("No audit component was found.")
    keys.press("Control+Enter")
    expect(criterion(page, "1.4")).to_be_focused()
    for criterion_id, verdict in (("1.1", "Met"), ("1.2", "Met"), ("1.3", "Not met")):
        expect(criterion(page, criterion_id).get_by_text(verdict, exact=True)).to_be_visible()
    keys.press("Enter")
    expect(criterion(page, "1.4")).to_have_attribute("aria-expanded", "false")
    keys.press("ArrowUp")
    expect(criterion(page, "1.3")).to_be_focused()
    keys.press("Enter")
    keys.press("j")
    expect(criterion(page, "1.4")).to_be_focused()


def gather(keys: Keyboard, specialist: Specialist) -> None:
    """Name a stop, mark moments, take a still, and show without storing."""
    page = keys.page
    wait_until_blocking(lambda: specialist.playing() > 1, within_s=40)
    keys.press("n")
    expect(page.get_by_role("dialog").get_by_label("New stop")).to_be_focused()
    keys.type("Gate 1")
    keys.press("Enter")
    expect(page.get_by_text("Stop 1 of 1: Gate 1")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)  # a single key does nothing while it is open
    keys.press("s")
    specialist.strip(1)
    for number in (1, 2, 3):
        keys.press("m")
        expect(page.get_by_text(f"Marked: Mark {number}, Gate 1").first).to_be_visible()
    keys.press("p")
    keys.reach_button("Store again")
    keys.press("Space")
    expect(page.get_by_role("button", name="Show, do not store")).to_be_focused()
    keys.reach(page.get_by_role("tab", name="Checklist"))
    keys.press("ArrowRight")
    expect(page.get_by_role("tab", name="Requests")).to_be_focused()
    keys.press("ArrowLeft")


def room_faults(keys: Keyboard, phone: Page) -> list[str]:
    """Return what axe finds in the room while pictures move, on laptop and phone, in both languages."""
    found: list[str] = []
    for language, more, sheet in (("Español", "More:", "Archivos y personas"), ("English", "Más:", "Files and people")):
        keys.reach_button(language)
        keys.press("Enter")
        phone.get_by_role("button", name=more).click()
        phone.get_by_role("button", name=language).click()
        expect(phone.get_by_role("dialog", name=sheet)).to_be_visible()
        found += faults(phone, f"{language} sheet")
        phone.keyboard.press("Escape")
        found += faults(phone, f"{language} phone")
        found += faults(keys.page, f"{language} room")
    return found


def end(keys: Keyboard) -> None:
    """End the session and go on to the validation."""
    page = keys.page
    keys.reach_button("End session")
    keys.press("Enter")
    keys.reach_button("End session", page.get_by_role("dialog"))
    keys.press("Enter")
    expect(page.get_by_text("The session is over")).to_be_visible()
    keys.reach_link("Go to the validation")
    keys.press("Enter")


def set_due_date(keys: Keyboard) -> None:
    """Give the finding, which the unmet must has opened, another due date."""
    page = keys.page
    day = datetime.now(UTC).date() + timedelta(days=45)
    keys.reach_button("Change the due date of the finding on 1.3")
    keys.press("Enter")
    expect(page.get_by_role("dialog").get_by_label("Due on")).to_be_focused()
    keys.type_day(day)
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    row = page.get_by_role("row").filter(has_text="1.3")
    expect(row.get_by_text(f"{day:%b} {day.day}, {day.year}")).to_be_visible()


def review(keys: Keyboard) -> None:
    """Play the recording, stop it, and seek by one of the points that lie close together."""
    page = keys.page
    keys.reach_link("Review")
    keys.press("Enter")
    expect(page.locator("video[data-lane]")).to_have_count(2, timeout=90_000)
    keys.press("k")
    wait_until_blocking(lambda: min(page.evaluate(TIMES)) > 1, within_s=40)
    keys.press("k")
    expect(page.get_by_label("Play (K)")).to_be_visible()
    timeline = page.get_by_role("region", name="Timeline")
    several = timeline.get_by_role("button", name="entries").first
    keys.reach(several)
    keys.press("Enter")
    entry = timeline.locator(":popover-open").get_by_role("button").last
    keys.reach(entry)
    hour, minute, second = map(int, entry.inner_text().split()[0].split(":"))
    keys.press("Enter")
    wait_until_blocking(lambda: int(page.evaluate(TIMES)[0]) == hour * 3600 + minute * 60 + second, within_s=20)
    keys.press("Escape")
    expect(entry).to_be_hidden()
    expect(several).to_be_focused()
    turn_keys_off_and_on(keys)
    keys.reach(page.get_by_role("tab", name="Answers"))
    keys.press("ArrowRight")
    expect(page.get_by_role("tab", name="Entries")).to_be_focused()
    expect(page.get_by_label("Search the entries")).to_be_visible()


def turn_keys_off_and_on(keys: Keyboard) -> None:
    """WCAG 2.1.4: single keys can be turned off, and are off in the room too."""
    page = keys.page
    switch = page.get_by_role("dialog").get_by_label("Single keys are on")
    keys.press("?")
    expect(switch).to_be_focused()
    keys.press("Space", "Escape", "k", "?")
    expect(page.get_by_label("Play (K)")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    keys.reach_button("Keys (?)")
    keys.press("Enter")
    expect(switch).not_to_be_checked()
    keys.press("Space", "Escape", "?")
    expect(switch).to_be_checked()
    keys.press("Escape")
