"""One real validation, from the door of the room to the proof that nothing was altered, in the browser."""

import base64
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.bundles import (
    ROOT,
    bagit_is_content,
    sha256sum_is_content,
    unpack,
    verify,
    with_flipped_byte,
)
from tests.browser.conftest import OFFICE_HZ, PHONE_HZ, Browsers, watched
from tests.browser.people import MIB, Phone, Specialist
from tests.parts.clips import decode_errors, duration_s, shows_bars, tone_share
from tests.parts.files import heic, jpeg, noise, pdf, png
from tests.parts.forging import signed_anew
from tests.parts.product import Product
from tests.waiting import wait_until_blocking

TOUR_S = 25
LANES = (".webm", ".weba", ".mp4", ".m4a")


@pytest.fixture(scope="module", params=["embedded", "production"])
def site(request: pytest.FixtureRequest) -> Product:
    """Give the product on each set of parts."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Product)
    return found


def test_validation_is_walked_recorded_reviewed_and_proved(site: Product, browsers: Browsers, tmp_path: Path) -> None:
    """Steps 1 to 9 of the path; then the bundle is judged by tools that know nothing of us."""
    phone, specialist = Phone(browsers.handset()), Specialist(browsers.desktop())
    phone.join(site.link("Mateo Rangel"))
    specialist.sign_in(site.link("Ruth Delgado"))
    specialist.enter_room()
    specialist.admit()
    phone.is_in_room()
    began = specialist.playing()
    walk(phone, specialist, tmp_path)
    wait_until_blocking(lambda: specialist.playing() > began + TOUR_S, within_s=90)
    specialist.end()
    page = watched(browsers.desktop())
    page.goto(site.link("Helen Osei"))
    validation_id = review(page)
    bundle = export(specialist.page, site, validation_id, tmp_path)
    judge(bundle, site.data / "keys" / "checkpoint.pub", tmp_path)
    fsck = subprocess.run(
        [sys.executable, "-m", "server", "fsck"],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **site.environment},
        timeout=120,
    )
    assert (fsck.returncode, fsck.stdout.splitlines()[-1]) == (0, "sound"), fsck.stdout


def walk(phone: Phone, specialist: Specialist, folder: Path) -> None:
    """Answer, take a still, send files, show without storing, and lose a page in the middle of it all."""
    page = specialist.page
    page.get_by_role("tab", name="Checklist").click()
    specialist.answer("1.1", "1", "Met")
    specialist.answer("1.3", "3", "Not met", "No audit component was found.")
    page.get_by_role("button", name="Next stop").click()
    page.get_by_role("button", name="Still").click()
    specialist.strip(1)
    files = {"dock.jpg": jpeg(), "gate.heic": heic(), "plan.png": png(), "procedure.pdf": pdf()}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    phone.send(*(folder / name for name in files))
    phone.close_sheet()
    specialist.strip(1 + len(files))
    (folder / "yard.png").write_bytes(noise(1100, 1100))
    requests = phone.is_killed_while_sending(folder / "yard.png")
    specialist.strip(2 + len(files))
    asked, (method, offset) = requests()[:2]
    # The chunk that was held may still leave with the page; what matters is that nothing is sent from the start again.
    assert (asked, method) == (("HEAD", None), "PATCH")
    assert int(offset or 0) >= MIB
    assert "POST" not in {method for method, _ in requests()}
    page.get_by_role("button", name="Show, do not store").click()
    expect(page.get_by_role("button", name="Store again")).to_be_visible()
    page.get_by_role("button", name="Store again").click()
    expect(page.get_by_role("button", name="Show, do not store")).to_be_visible()
    page.reload()
    expect(page.get_by_text("2 of 96 answered")).to_be_visible()
    wait_until_blocking(lambda: specialist.playing() > 1, within_s=40)


def review(page: Page) -> str:
    """Watch the lanes in step, seek by an entry, mark every answer and sign; return the validation's id."""
    page.get_by_role("link", name="Validations", exact=True).click()
    page.get_by_role("link", name="V-2026-0003").first.click()
    page.get_by_role("link", name="Review", exact=True).click()
    expect(page.get_by_role("heading", name="Review of V-2026-0003")).to_be_visible()
    expect(page.locator("video[data-lane]")).to_have_count(2, timeout=90_000)
    page.get_by_label("Play (K)").click()
    times = "() => [...document.querySelectorAll('video[data-lane]')].map(v => v.currentTime)"
    wait_until_blocking(lambda: min(page.evaluate(times)) > 2, within_s=40)
    page.get_by_label("Pause (K)").click()
    first, *others = page.evaluate(times)
    assert all(abs(first - other) < 0.3 for other in others)
    page.get_by_role("tab", name="Entries").click()
    page.get_by_role("button", name="1.3: Not met", exact=False).first.click()
    wait_until_blocking(lambda: abs(page.evaluate(times)[0] - first) > 0.2, within_s=20)
    page.get_by_role("tab", name="Answers").click()
    for criterion in ("1.1", "1.3"):
        row = page.get_by_role("listitem").filter(has=page.get_by_label(f"Note on {criterion}"))
        row.get_by_label("Supported", exact=True).check()
        row.get_by_role("button", name="Save").click()
        expect(row.get_by_text("Saved", exact=False)).to_be_visible()
    page.get_by_role("button", name="Sign the review").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Review signed by Helen Osei", exact=False)).to_be_visible()
    return page.url.rsplit("/", 1)[-1]


def export(page: Page, site: Product, validation_id: str, folder: Path) -> Path:
    """Make a bundle and take it; return it unpacked."""
    page.goto(f"{site.origin}/validations/{validation_id}")
    page.get_by_role("button", name="Make a bundle").click()
    link = page.get_by_role("link", name="Bundle of", exact=False)
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    archive = folder / "bundle.zip"
    download.value.save_as(archive)
    return unpack(archive, folder / "bundle")


def tour_length_s(bundle: Path) -> float:
    """Return how long the session lasted, as the bundle's own entries of its start and end say."""
    bodies = [json.loads(line) for line in (bundle / "data/ledger/bodies.jsonl").read_text().splitlines()]
    tags = {json.loads(base64.b64decode(body["body"]))["tag"]: body["seq"] for body in bodies}
    headers = [json.loads(line) for line in (bundle / "data/ledger/headers.jsonl").read_text().splitlines()]
    began, ended = (
        datetime.fromisoformat(headers[tags[tag]]["at"]) for tag in ("tour.session_started", "tour.session_ended")
    )
    return (ended - began).total_seconds()


def judge(bundle: Path, key: Path, folder: Path) -> None:
    """Find the bundle sound, one flipped byte in it by each tool, and another history by whoever has our key."""
    assert (bagit_is_content(bundle), sha256sum_is_content(bundle)) == (True, True)
    assert verify(bundle, "--key", str(key)) == 0
    assert verify(bundle) == 3
    lanes = [lane for lane in sorted((bundle / "data" / "derivatives").iterdir()) if lane.suffix in LANES]
    video = next(lane for lane in lanes if lane.suffix == ".mp4")
    assert [decode_errors(lane) for lane in lanes] == [""] * len(lanes)
    assert max(tone_share(lane, PHONE_HZ) for lane in lanes) > 0.5
    assert max(tone_share(lane, OFFICE_HZ) for lane in lanes) > 0.5
    tour_s = tour_length_s(bundle)
    assert tour_s > TOUR_S
    assert [lane for lane in lanes if abs(duration_s(lane) - tour_s) > 1] == []
    stills = [path for path in (bundle / "data" / "originals").iterdir() if "still" in path.name]
    assert [shows_bars(still) for still in stills] == [True]
    damaged = with_flipped_byte(bundle, folder / "damaged", str(video.relative_to(bundle)))
    assert (bagit_is_content(damaged), sha256sum_is_content(damaged)) == (False, False)
    assert verify(damaged, "--key", str(key)) == 1
    forged, their_key = signed_anew(bundle, folder / "forged", old=b'"not_met"', new=b'"met"')
    assert (bagit_is_content(forged), sha256sum_is_content(forged)) == (True, True)
    assert (verify(forged, "--key", their_key), verify(forged)) == (0, 3)
    assert verify(forged, "--key", str(key)) == 1
