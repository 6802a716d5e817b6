"""The whole product behind a firewall that lets the pages and the relay's TLS port through, and nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import FLAGS, Browsers
from tests.browser.people import Phone, Specialist
from tests.parts.networks import MEDIA, OTHER, TURN, put_firewall
from tests.parts.product import Product, product_inside
from tests.parts.relay_part import PORTS, Relay, relay_part

GUIDE, LEAD = "Mateo Rangel", "Ruth Delgado"
URLS = f"turn:{TURN}:{PORTS['udp']}?transport=udp,turn:{TURN}:{PORTS['tcp']}?transport=tcp,turns:{TURN}:{PORTS['tls']}"


@pytest.fixture
def relay() -> Iterator[Relay]:
    """Run coturn as Compose does."""
    with relay_part() as opened:
        yield opened


@pytest.fixture
def inside(relay: Relay) -> Iterator[Product]:
    """Run the product beside the relay; only the pages' port and the relay's TLS port are let through."""
    told = {"media_addresses": MEDIA, "media_port": "50000", "turn_urls": URLS, "turn_secret": relay.secret}
    with product_inside(relay.inner, OTHER, **told) as found:
        put_firewall(relay.inner, tcp_ports=(PORTS["tls"], 8000))
        yield found


@pytest.fixture
def outside(relay: Relay, inside: Product, clips: Path, tmp_path: Path) -> Iterator[Browsers]:
    """Run Chromium outside; the site's address counts as safe for it, as one with a certificate would."""
    starts, trusts = relay.chromium_outside(tmp_path)
    safe = f"--unsafely-treat-insecure-origin-as-secure={inside.origin}"
    camera = f"--use-file-for-fake-video-capture={clips / 'camera.mjpeg'}"
    tone = f"--use-file-for-fake-audio-capture={clips / 'phone.wav'}"
    with sync_playwright() as devices:
        browser = devices.chromium.launch(executable_path=starts, args=[*FLAGS, trusts, safe, camera, tone])
        yield Browsers(browser, browser, devices)
        browser.close()


def test_tour_runs_and_everybody_knew_before(inside: Product, outside: Browsers) -> None:
    """The guest's test says so in words, the specialist reads it before the session, and then the picture moves."""
    phone, lead = Phone(outside.handset()), Specialist(outside.desktop())
    page = phone.page
    page.goto(inside.link(GUIDE))
    page.get_by_role("link", name="Test the connection").click()
    page.get_by_role("button", name="Start the test").click()
    expect(page.get_by_text("Relay over TLS/TCP only")).to_be_visible()
    for way, state in (("Direct (UDP)", "Blocked"), ("Relay over TCP", "Blocked"), ("Relay over TLS", "Works")):
        expect(page.get_by_role("listitem").filter(has_text=way).get_by_text(state)).to_be_visible()
    expect(page.locator("pre")).to_contain_text(f"UDP to {MEDIA} port 50000 (picture and sound, direct)")
    expect(page.get_by_text(re.compile("The specialist sees"))).to_be_visible()

    lead.sign_in(inside.link(LEAD))
    me = page.evaluate("async () => (await fetch('/api/me')).json()")
    lead.page.goto(f"{inside.origin}/validations/{me['validation_id']}/sessions/{me['validation_session_id']}")
    expect(lead.page.get_by_text("Relay over TLS/TCP only")).to_be_visible()

    phone.join(f"{inside.origin}/join")
    lead.page.goto(inside.origin)
    lead.enter_room()
    lead.admit()
    phone.is_in_room()
