"""The test of the connection before the day: what a guest sees, and what the specialist sees of it."""

import re

from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.conftest import Browsers, watched
from tests.parts.product import Product

CLOSED = """() => {
  const Plain = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Plain {
    constructor() { super({ iceTransportPolicy: "relay" }); }
  };
}"""
"""Stands for a firewall: a connection may use a relay only, and knows none."""
GUIDE, LEAD = "Mateo Rangel", "Ruth Delgado"


def test_guest_tests_the_line_and_the_specialist_sees_each_result(embedded: Product, browsers: Browsers) -> None:
    """From the invitation on, before any consent: first the way is direct, then behind a firewall there is none."""
    phone, office = browsers.handset(), browsers.desktop()
    phone.grant_permissions(["clipboard-read", "clipboard-write"])
    guest, lead = watched(phone), watched(office)
    guest.goto(embedded.link(GUIDE))
    guest.get_by_role("link", name="Test the connection").click()
    guest.get_by_role("button", name="Start the test").click()
    expect(guest.get_by_text("Direct", exact=True)).to_be_visible()
    expect(guest.get_by_text(re.compile("The specialist sees the result"))).to_be_visible()
    assert faults(guest, "direct") == []

    lead.goto(embedded.link(LEAD))
    expect(lead.get_by_role("heading", name="Today")).to_be_visible()
    lines = office.request.get(f"{embedded.origin}/api/validations").json()["items"]
    me = phone.request.get(f"{embedded.origin}/api/me").json()
    assert me["validation_id"] in {line["id"] for line in lines}
    lead.goto(f"{embedded.origin}/validations/{me['validation_id']}/sessions/{me['validation_session_id']}")
    row = lead.get_by_role("region", name="Connection tests").get_by_role("row", name=re.compile(GUIDE))
    expect(row.get_by_text("Direct", exact=True)).to_be_visible()
    assert faults(lead, "session") == []

    guest.evaluate(CLOSED)
    guest.get_by_role("button", name="Test again").click()
    expect(guest.get_by_text("Testing. This takes up to ten seconds.")).to_be_visible()
    expect(guest.get_by_text("No way through")).to_be_visible()
    text = guest.locator("pre").inner_text()
    assert re.search(r"^UDP to 127\.0\.0\.1 port \d+ \(picture and sound, direct\)$", text, re.MULTILINE)
    guest.get_by_role("button", name="Copy the text").click()
    assert guest.evaluate("() => navigator.clipboard.readText()") == text
    expect(row.get_by_text("No way through")).to_be_visible()
    assert faults(guest, "none") == []

    guest.get_by_role("button", name="Español").click()
    expect(guest.get_by_text("Sin vía de conexión")).to_be_visible()
    assert "UDP a 127.0.0.1, puerto" in guest.locator("pre").inner_text()
    guest.get_by_role("link", name="Volver").click()
    expect(guest.get_by_role("button", name="Continuar")).to_be_visible()
    phone.close()
    office.close()


def test_office_tests_its_own_line(embedded: Product, browsers: Browsers) -> None:
    """From the session's page, and back to it with the result; whoever sits in no session tests and keeps nothing."""
    office = browsers.desktop()
    page = watched(office)
    page.goto(embedded.link("Grace Whitfield"))
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    page.goto(f"{embedded.origin}/connection")
    page.get_by_role("button", name="Start the test").click()
    expect(page.get_by_text("Direct", exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile("The specialist sees"))).to_have_count(0)
    office.close()
