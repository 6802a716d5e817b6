"""Interruptions are facts: each one done to a phone is one entry, on time and by name, and clean minutes none."""

import os
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.conftest import Browsers
from tests.browser.interrupting import TRACKS, Cut, Interrupter, Lines, lines, now
from tests.browser.people import Phone, Specialist
from tests.parts.product import Product
from tests.waiting import wait_until_blocking

WITHIN_S = 0.5
CLEAN_S = float(os.environ.get("SIGHTLINE_TEST_CLEAN_S", "20"))
"""How long nothing happens at the end; half an hour in `make endurance`."""
STATED = """async () => {
  const [id] = location.pathname.match(/[0-9a-f-]{36}/);
  const page = await (await fetch(`/api/validations/${id}/entries?limit=1000`)).json();
  return page.items.filter((one) => one.tag === 'tour.interruption').map((one) => one.data);
}"""


@pytest.fixture
def carried() -> Iterator[Lines]:
    """Give the lines between the phone and the media port."""
    with lines() as found:
        yield found


def stated(specialist: Specialist) -> list[dict[str, str | None]]:
    """Return what the ledger says was interrupted, in the order in which it began."""
    found: list[dict[str, str | None]] = specialist.page.evaluate(STATED)
    return sorted(found, key=lambda one: str(one["started_at"]))


def off_by_s(cut: Cut, entry: dict[str, str | None]) -> tuple[float, float]:
    """Return how far the recorded start and end lie from the script's."""
    began, ended = (datetime.fromisoformat(str(entry[name])) for name in ("started_at", "ended_at"))
    return (began - cut.began).total_seconds(), (ended - cut.ended).total_seconds()


def is_moving(specialist: Specialist) -> None:
    """Wait until the picture goes on."""
    before = specialist.playing()
    wait_until_blocking(lambda: specialist.playing() > before + 1, within_s=40)


def says_so(phone: Phone, specialist: Specialist) -> None:
    """Look at both sides during a call: why, since when, the last picture dimmed, and nothing amiss for axe."""
    for page in (phone.page, specialist.page):
        expect(page.locator(".paused")).to_contain_text("Paused: phone call")
        expect(page.locator(".paused")).to_contain_text("since ")
        expect(page.locator("video.picture--dim")).to_be_visible()
    assert faults(phone.page, "phone in a call") + faults(specialist.page, "room in a call") == []


def test_each_interruption_is_one_entry_and_clean_minutes_are_none(
    embedded: Product, browsers: Browsers, carried: Lines
) -> None:
    """Start and end within half a second of what was done; meanwhile the picture says why it is paused."""
    phone, specialist = Phone(browsers.handset()), Specialist(browsers.desktop())
    phone.page.add_init_script(TRACKS)
    phone.page.route("**/api/whip/**", carried.detour)
    phone.join(embedded.link("Mateo Rangel"))
    specialist.sign_in(embedded.link("Ruth Delgado"))
    specialist.enter_room()
    specialist.admit()
    phone.is_in_room()
    interrupt = Interrupter(phone, carried)
    steps = (
        interrupt.change_path,
        interrupt.hide,
        interrupt.freeze,
        interrupt.mute,
        interrupt.pause,
        interrupt.end_track,
        interrupt.swap,
        lambda: interrupt.call(lambda: says_so(phone, specialist)),
        interrupt.lock,
        lambda: interrupt.lose_network(8),
        lambda: interrupt.lose_network(45),
    )
    done: list[Cut] = []
    for step in steps:
        done.append(step())
        wait_until_blocking(lambda: len(stated(specialist)) >= len(done), within_s=40)
        is_moving(specialist)
    began = now()
    wait_until_blocking(lambda: (now() - began).total_seconds() > CLEAN_S, within_s=CLEAN_S + 5)
    found = stated(specialist)
    assert [entry["cause"] for entry in found] == [cut.cause for cut in done], found
    apart = {cut.cause: off_by_s(cut, entry) for cut, entry in zip(done, found, strict=True)}
    assert {cause: off for cause, off in apart.items() if max(map(abs, off)) > WITHIN_S} == {}
    expect(specialist.page.locator(".paused")).to_have_count(0)
