"""What each check says of an original, and why. Pure: value in, result out; nothing here decides about an item.

A check is a hint for a person. WARN asks to look, FAIL says that something is wrong with the file, and neither says who
did it. NOT_CHECKED says that there was nothing to compare, which is no PASS.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt
from typing import Final

from pydantic import Field

from evidence.ids import ItemId
from evidence.intake.signals import Signals
from evidence.items.rules import Camera, Claims, Facts, ItemKind
from evidence.records import Count, Instant, Record

VERSION: Final = 1
"""Of these rules. A result says which version it is of; a change of any rule or bound raises it."""


class CheckName(StrEnum):
    """The checks, in the order they are shown."""

    DIGEST = "digest"
    METADATA = "metadata"
    CLOCK = "clock"
    POSITION = "position"
    COPY = "copy"
    SHARPNESS = "sharpness"
    LIGHT = "light"
    SAME_BYTES = "same_bytes"
    LIKENESS = "likeness"


class Outcome(StrEnum):
    """What a check came to."""

    PASS = "pass"  # noqa: S105  (no password)
    WARN = "warn"
    FAIL = "fail"
    NOT_CHECKED = "not_checked"


class CheckResult(Record):
    """One check of one item. `detail` holds the figures that it rests on."""

    name: CheckName
    outcome: Outcome
    reason: str = Field(max_length=40)
    """Stable code of the reason; the page has words for each."""
    detail: dict[str, str | int | float] = Field(default_factory=dict)
    version: Count = VERSION


class Fence(Record):
    """Where the site is: a circle."""

    latitude_deg: float = Field(ge=-90, le=90)
    longitude_deg: float = Field(ge=-180, le=180)
    radius_m: float = Field(default=1_000, gt=0)


class Twin(Record):
    """Another item that has the same bytes (distance 0) or looks alike (bits of 256 that differ)."""

    item_id: ItemId
    distance: int = Field(ge=0, le=256)
    is_here: bool
    """Whether it is in the same case."""


class Subject(Record):
    """Everything about an original that the checks look at."""

    kind: ItemKind
    camera: Camera | None
    facts: Facts
    claims: Claims
    signals: Signals
    received_at: Instant
    """The server's time."""
    stored_digest_matches: bool = True
    """Whether the stored bytes, read again, have the digest the item was admitted with."""
    fence: Fence | None = None
    same: tuple[Twin, ...] = ()
    like: tuple[Twin, ...] = ()


AHEAD: Final = timedelta(minutes=2)
"""How far a device's clock may be ahead of the server's."""
LONG_BEFORE: Final = timedelta(hours=24)
"""Older evidence was not made for this visit, or waited long on a phone without a line."""
APART: Final = timedelta(minutes=15)
"""How far two clocks in one file may be apart."""
WIDEST_ZONE: Final = timedelta(hours=14)
FAR_M: Final = 5_000
"""Metres beyond the fence that a poor position may be off."""
EARTH_M: Final = 6_371_000
BLURRED: Final = 20.0
DARK: Final = 0.85
RASTER: Final = 0.35
RECODED_QUALITY: Final = 80
"""Phones and cameras compress less than libjpeg's quality 80; messengers compress more."""
ALIKE_BITS: Final = 15
"""Bits of 256 in which two pictures of the same thing may differ."""
TELLING_STEPS: Final = 48
"""Below so many, a picture is alike to every other blank wall."""
EDITORS: Final = ("photoshop", "gimp", "snapseed", "lightroom", "pixelmator", "picsart", "affinity", "paint", "canva")
_PICTURES: Final = frozenset({ItemKind.STILL, ItemKind.PHOTO, ItemKind.DOCUMENT})


def examine(subject: Subject) -> tuple[CheckResult, ...]:
    """Return every check that fits the kind of item, in the order of `CheckName`."""
    is_picture = subject.signals.picture_hash is not None
    checks: list[Callable[[Subject], CheckResult]] = [check_digest]
    if is_picture:
        checks.append(check_metadata)
    if is_picture or subject.kind is ItemKind.VIDEO:
        checks += [check_clock, check_position]
    if is_picture:
        checks += [check_copy, check_sharpness, check_light]
    checks.append(check_same_bytes)
    if is_picture:
        checks.append(check_likeness)
    return tuple(check(subject) for check in checks)


def check_digest(subject: Subject) -> CheckResult:
    """Are the stored bytes those that were sent? A file that arrived otherwise is quarantined and gets FAIL there."""
    if not subject.stored_digest_matches:
        return _result(CheckName.DIGEST, Outcome.FAIL, "stored_bytes_differ")
    made_here = subject.camera is Camera.SERVER_FRAME
    return _result(CheckName.DIGEST, Outcome.PASS, "made_here" if made_here else "as_sent")


def check_metadata(subject: Subject) -> CheckResult:
    """Does the file still say how it was made, and does it contradict itself?"""
    contradiction = _contradiction(subject)
    if contradiction is not None:
        return contradiction
    signals, claims = subject.signals, subject.claims
    editor = next((one for one in EDITORS if one in (claims.software or "").lower()), None)
    if editor is not None:
        return _result(CheckName.METADATA, Outcome.WARN, "edited_with", software=claims.software or editor)
    if subject.camera is not None:
        return _result(CheckName.METADATA, Outcome.PASS, "made_by_page")
    if not signals.exif_tags or (claims.device is None and claims.exif_captured_at is None):
        return _result(CheckName.METADATA, Outcome.WARN, "stripped")
    if _sizes_differ(subject):
        return _result(CheckName.METADATA, Outcome.WARN, "size_differs")
    return _result(CheckName.METADATA, Outcome.PASS, "whole")


def _contradiction(subject: Subject) -> CheckResult | None:
    taken, satellites = _moment(subject.claims.exif_captured_at), _moment(subject.signals.gps_at)
    changed = _moment(subject.signals.exif_changed_at)
    if taken is None:
        return None
    if satellites is not None and _gap(taken, satellites) > APART:
        return _result(CheckName.METADATA, Outcome.FAIL, "times_contradict", minutes=_minutes(_gap(taken, satellites)))
    if changed is not None:
        before = taken.replace(tzinfo=None) - changed.replace(tzinfo=None)  # both by the device's own clock
        if before > AHEAD:
            return _result(CheckName.METADATA, Outcome.FAIL, "taken_after_change", minutes=_minutes(before))
    return None


def _sizes_differ(subject: Subject) -> bool:
    said = {subject.signals.exif_width_px, subject.signals.exif_height_px}
    return None not in said and said != {subject.facts.width_px, subject.facts.height_px}


def check_clock(subject: Subject) -> CheckResult:
    """Do the device's times fit the server's? Waiting for a line is normal, coming from the future is not."""
    page, camera, received = subject.claims.captured_at_device, subject.claims.exif_captured_at, subject.received_at
    taken = _moment(camera)
    if page is None and taken is None:
        return _result(CheckName.CLOCK, Outcome.NOT_CHECKED, "no_time")
    zoned = None if taken is None else taken.astimezone(received.tzinfo) if taken.tzinfo else None
    ahead = [moment - received for moment in (page, zoned) if moment is not None]
    if taken is not None and zoned is None:  # without a zone it may be that of any place
        ahead.append(taken.replace(tzinfo=received.tzinfo) - WIDEST_ZONE - received)
    worst = max(ahead)
    if worst > AHEAD:
        return _result(CheckName.CLOCK, Outcome.FAIL, "ahead", minutes=_minutes(worst))
    if page is not None and zoned is not None and _gap(page, zoned) > APART:
        return _result(CheckName.CLOCK, Outcome.WARN, "clocks_differ", minutes=_minutes(_gap(page, zoned)))
    age = -max(ahead)
    if age > LONG_BEFORE:
        return _result(CheckName.CLOCK, Outcome.WARN, "long_before", hours=round(age / timedelta(hours=1)))
    return _result(CheckName.CLOCK, Outcome.PASS, "fits")


def check_position(subject: Subject) -> CheckResult:
    """Is the place that the file claims inside the site's fence?"""
    fence, north, east = subject.fence, subject.claims.latitude_deg, subject.claims.longitude_deg
    if fence is None:
        return _result(CheckName.POSITION, Outcome.NOT_CHECKED, "site_unknown")
    if north is None or east is None:
        return _result(CheckName.POSITION, Outcome.NOT_CHECKED, "no_position")
    away, radius_m = distance_m(north, east, fence), fence.radius_m
    judged = (
        (away <= radius_m, Outcome.PASS, "inside"),
        (distance_m(north, -east, fence) <= radius_m, Outcome.WARN, "longitude_sign"),
        (distance_m(-north, east, fence) <= radius_m, Outcome.WARN, "latitude_sign"),
        (away <= radius_m + FAR_M, Outcome.WARN, "near"),
        (True, Outcome.FAIL, "elsewhere"),
    )
    outcome, reason = next((outcome, reason) for fits, outcome, reason in judged if fits)
    return _result(CheckName.POSITION, outcome, reason, metres=round(away), radius_m=round(radius_m))


def check_copy(subject: Subject) -> CheckResult:
    """Does the picture look like a copy of another, or of a screen? At most WARN: the signs also come by themselves."""
    signals = subject.signals
    if signals.names_screen:
        return _result(CheckName.COPY, Outcome.WARN, "screenshot")
    if signals.raster is not None and signals.raster >= RASTER:
        return _result(CheckName.COPY, Outcome.WARN, "raster", strength=signals.raster)
    if subject.camera is None and signals.jpeg_quality is not None:
        poor = signals.jpeg_quality < RECODED_QUALITY and subject.claims.device is None
        if signals.jpeg_progressive or poor:
            return _result(CheckName.COPY, Outcome.WARN, "recoded", quality=signals.jpeg_quality)
    return _result(CheckName.COPY, Outcome.PASS, "no_signs")


def check_sharpness(subject: Subject) -> CheckResult:
    """Can details be made out?"""
    sharpness = subject.signals.sharpness or 0.0
    blurred = sharpness < BLURRED
    return _result(
        CheckName.SHARPNESS,
        Outcome.WARN if blurred else Outcome.PASS,
        "blurred" if blurred else "sharp",
        sharpness=sharpness,
    )


def check_light(subject: Subject) -> CheckResult:
    """Is there light enough to see anything?"""
    dark = subject.signals.dark_share or 0.0
    is_dark = dark >= DARK
    return _result(
        CheckName.LIGHT, Outcome.WARN if is_dark else Outcome.PASS, "dark" if is_dark else "lit", dark_share=dark
    )


def check_same_bytes(subject: Subject) -> CheckResult:
    """Is the very file in the locker already? Forms and manuals are shared; photographs of two places are not."""
    here, elsewhere = _counted(subject.same)
    if elsewhere:
        outcome = Outcome.WARN if subject.kind is ItemKind.DOCUMENT else Outcome.FAIL
        return _result(CheckName.SAME_BYTES, outcome, "in_another_case", here=here, elsewhere=elsewhere)
    if here:
        return _result(CheckName.SAME_BYTES, Outcome.WARN, "in_this_case", here=here)
    return _result(CheckName.SAME_BYTES, Outcome.PASS, "only_one")


def check_likeness(subject: Subject) -> CheckResult:
    """Is a picture in the locker that shows the same? Only WARN: two places can look alike."""
    if (subject.signals.hash_steps or 0) < TELLING_STEPS:
        return _result(CheckName.LIKENESS, Outcome.NOT_CHECKED, "too_plain")
    here, elsewhere = _counted(subject.like)
    if not subject.like:
        return _result(CheckName.LIKENESS, Outcome.PASS, "only_one")
    nearest = min(one.distance for one in subject.like)
    if elsewhere:
        figures = {"here": here, "elsewhere": elsewhere, "distance": nearest}
        return _result(CheckName.LIKENESS, Outcome.WARN, "in_another_case", **figures)
    return _result(CheckName.LIKENESS, Outcome.WARN, "in_this_case", here=here, distance=nearest)


def _counted(twins: tuple[Twin, ...]) -> tuple[int, int]:
    here = sum(one.is_here for one in twins)
    return here, len(twins) - here


def distance_m(latitude_deg: float, longitude_deg: float, fence: Fence) -> float:
    """Return metres on the ground to the fence's middle, by the haversine formula on a sphere (0.5 % off at most)."""
    north, other = radians(latitude_deg), radians(fence.latitude_deg)
    turn = radians(longitude_deg - fence.longitude_deg)
    half = sin((north - other) / 2) ** 2 + cos(north) * cos(other) * sin(turn / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(half)))


def summary(results: tuple[CheckResult, ...]) -> str:
    """Return all outcomes in one line, for the entry that states them and the row that must agree with it."""
    return ", ".join(f"{one.name}: {one.outcome} ({one.reason})" for one in sorted(results, key=lambda one: one.name))


def _moment(text: str | None) -> datetime | None:
    try:
        return None if text is None else datetime.fromisoformat(text)
    except ValueError:
        return None


def _gap(one: datetime, other: datetime) -> timedelta:
    """Return how far two times are apart; one without a zone is taken at the zone that fits best."""
    if one.tzinfo is not None and other.tzinfo is not None:
        return abs(one - other)
    apart = abs(one.replace(tzinfo=None) - other.replace(tzinfo=None))
    quarter = timedelta(minutes=15)
    return (
        max(timedelta(), apart - WIDEST_ZONE) if apart > WIDEST_ZONE else abs(apart - round(apart / quarter) * quarter)
    )


def _minutes(span: timedelta) -> int:
    return round(span / timedelta(minutes=1))


def _result(name: CheckName, outcome: Outcome, reason: str, **detail: str | float) -> CheckResult:
    return CheckResult(name=name, outcome=outcome, reason=reason, detail=detail)
