"""Sending and watching through the API: refused before its time, cut at once, recorded, and played back in step."""

import asyncio
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from evidence.records import Json
from server.auth.sign_in import make_sign_in_link
from tests.http.house import listed
from tests.media.peers import MovingPicture, PublishingPeer, Tone, WatchingPeer
from tests.media.room import loudest_pitch, probe
from tests.parts.broadcasts import hang_up, offer, publish, sources, watch
from tests.parts.clips import decode_errors
from tests.parts.site import Site, media_beside
from tests.waiting import wait_until

PITCHES = (440.0, 660.0, 880.0)


async def test_nobody_sends_before_start_consent_and_admission(embedded_site: Site) -> None:
    """In that order; and a role that only watches never does. An offer is not even read before."""
    site = embedded_site
    await site.join()
    path = f"/api/whip/{site.ids['session']}?kind=camera"

    async def refusal(name: str) -> Json:
        return (await offer(site, name, path, "v=0")).problem["code"]

    assert await refusal("phone") == "wrong_phase"
    await site.in_session("lead", "session.start")
    assert await refusal("phone") == "consent_missing"
    await site.arrive("phone")
    assert await refusal("phone") == "not_admitted"
    assert await refusal("reviewer") == "not_allowed"
    assert await refusal("stranger") == "validation_not_found"
    await site.in_session("lead", "participant.admit", participant_id=site.ids["guest"])
    assert await refusal("phone") == "media_unavailable"
    assert await site.stated("tour.source_opened") == []
    unknown = await offer(site, "phone", f"/api/whip/{uuid4()}?kind=camera", "v=0")
    assert unknown.status == 404
    strange = await offer(site, "phone", f"/api/whip/{site.ids['session']}?kind=hologram", "v=0")
    assert strange.status == 422


async def test_offer_that_cannot_be_answered_leaves_no_source(live_site: Site) -> None:
    """The media process says why; nothing is stated."""
    path = f"/api/whip/{live_site.ids['session']}?kind=camera"
    refused = await offer(live_site, "phone", path, "v=0")
    assert (refused.status, refused.problem["code"]) == (422, "offer_refused")
    endless = await offer(live_site, "phone", path, "a" * 70_000)
    assert (endless.status, endless.problem["code"]) == (413, "body_too_large")
    assert await live_site.stated("tour.source_opened") == []
    assert await sources(live_site) == set()


async def test_tour_is_seen_recorded_and_played_back(live_site: Site, tmp_path: Path) -> None:
    """Phone and specialist hear each other; the session's end closes all; each lane has the session's length."""
    site = live_site
    phone, _ = await publish(site, "phone", MovingPicture(), Tone(440))
    voice, _ = await publish(site, "lead", Tone(880), kind="microphone")
    opened = await site.stated("tour.source_opened")
    assert [(row["source_id"], row["kind"], row["recorded"]) for row in opened] == [
        (phone.source_id, "camera", True),
        (voice.source_id, "microphone", True),
    ]
    _, seen = await watch(site, "lead", phone.source_id, "video", "audio")
    _, heard = await watch(site, "phone", voice.source_id, "audio")
    await wait_until(lambda: len(seen.received["video"]) > 60 and len(heard.received["audio"]) > 60, within_s=40)
    assert seen.decoded_size() == (320, 240)
    await site.worked_until("evidence.segment_filed", source_id=phone.source_id, index=0, within_s=40)
    await site.in_session("lead", "session.end")
    await wait_until(lambda: seen.ended.is_set() and heard.ended.is_set(), within_s=20)
    assert await sources(site) == set()
    assert {row["source_id"] for row in await site.stated("tour.source_closed")} == {phone.source_id, voice.source_id}
    for told in (phone, voice):
        await site.worked_until("evidence.recording_closed", source_id=told.source_id)
    await site.worked_until("evidence.lane_built", kind="camera", within_s=60)
    await site.worked_until("evidence.lane_built", kind="microphone", within_s=60)
    (recording,) = listed(await site.people["reviewer"].seen(f"{site.validation}/recordings"))
    assert recording["complete"] is True
    length_s = (moment(recording["ended_at"]) - moment(recording["started_at"])).total_seconds()
    lanes = {str(lane["kind"]): lane for lane in listed(recording, "lanes")}
    assert (lanes["camera"]["name"], lanes["microphone"]["name"]) == ("Ana Ruiz", "Lead")
    for kind, pitch in (("camera", 440.0), ("microphone", 880.0)):
        await check_lane(site, lanes[kind], tmp_path / f"{kind}.webm", length_s=length_s, pitch=pitch)


def moment(text: Json) -> datetime:
    """Return the moment of a time on the wire."""
    return datetime.fromisoformat(str(text))


async def test_room_that_decodes_h264_is_sent_and_recorded_in_it(live_site: Site, tmp_path: Path) -> None:
    """Measured at the door, answered to the phone, shown to the specialist and played back as MP4.

    Somebody who comes in without it ends the picture; the next one is VP8, and has a lane of its own.
    """
    site = live_site
    for name in ("lead", "phone"):
        await measured(site, name, "VP8", "H264")
    phone, peer = await publish(site, "phone", MovingPicture(), Tone(440))
    _, seen = await watch(site, "lead", phone.source_id, "video", "audio")
    await wait_until(lambda: len(seen.received["video"]) > 60, within_s=40)
    assert seen.received["video"][0].startswith(b"\0\0\0\1")
    assert seen.decoded_size() == (320, 240)
    await measured(site, "lead", "VP8")
    (closed,) = await site.stated("tour.source_closed")
    assert (closed["source_id"], closed["reason"]) == (phone.source_id, "codec_changed")
    await wait_until(seen.ended.is_set, within_s=20)
    await peer.pc.close()
    anew, _ = await publish(site, "phone", MovingPicture(), Tone(660))
    _, seen = await watch(site, "lead", anew.source_id, "video")
    await wait_until(lambda: len(seen.received["video"]) > 60, within_s=40)
    assert not seen.received["video"][0].startswith(b"\0\0\0\1")
    await site.in_session("lead", "session.end")
    await site.worked_until("evidence.lane_built", media_type="video/mp4", within_s=60)
    await site.worked_until("evidence.lane_built", media_type="video/webm", within_s=60)
    (recording,) = listed(await site.people["reviewer"].seen(f"{site.validation}/recordings"))
    assert recording["complete"] is True
    length_s = (moment(recording["ended_at"]) - moment(recording["started_at"])).total_seconds()
    lanes = {str(lane["media_type"]): lane for lane in listed(recording, "lanes")}
    for media_type, pitch in (("video/mp4", 440.0), ("video/webm", 660.0)):
        await check_lane(site, lanes[media_type], tmp_path / media_type[6:], length_s=length_s, pitch=pitch)


async def measured(site: Site, name: str, *codecs: str) -> None:
    """Let a person come to the door again with what their browser can send and show."""
    devices: dict[str, Json] = {"camera": True, "microphone": True, "user_agent_label": "Chromium 140"}
    await site.in_session(name, "lobby.enter", **devices, decodes=list(codecs), encodes=list(codecs))


async def check_lane(site: Site, lane: dict[str, Json], path: Path, *, length_s: float, pitch: float) -> None:
    """Assert that the lane as it is downloaded decodes, is as long as the session, and sounds like its sender."""
    async with site.people["reviewer"].client.get(f"/api/recordings/{lane['id']}/content") as answer:
        content = await answer.read()
        assert (answer.status, answer.content_type, len(content)) == (200, lane["media_type"], lane["bytes"])
    await asyncio.to_thread(path.write_bytes, content)
    assert await asyncio.to_thread(decode_errors, path) == ""
    duration_s = float(await asyncio.to_thread(probe, path, "format=duration"))
    assert abs(duration_s - length_s) < 1
    assert abs(float(str(lane["duration_ms"])) / 1000 - length_s) < 0.01
    assert await asyncio.to_thread(loudest_pitch, path, PITCHES) == pitch
    assert {gap["reason"] for gap in listed(lane, "gaps")} <= {"not_sent"}
    async with site.people["reviewer"].client.get(
        f"/api/recordings/{lane['id']}/content", headers={"Range": "bytes=10-19"}
    ) as answer:
        assert (answer.status, await answer.read()) == (206, content[10:20])
    assert (await site.people["stranger"].get(f"/recordings/{lane['id']}/content"))[0] == 404


async def test_put_out_sender_is_cut_at_once(live_site: Site) -> None:
    """The command's ack comes after the media process was told: source and viewer are gone, and none comes back."""
    site = live_site
    told, _ = await publish(site, "phone", MovingPicture(), Tone(440))
    mine, _ = await publish(site, "lead", Tone(880), kind="microphone")
    _, viewer = await watch(site, "lead", told.source_id, "video")
    _, removed_viewer = await watch(site, "phone", mine.source_id, "audio")
    await wait_until(lambda: viewer.received["video"] and removed_viewer.received["audio"], within_s=30)
    await site.in_session("lead", "participant.remove", participant_id=site.ids["guest"], reason="Not on the list")
    assert await sources(site) == {mine.source_id}
    await wait_until(lambda: viewer.ended.is_set() and removed_viewer.ended.is_set(), within_s=20)
    (closed,) = await site.stated("tour.source_closed")
    assert (closed["source_id"], closed["reason"]) == (told.source_id, "removed")
    peer = PublishingPeer(Tone(440))
    site.on_close(peer.pc.close)
    again = await offer(site, "phone", f"/api/whip/{site.ids['session']}?kind=camera", await peer.offer())
    assert (again.status, again.problem["code"]) == (403, "not_admitted")
    watching = WatchingPeer("audio")
    site.on_close(watching.close)
    look = await offer(site, "phone", f"/api/whep/{mine.source_id}", await watching.offer())
    assert (look.status, look.problem["code"]) == (403, "not_admitted")


async def test_ending_a_login_cuts_what_it_sends_and_watches(live_site: Site) -> None:
    """Ended from another browser of the same account, or by signing out; what other logins opened goes on."""
    site = live_site
    told, _ = await publish(site, "phone", MovingPicture(), Tone(440))
    mine, _ = await publish(site, "lead", Tone(880), kind="microphone")
    _, watched = await watch(site, "lead", told.source_id, "video")
    _, heard = await watch(site, "phone", mine.source_id, "audio")
    await wait_until(lambda: watched.received["video"] and heard.received["audio"], within_s=30)
    async with site.services.database.write() as tx:
        token = await make_sign_in_link(tx, UUID(site.ids["lead"]))
    site.people["lead"] = other = await site.browser()
    assert (await other.post("/login/link", {"token": token}))[0] == 200
    (first,) = [one["id"] for one in listed(await other.seen("/logins")) if not one["current"]]
    assert (await other.ask("DELETE", f"/logins/{first}"))[0] == 204
    assert await sources(site) == {told.source_id}
    await wait_until(watched.ended.is_set, within_s=20)
    assert (await site.people["phone"].ask("DELETE", "/login"))[0] == 204
    assert await sources(site) == set()

    async def both_closed() -> bool:
        closed = {row["source_id"]: row["reason"] for row in await site.stated("tour.source_closed")}
        return closed == {told.source_id: "signed_out", mine.source_id: "signed_out"}

    await wait_until(both_closed)


async def test_private_stretch_is_seen_and_not_stored(live_site: Site) -> None:
    """From the ack on, for sources that run and for those that come; the log says from when to when it is not kept."""
    site = live_site
    told, _ = await publish(site, "phone", MovingPicture(), Tone(440))
    _, viewer = await watch(site, "lead", told.source_id, "video")
    await site.in_session("phone", "privacy.start", reason="A badge")
    assert {source.private for source in (await site.services.media.health()).sources} == {True}
    late, _ = await publish(site, "lead", Tone(880), kind="microphone")
    assert {source.private for source in (await site.services.media.health()).sources} == {True}
    seen = len(viewer.received["video"])
    await wait_until(lambda: len(viewer.received["video"]) > seen + 45, within_s=30)
    await site.in_session("lead", "privacy.stop")
    assert {source.private for source in (await site.services.media.health()).sources} == {False}
    for source_id in (told.source_id, late.source_id):
        gap = await site.worked_until("evidence.segment_gap", source_id=source_id, reason="private")
        assert int(str(gap["end_ms"])) > int(str(gap["start_ms"]))


async def test_change_of_consent_ends_what_is_recorded_at_once(live_site: Site) -> None:
    """The ack comes after the media process was told: nothing of the person is recorded any more."""
    site = live_site
    told, _ = await publish(site, "phone", MovingPicture(), Tone(440))
    await site.in_session("phone", "consent.give", recording=False, language="en", text_id="consent-1")
    assert await sources(site) == set()
    (closed,) = await site.stated("tour.source_closed")
    assert (closed["source_id"], closed["reason"]) == (told.source_id, "consent_changed")


async def test_refused_privacy_leaves_the_recorder_as_it_was(live_site: Site) -> None:
    """Who may not hide changes nothing; a second start is refused and nothing is stored all the same."""
    site = live_site
    await publish(site, "phone", MovingPicture(), Tone(440))
    status, problem = await site.command(
        "reviewer", "privacy.start", validation_session_id=site.ids["session"], reason="A badge"
    )
    assert status in {403, 404}, problem
    assert {source.private for source in (await site.services.media.health()).sources} == {False}
    await site.in_session("phone", "privacy.start", reason="A badge")
    twice = await site.command("lead", "privacy.start", validation_session_id=site.ids["session"], reason="Again")
    assert twice[1]["code"] == "privacy_unchanged"
    assert {source.private for source in (await site.services.media.health()).sources} == {True}


async def test_withdrawn_invitation_ends_the_guests_media(live_site: Site) -> None:
    site = live_site
    await publish(site, "phone", MovingPicture(), Tone(440))
    path = f"/validation-sessions/{site.ids['session']}/invitations"
    (mine,) = [
        one for one in listed(await site.people["lead"].seen(path)) if one["participant_id"] == site.ids["guest"]
    ]
    assert (await site.people["lead"].ask("DELETE", f"/invitations/{mine['id']}"))[0] == 204
    assert await sources(site) == set()
    assert (await site.people["phone"].get("/me"))[0] == 401


async def test_source_and_viewer_end_once_and_by_their_owner(live_site: Site) -> None:
    """A second time there is none; for anybody else there never was."""
    site = live_site
    told, _ = await publish(site, "phone", Tone(440), kind="microphone")
    looked, viewer = await watch(site, "lead", told.source_id, "audio")
    assert await hang_up(site, "lead", told.location) == 404
    assert await hang_up(site, "phone", looked.location) == 404
    assert await hang_up(site, "stranger", told.location) == 404
    assert [await hang_up(site, "lead", looked.location) for _ in range(2)] == [200, 404]
    await wait_until(viewer.ended.is_set, within_s=20)
    assert await sources(site) == {told.source_id}
    assert [await hang_up(site, "phone", told.location) for _ in range(2)] == [200, 404]
    assert await sources(site) == set()
    gone = await offer(site, "lead", f"/api/whep/{told.source_id}", "v=0")
    assert (gone.status, gone.problem["code"]) == (404, "source_not_found")


@pytest.mark.parametrize("recording", [True, False])
async def test_recording_is_refusable(embedded_site: Site, *, recording: bool) -> None:
    """Who does not agree to be recorded is seen and not stored; the session goes on."""
    site = embedded_site
    async with media_beside(site):
        await site.join()
        await site.in_session("lead", "session.start")
        await site.arrive("lead")
        await site.arrive("phone", recording=recording)
        await site.in_session("lead", "participant.admit", participant_id=site.ids["guest"])
        told, _ = await publish(site, "phone", Tone(440), kind="microphone")
        (opened,) = await site.stated("tour.source_opened")
        assert opened["recorded"] is recording
        await hang_up(site, "phone", told.location)
        end = "evidence.recording_closed" if recording else "tour.source_closed"
        await site.worked_until(end, source_id=told.source_id)
    segments = await site.stated("evidence.segment_closed", source_id=told.source_id)
    assert bool(segments) is recording
