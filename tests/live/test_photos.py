"""Photos of a camera on a thin line: they reach the pages of those in the room, nobody else's, and are kept nowhere."""

from uuid import UUID

import pytest

from server.live.photos import is_picture
from tests.media.peers import Tone
from tests.parts.broadcasts import publish
from tests.parts.site import Site
from tests.parts.sockets import Line, problem
from tests.waiting import wait_until

WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(24)
JPEG = b"\xff\xd8\xff\xe0" + bytes(24)


async def page(site: Site, name: str, *, inside: bool = True) -> Line:
    """Return a person's page, in the room or looking in."""
    line = await site.line(name)
    assert "seq" in await line.subscribe(validation_session_id=site.ids["session"] if inside else None)
    return line


async def test_photo_reaches_the_others_in_the_room_and_nobody_else(live_site: Site) -> None:
    """The lead gets it; who reads the case from outside does not, nor does who was in the room and left."""
    site = live_site
    told, _ = await publish(site, "phone", Tone(440))
    await site.arrive("second")
    phone, lead, left = await page(site, "phone"), await page(site, "lead"), await page(site, "second")
    outside = await page(site, "reviewer", inside=False)
    await site.in_session("second", "room.leave")
    before = len(await site.entries())
    assert await phone.photo(told.source_id, WEBP) == {"viewers": 1}
    await wait_until(lambda: lead.photos)
    expected = {"source_id": told.source_id, "travel_ms": 900, "data": WEBP}
    assert expected.items() <= lead.photos[0].items()
    for other in (outside, left, phone):
        await other.subscribe()  # handled after the photo
        assert other.photos == []
    assert len(await site.entries()) == before


async def test_photo_of_anything_else_is_refused(live_site: Site) -> None:
    """Of another's camera, of none, of no picture, too large, too soon, from another page too, after being put out."""
    site = live_site
    told, _ = await publish(site, "phone", Tone(440))
    refusals = []
    for name, source_id, data in (
        ("lead", told.source_id, WEBP),
        ("phone", str(UUID(int=1)), WEBP),
        ("phone", told.source_id, b"<svg onload='alert(1)'/>"),
        ("phone", told.source_id, JPEG + bytes(100_000)),
    ):
        line = await page(site, name)
        refusals.append(problem(await line.photo(source_id, data))["code"])
    assert refusals == ["source_not_found", "source_not_found", "unsupported_media_type", "request_invalid"]
    line = await page(site, "phone")
    assert await line.photo(told.source_id, JPEG) == {"viewers": 1}
    assert problem(await line.photo(told.source_id, JPEG))["code"] == "too_many_requests"
    again = await page(site, "phone")
    assert problem(await again.photo(told.source_id, JPEG))["code"] == "too_many_requests"
    again = await page(site, "phone")
    await site.in_session("lead", "participant.remove", participant_id=site.ids["guest"], reason="Not on the list")
    assert problem(await again.photo(told.source_id, JPEG))["code"] == "source_not_found"


async def test_photo_mode_is_stated_with_its_start_and_end(live_site: Site) -> None:
    """Of one's own open camera; its end ends the mode."""
    site = live_site
    told, _ = await publish(site, "phone", Tone(440))
    await site.obeyed("phone", "photo_mode.start", source_id=told.source_id)
    assert len(await site.stated("tour.photo_mode_started", source_id=told.source_id)) == 1
    await site.obeyed("phone", "photo_mode.stop", source_id=told.source_id)
    assert len(await site.stated("tour.photo_mode_stopped", source_id=told.source_id)) == 1
    status, refused = await site.command("lead", "photo_mode.start", source_id=told.source_id)
    assert (status, refused["code"]) == (404, "source_not_found")
    voice, _ = await publish(site, "lead", Tone(880), kind="microphone")
    status, refused = await site.command("lead", "photo_mode.start", source_id=voice.source_id)
    assert (status, refused["code"]) == (404, "source_not_found")


@pytest.mark.parametrize(
    ("data", "expected"),
    [(WEBP, True), (JPEG, True), (b"\x89PNG\r\n\x1a\n" + bytes(9), False), (b"RIFF\x24\x00\x00\x00WAVEfmt ", False)],
)
def test_a_picture_is_told_by_its_first_bytes(data: bytes, expected: bool) -> None:  # noqa: FBT001  (pytest's own form)
    assert is_picture(data) == expected
