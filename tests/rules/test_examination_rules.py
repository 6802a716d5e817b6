"""The checks of an original, value by value: what passes, what is to be looked at, what is wrong."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from evidence.examination import rules
from evidence.examination.likeness import BANDS, bands_of, distance
from evidence.examination.rules import CheckName, CheckResult, Fence, Outcome, Subject, Twin, examine
from evidence.ids import ItemId
from evidence.intake.signals import Signals
from evidence.items.rules import Camera, Claims, Facts, ItemKind

RECEIVED = datetime(2026, 11, 24, 15, 32, tzinfo=UTC)
SITE = Fence(latitude_deg=25.6866, longitude_deg=-100.3161)
GOOD = Signals(
    exif_tags=30,
    exif_width_px=4000,
    exif_height_px=3000,
    exif_changed_at="2026-11-24T09:30:05",
    gps_at="2026-11-24T15:30:02+00:00",
    names_screen=0,
    jpeg_quality=93,
    jpeg_progressive=0,
    sharpness=400.0,
    dark_share=0.1,
    raster=0.01,
    picture_hash="0" * 64,
    hash_steps=200,
)
CLAIMS = Claims(
    captured_at_device=RECEIVED - timedelta(minutes=1),
    exif_captured_at="2026-11-24T09:30:05-06:00",
    latitude_deg=25.6870,
    longitude_deg=-100.3165,
    device="Acme Phone 9",
)
HERE = Twin(item_id=ItemId(UUID(int=1)), distance=3, is_here=True)
ELSEWHERE = Twin(item_id=ItemId(UUID(int=2)), distance=5, is_here=False)


def subject(**changed: object) -> Subject:
    """Return a photograph that is in order but for what is changed; claims and signals by their fields."""
    claims = {name: changed.pop(name) for name in list(changed) if name in Claims.model_fields}
    signals = {name: changed.pop(name) for name in list(changed) if name in Signals.model_fields}
    told: dict[str, object] = {
        "kind": ItemKind.PHOTO,
        "camera": None,
        "facts": Facts(width_px=4000, height_px=3000),
        "claims": CLAIMS.model_copy(update=claims),
        "signals": GOOD.model_copy(update=signals),
        "received_at": RECEIVED,
        "fence": SITE,
    }
    return Subject.model_validate(told | changed)


def found(one: Subject, name: CheckName) -> CheckResult:
    """Return the result of one check."""
    (result,) = (result for result in examine(one) if result.name is name)
    return result


def test_a_photograph_in_order_passes_everything() -> None:
    results = examine(subject())
    assert [one.name for one in results] == list(CheckName)
    assert {one.outcome for one in results} == {Outcome.PASS}
    assert {one.version for one in results} == {rules.VERSION}


METADATA: list[tuple[dict[str, object], Outcome, str]] = [
    ({"exif_tags": 0, "device": None, "exif_captured_at": None}, Outcome.WARN, "stripped"),
    ({"device": None, "exif_captured_at": None}, Outcome.WARN, "stripped"),
    ({"exif_tags": 0, "camera": Camera.FULL}, Outcome.PASS, "made_by_page"),
    ({"gps_at": "2026-11-24T12:30:02+00:00"}, Outcome.FAIL, "times_contradict"),
    ({"gps_at": "2026-11-24T15:44:02+00:00"}, Outcome.PASS, "whole"),
    ({"exif_captured_at": "2026-11-24T09:30:05", "gps_at": "2026-11-24T15:30:02+00:00"}, Outcome.PASS, "whole"),
    (
        {"exif_captured_at": "2026-11-24T09:30:05", "gps_at": "2026-11-22T15:30:02+00:00"},
        Outcome.FAIL,
        "times_contradict",
    ),
    ({"exif_changed_at": "2026-11-24T08:30:05"}, Outcome.FAIL, "taken_after_change"),
    ({"exif_changed_at": "2026-11-24T10:30:05"}, Outcome.PASS, "whole"),
    ({"software": "Adobe Photoshop 25"}, Outcome.WARN, "edited_with"),
    ({"software": "17.5.1"}, Outcome.PASS, "whole"),
    ({"exif_width_px": 3000, "exif_height_px": 4000}, Outcome.PASS, "whole"),
    ({"exif_width_px": 2000}, Outcome.WARN, "size_differs"),
]
CLOCK: list[tuple[dict[str, object], Outcome, str]] = [
    ({"captured_at_device": None, "exif_captured_at": None}, Outcome.NOT_CHECKED, "no_time"),
    ({"captured_at_device": RECEIVED + timedelta(minutes=1)}, Outcome.PASS, "fits"),
    ({"captured_at_device": RECEIVED + timedelta(minutes=3)}, Outcome.FAIL, "ahead"),
    ({"exif_captured_at": "2026-11-24T09:40:05-06:00"}, Outcome.FAIL, "ahead"),
    ({"exif_captured_at": "2026-11-25T05:30:00", "captured_at_device": None}, Outcome.PASS, "fits"),
    ({"exif_captured_at": "2026-11-25T06:30:00", "captured_at_device": None}, Outcome.FAIL, "ahead"),
    ({"exif_captured_at": "2026-11-24T08:30:05-06:00"}, Outcome.WARN, "clocks_differ"),
    ({"captured_at_device": RECEIVED - timedelta(hours=25), "exif_captured_at": None}, Outcome.WARN, "long_before"),
    ({"captured_at_device": RECEIVED - timedelta(hours=23), "exif_captured_at": None}, Outcome.PASS, "fits"),
    ({"exif_captured_at": "rubbish"}, Outcome.PASS, "fits"),
]
POSITION: list[tuple[dict[str, object], Outcome, str]] = [
    ({"fence": None}, Outcome.NOT_CHECKED, "site_unknown"),
    ({"latitude_deg": None}, Outcome.NOT_CHECKED, "no_position"),
    ({"longitude_deg": 100.3161}, Outcome.WARN, "longitude_sign"),
    ({"latitude_deg": -25.6866}, Outcome.WARN, "latitude_sign"),
    ({"latitude_deg": 25.72}, Outcome.WARN, "near"),
    ({"latitude_deg": 25.76}, Outcome.FAIL, "elsewhere"),
    ({"latitude_deg": -25.6866, "longitude_deg": 100.3161}, Outcome.FAIL, "elsewhere"),
]
COPY: list[tuple[dict[str, object], Outcome, str]] = [
    ({"names_screen": 1}, Outcome.WARN, "screenshot"),
    ({"raster": 0.4}, Outcome.WARN, "raster"),
    ({"raster": 0.34}, Outcome.PASS, "no_signs"),
    ({"jpeg_progressive": 1}, Outcome.WARN, "recoded"),
    ({"jpeg_quality": 70, "device": None}, Outcome.WARN, "recoded"),
    ({"jpeg_quality": 70}, Outcome.PASS, "no_signs"),
    ({"jpeg_quality": 70, "device": None, "camera": Camera.FRAME}, Outcome.PASS, "no_signs"),
    ({"jpeg_quality": None, "jpeg_progressive": None}, Outcome.PASS, "no_signs"),
]
TWINS: list[tuple[dict[str, object], CheckName, Outcome, str]] = [
    ({"same": (HERE,)}, CheckName.SAME_BYTES, Outcome.WARN, "in_this_case"),
    ({"same": (HERE, ELSEWHERE)}, CheckName.SAME_BYTES, Outcome.FAIL, "in_another_case"),
    ({"same": (ELSEWHERE,), "kind": ItemKind.DOCUMENT}, CheckName.SAME_BYTES, Outcome.WARN, "in_another_case"),
    ({"like": (HERE,)}, CheckName.LIKENESS, Outcome.WARN, "in_this_case"),
    ({"like": (HERE, ELSEWHERE)}, CheckName.LIKENESS, Outcome.WARN, "in_another_case"),
    ({"like": (ELSEWHERE,), "hash_steps": 47}, CheckName.LIKENESS, Outcome.NOT_CHECKED, "too_plain"),
    ({"stored_digest_matches": False}, CheckName.DIGEST, Outcome.FAIL, "stored_bytes_differ"),
    ({"camera": Camera.SERVER_FRAME}, CheckName.DIGEST, Outcome.PASS, "made_here"),
    ({"sharpness": 19.9}, CheckName.SHARPNESS, Outcome.WARN, "blurred"),
    ({"sharpness": 20.0}, CheckName.SHARPNESS, Outcome.PASS, "sharp"),
    ({"dark_share": 0.85}, CheckName.LIGHT, Outcome.WARN, "dark"),
    ({"dark_share": 0.84}, CheckName.LIGHT, Outcome.PASS, "lit"),
]


@pytest.mark.parametrize(
    ("changed", "name", "outcome", "reason"),
    [
        *((changed, CheckName.METADATA, outcome, reason) for changed, outcome, reason in METADATA),
        *((changed, CheckName.CLOCK, outcome, reason) for changed, outcome, reason in CLOCK),
        *((changed, CheckName.POSITION, outcome, reason) for changed, outcome, reason in POSITION),
        *((changed, CheckName.COPY, outcome, reason) for changed, outcome, reason in COPY),
        *TWINS,
    ],
)
def test_a_check_says_what_and_why(changed: dict[str, object], name: CheckName, outcome: Outcome, reason: str) -> None:
    result = found(subject(**changed), name)
    assert (result.outcome, result.reason) == (outcome, reason)


def test_a_document_without_a_picture_is_checked_for_its_bytes_alone() -> None:
    paper = subject(kind=ItemKind.DOCUMENT, picture_hash=None)
    assert [one.name for one in examine(paper)] == [CheckName.DIGEST, CheckName.SAME_BYTES]
    film = subject(kind=ItemKind.VIDEO, picture_hash=None)
    assert CheckName.CLOCK in {one.name for one in examine(film)}


def test_copies_are_only_ever_hints() -> None:
    for changed, outcome, _ in COPY:
        assert found(subject(**changed), CheckName.COPY).outcome is not Outcome.FAIL
        assert outcome is not Outcome.FAIL


@pytest.mark.parametrize(
    ("place", "metres"), [((25.6866, -100.3161), 0), ((25.7766, -100.3161), 10_008), ((25.6866, -100.2161), 10_020)]
)
def test_distance_is_that_of_the_map(place: tuple[float, float], metres: int) -> None:
    assert abs(rules.distance_m(*place, SITE) - metres) < 60


def test_fifteen_bits_of_difference_leave_a_band_alone() -> None:
    """Whatever 15 bits differ, at least one band is equal, so that no near picture is missed."""
    base = int("5a" * 32, 16)
    for start in range(241):
        other = base ^ sum(1 << start + place for place in range(15))
        one, two = bands_of(f"{base:064x}"), bands_of(f"{other:064x}")
        assert distance(one, two) == 15
        assert any(a == b for a, b in zip(one, two, strict=True))


def test_bands_hold_every_bit_once() -> None:
    for place in range(256):
        bands = bands_of(f"{1 << place:064x}")
        assert (len(bands), sum(band.bit_count() for band in bands)) == (BANDS, 1)
    assert bands_of("f" * 64) == (0xFFFF,) * BANDS
    flat_top = bands_of("0" * 32 + "f" * 32)
    assert {band.bit_count() for band in flat_top} == {8}
