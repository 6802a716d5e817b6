"""Watching a whole room through the API: one connection, whose slots follow what the page asks for and may see."""

from collections.abc import Sequence
from uuid import uuid4

from evidence.records import Json
from tests.media.peers import MovingPicture, RoomPeer, Tone
from tests.parts.broadcasts import Offered, admitted, hang_up, publish
from tests.parts.site import Site
from tests.waiting import wait_until


async def watch_room(site: Site, name: str, *, audio: int, video: int) -> tuple[Offered, RoomPeer]:
    """Let a person watch the room."""
    viewer = RoomPeer(audio=audio, video=video)
    site.on_close(viewer.close)
    told = await admitted(site, name, f"/api/whep/rooms/{site.ids['session']}", await viewer.offer())
    await viewer.accept(told.answer)
    return told, viewer


async def show(site: Site, name: str, location: str, sources: Sequence[str | None]) -> tuple[int, Json]:
    """Ask for sources in the slots as a person; return what is shown, or the code of the refusal."""
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with site.people[name].client.put(
        f"{location}/slots", json={"sources": list(sources)}, headers=headers
    ) as response:
        body = await response.json()
        return response.status, body["sources"] if response.status == 200 else body["code"]


async def test_specialist_sees_and_hears_the_room_on_one_connection(live_site: Site) -> None:
    """What comes later comes into the same connection; what ends leaves its slot free."""
    site = live_site
    phone, _ = await publish(site, "phone", MovingPicture(), Tone(440))
    told, viewer = await watch_room(site, "lead", audio=2, video=1)
    assert await show(site, "lead", told.location, [phone.source_id]) == (200, [phone.source_id])
    await wait_until(lambda: len(viewer.pictures[0]) > 20 and len(viewer.sound[0]) > 20, within_s=20)
    voice, _ = await publish(site, "lead", Tone(880), kind="microphone")
    both = [phone.source_id, voice.source_id]
    assert await show(site, "lead", told.location, both) == (200, both)
    await wait_until(lambda: len(viewer.sound[1]) > 20, within_s=20)
    await hang_up(site, "phone", phone.location)
    assert await show(site, "lead", told.location, both) == (200, [None, voice.source_id])
    assert await hang_up(site, "lead", told.location) == 200
    assert await show(site, "lead", told.location, both) == (404, "not_found")


async def test_slots_are_their_owners_and_show_nothing_of_elsewhere(live_site: Site) -> None:
    """Another person's connection is not there; a source that is not open here is not shown; a list has its bound."""
    site = live_site
    told, _ = await watch_room(site, "lead", audio=1, video=0)
    assert await show(site, "phone", told.location, [None]) == (404, "not_found")
    assert await show(site, "stranger", told.location, [None]) == (404, "validation_not_found")
    assert await show(site, "lead", told.location, [str(uuid4())]) == (200, [None])
    assert await show(site, "lead", told.location, [None] * 9) == (422, "request_invalid")
    assert await show(site, "lead", told.location, ["camera"]) == (422, "request_invalid")


async def test_who_is_removed_sees_no_more(live_site: Site) -> None:
    """At once, whatever the slots show."""
    site = live_site
    voice, _ = await publish(site, "lead", Tone(880), kind="microphone")
    told, viewer = await watch_room(site, "phone", audio=1, video=0)
    assert await show(site, "phone", told.location, [voice.source_id]) == (200, [voice.source_id])
    await wait_until(lambda: viewer.sound[0], within_s=20)
    await site.in_session("lead", "participant.remove", participant_id=site.ids["guest"], reason="Left the site.")

    async def gone() -> bool:
        return (await site.services.media.health()).viewers == 0

    await wait_until(gone, within_s=10)
    status, _ = await show(site, "phone", told.location, [voice.source_id])
    assert status in {401, 403, 404}
