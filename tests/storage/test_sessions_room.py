"""The live walk on real databases: the door, media, privacy, stops, stills, and the fold beside the tables."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from sqlalchemy import select

from evidence.ids import SourceId
from evidence.ledger.transaction import Transaction
from sessions.errors import (
    ConsentMissing,
    NotAdmitted,
    NotAllowed,
    ParticipantRemoved,
    PrivacyOn,
    PrivacyUnchanged,
    SourceNotFound,
    StillAnswered,
    StillNotFound,
    StopNotFound,
    WrongPhase,
)
from sessions.ids import ValidationSessionId
from sessions.roster.access import Access
from sessions.schedule.actions import schedule_session
from sessions.schedule.rules import SessionState
from sessions.schedule.store import list_sessions
from sessions.tour import actions as tour
from sessions.tour.records import Source
from sessions.tour.rules import SourceKind, Standing, VideoCodec
from sessions.tour.sources import codecs_of_source
from sessions.tour.store import find_attendance, get_source, list_open_sources
from sessions.tour.tables import tour_stop
from tests.parts.demo import DemoCase, demo_case, some_id


@pytest.fixture
async def case(database_url: str) -> AsyncIterator[DemoCase]:
    """Give the demo validation on each database."""
    async with demo_case(database_url) as opened:
        yield opened


async def test_nobody_waits_in_the_lobby_before_consent(case: DemoCase) -> None:
    with pytest.raises(ConsentMissing):
        await case.say("mateo", "lobby.enter", camera=True, microphone=True, user_agent_label="Chromium")


async def test_media_waits_for_the_session_the_consent_and_the_admission(case: DemoCase) -> None:
    with pytest.raises(WrongPhase):
        await case.send("mateo")
    await case.enter("ruth")
    await case.say("ruth", "session.start")
    with pytest.raises(ConsentMissing):
        await case.send("mateo")
    await case.enter("mateo")
    with pytest.raises(NotAdmitted):
        await case.send("mateo")
    await case.say("ruth", "participant.admit", participant_id=case.seeded.guide.id)
    source_id, recorded = await case.send("mateo")
    state = await case.state()
    assert recorded
    assert (state.sources[source_id].open, state.sources[source_id].recorded) == (True, True)


async def test_admission_waits_for_consent(case: DemoCase) -> None:
    with pytest.raises(ConsentMissing):
        await case.say("ruth", "participant.admit", participant_id=case.seeded.guide.id)


async def test_who_refuses_the_recording_is_shown_and_not_stored(case: DemoCase) -> None:
    await case.enter("ruth")
    await case.say("ruth", "session.start")
    await case.enter("mateo", recording=False)
    await case.say("ruth", "participant.admit", participant_id=case.seeded.guide.id)
    camera, camera_recorded = await case.send("mateo")
    _, voice_recorded = await case.send("ruth", SourceKind.MICROPHONE)
    assert (camera_recorded, voice_recorded) == (False, True)
    assert not (await case.state()).sources[camera].recorded


async def test_a_change_of_mind_about_the_recording_closes_what_was_recorded(case: DemoCase) -> None:
    await case.go_live()
    camera, _ = await case.send("mateo")
    await case.say("mateo", "consent.give", recording=False, language="es", text_id="consent-1")
    assert not (await case.state()).sources[camera].open
    _, recorded = await case.send("mateo")
    assert not recorded


async def test_the_microphone_alone_is_for_those_who_may_only_speak(case: DemoCase) -> None:
    await case.go_live()
    with pytest.raises(NotAllowed):
        await case.send("mateo", SourceKind.SCREEN)


async def test_codec_is_what_all_in_the_room_were_measured_to_show(case: DemoCase) -> None:
    """Measured at the door and kept; who comes in without it makes the pictures be sent anew, and no voice."""
    both = ("VP8", "H264")
    await case.enter("ruth", codecs=both)
    await case.say("ruth", "session.start")
    await case.enter("mateo", codecs=both)
    await case.say("ruth", "participant.admit", participant_id=case.seeded.guide.id)
    picture, _ = await case.send("mateo")
    voice, _ = await case.send("mateo", SourceKind.MICROPHONE)
    assert await codecs(case, "mateo") == (VideoCodec.H264, VideoCodec.VP8)
    await case.enter("ruth", codecs=both)
    assert (await source(case, picture)).closed_at is None
    await case.enter("ruth", codecs=("VP8",))
    assert (await source(case, picture)).closed_at is not None
    assert (await source(case, voice)).closed_at is None
    assert await codecs(case, "mateo") == (VideoCodec.VP8, VideoCodec.H264)
    assert await codecs(case, "ruth") == (VideoCodec.VP8, VideoCodec.H264)


async def source(case: DemoCase, source_id: SourceId) -> Source:
    """Return a source as the table has it."""
    async with case.database.read() as tx:
        return await get_source(tx, source_id)


async def codecs(case: DemoCase, name: str) -> tuple[VideoCodec, ...]:
    """Return what the person's next pictures may be sent in."""
    access = await case.access(name)
    async with case.database.read() as tx:
        return await codecs_of_source(tx, access, case.session_id)


async def test_removal_closes_media_and_the_door(case: DemoCase) -> None:
    await case.go_live()
    camera, _ = await case.send("mateo")
    await case.say("ruth", "participant.remove", participant_id=case.seeded.guide.id, reason="Wrong person.")
    state = await case.state()
    assert not state.sources[camera].open
    assert state.participants[case.seeded.guide.id].standing is Standing.REMOVED
    with pytest.raises(NotAdmitted):
        await case.send("mateo")
    with pytest.raises(ParticipantRemoved):
        await case.enter("mateo")
    await case.say("ruth", "participant.admit", participant_id=case.seeded.guide.id)
    await case.send("mateo")


async def test_nobody_removes_themselves(case: DemoCase) -> None:
    await case.go_live()
    lead = (await case.access("ruth")).participant_id
    with pytest.raises(NotAllowed):
        await case.say("ruth", "participant.remove", participant_id=lead, reason="Oops.")


async def test_who_leaves_comes_back_without_a_new_admission(case: DemoCase) -> None:
    await case.go_live()
    camera, _ = await case.send("mateo")
    await case.say("mateo", "room.leave")
    left = await case.state()
    assert left.participants[case.seeded.guide.id].standing is Standing.LEFT
    assert not left.sources[camera].open
    with pytest.raises(NotAdmitted):
        await case.send("mateo")
    await case.say("mateo", "lobby.enter", camera=True, microphone=True, user_agent_label="Chromium")
    assert (await case.state()).participants[case.seeded.guide.id].standing is Standing.ADMITTED


async def test_a_broken_line_ends_presence_and_neither_admission_nor_media(case: DemoCase) -> None:
    await case.go_live()
    camera, _ = await case.send("mateo")
    guide = await case.access("mateo")
    async with case.database.write() as tx:
        await tour.join_room(tx, guide, case.session_id)
        await tour.join_room(tx, guide, case.session_id)
    async with case.database.write() as tx:
        await tour.leave_room(tx, guide, case.session_id)
        await tour.leave_room(tx, guide, case.session_id)
    state = await case.state()
    shown = state.participants[guide.participant_id]
    assert (shown.present, shown.standing, state.sources[camera].open) == (False, Standing.ADMITTED, True)
    tags = await case.tags()
    assert (tags.count("tour.participant_joined"), tags.count("tour.participant_left")) == (1, 1)


async def test_privacy_is_turned_from_both_sides_and_names_who(case: DemoCase) -> None:
    await case.go_live()
    await case.say("mateo", "privacy.start", reason="ID card")
    private = (await case.state()).sessions[case.session_id].privacy
    assert private is not None
    assert private.by == "Mateo Rangel"
    with pytest.raises(PrivacyUnchanged):
        await case.say("ruth", "privacy.start", reason="ID card")
    await case.say("ruth", "privacy.stop")
    assert (await case.state()).sessions[case.session_id].privacy is None


async def test_no_still_is_asked_for_while_nothing_is_stored(case: DemoCase) -> None:
    await case.go_live()
    await case.say("mateo", "privacy.start", reason="ID card")
    with pytest.raises(PrivacyOn):
        await case.say("ruth", "still.request", still_id=some_id(), criterion_id="9.4")
    await case.say("ruth", "privacy.stop")
    await case.say("ruth", "still.request", still_id=some_id(), criterion_id="9.4")


async def test_privacy_is_for_those_in_the_room(case: DemoCase) -> None:
    await case.go_live()
    with pytest.raises(NotAdmitted):
        await case.say("lucía", "privacy.start", reason="ID card")


async def test_end_closes_everything_and_starts_no_more(case: DemoCase) -> None:
    await case.go_live()
    camera, _ = await case.send("mateo")
    await case.say("mateo", "privacy.start", reason="ID card")
    await case.say("ruth", "session.end")
    state = await case.state()
    session = state.sessions[case.session_id]
    assert (session.state, session.privacy, state.sources[camera].open) == (SessionState.ENDED, None, False)
    assert (await case.tags())[-1] == "tour.session_ended"
    with pytest.raises(WrongPhase):
        await case.say("ruth", "session.start")
    with pytest.raises(WrongPhase):
        await case.enter("mateo")


async def test_only_one_session_of_a_validation_is_live(case: DemoCase) -> None:
    lead = await case.access("ruth")
    await case.go_live()
    async with case.database.write() as tx:
        second = await _another_session(case, tx, lead)
    with pytest.raises(WrongPhase):
        await case.say("ruth", "session.start", validation_session_id=second)


async def _another_session(case: DemoCase, tx: Transaction, lead: Access) -> ValidationSessionId:
    session = await schedule_session(
        tx,
        lead,
        site_id=case.seeded.validation.site_id,
        starts_at_local=datetime.fromisoformat("2026-11-25T09:00"),
        duration_min=60,
        recording=True,
    )
    return session.id


async def test_the_member_neither_starts_nor_admits_nor_guides(case: DemoCase) -> None:
    await case.enter("mateo")
    for command_type, fields in (
        ("session.start", {}),
        ("participant.admit", {"participant_id": case.seeded.guide.id}),
        ("tour.add_stop", {"stop_id": some_id(), "name": "Office"}),
        ("still.request", {"still_id": some_id()}),
    ):
        with pytest.raises(NotAllowed):
            await case.say("mateo", command_type, **fields)


async def test_stops_stand_in_the_order_they_were_added(case: DemoCase) -> None:
    await case.go_live()
    added = some_id()
    await case.say("ruth", "tour.add_stop", stop_id=added, name="Waste yard")
    await case.say("ruth", "tour.open_stop", stop_id=added)
    state = await case.state()
    assert state.sessions[case.session_id].open_stop_id == added
    assert [stop.order for stop in state.stops.values()] == list(range(1, 8))
    with pytest.raises(StopNotFound):
        await case.say("ruth", "tour.open_stop", stop_id=some_id())


async def test_a_mark_is_set_at_the_open_stop(case: DemoCase) -> None:
    await case.go_live()
    async with case.database.read() as tx:
        stop_id = (await tx.execute(select(tour_stop.c.id).order_by(tour_stop.c.position))).mappings().first()
    assert stop_id is not None
    await case.say("ruth", "tour.open_stop", stop_id=stop_id["id"])
    await case.say("mateo", "tour.mark", label="Here", criterion_id="9.4")
    mark = (await case.state()).marks[0]
    assert (mark.by, mark.label, mark.stop_id) == ("Mateo Rangel", "Here", stop_id["id"])


async def test_a_still_is_declined_once_and_only_when_asked_for(case: DemoCase) -> None:
    await case.go_live()
    still_id = some_id()
    await case.say("ruth", "still.request", still_id=still_id, criterion_id="9.4")
    await case.say("mateo", "still.decline", still_id=still_id, reason="A face is in the picture.")
    with pytest.raises(StillAnswered):
        await case.say("mateo", "still.decline", still_id=still_id, reason="Again.")
    with pytest.raises(StillNotFound):
        await case.say("mateo", "still.decline", still_id=some_id(), reason="Which?")


async def test_a_source_is_closed_once_and_by_its_own(case: DemoCase) -> None:
    await case.go_live()
    camera, _ = await case.send("mateo")
    lead, guide = await case.access("ruth"), await case.access("mateo")
    async with case.database.write() as tx:
        with pytest.raises(SourceNotFound):
            await tour.close_own_source(tx, lead, camera, reason="unpublished")
        assert await tour.close_own_source(tx, guide, camera, reason="unpublished")
        assert not await tour.close_source(tx, camera, reason="source_ended")
    assert (await case.tags()).count("tour.source_closed") == 1


async def test_only_people_in_the_room_watch(case: DemoCase) -> None:
    await case.go_live()
    camera, _ = await case.send("mateo")
    async with case.database.read() as tx:
        source = await get_source(tx, camera)
        await tour.check_viewer(tx, await case.access("ruth"), source)
        with pytest.raises(NotAdmitted):
            await tour.check_viewer(tx, await case.access("owen"), source)
        with pytest.raises(NotAllowed):
            await tour.check_viewer(tx, await case.access("helen"), source)


async def test_a_supervisor_off_the_roster_reads_and_does_not_enter(case: DemoCase) -> None:
    supervisor = await case.access("grace")
    assert (supervisor.listed, supervisor.actor.kind) == (False, "account")
    with pytest.raises(NotAllowed):
        await case.enter("grace")


async def test_fold_says_what_the_tables_say(case: DemoCase) -> None:
    """The ledger answers how, the tables answer now; both must tell the same."""
    await case.go_live()
    await case.send("mateo")
    await case.send("ruth", SourceKind.MICROPHONE)
    await case.say("mateo", "room.leave")
    await case.enter("owen")
    state = await case.state()
    async with case.database.read() as tx:
        for participant in state.participants.values():
            attendance = await find_attendance(tx, case.session_id, participant.id)
            assert participant.standing is (Standing.INVITED if attendance is None else attendance.standing)
            consented = None if attendance is None else attendance.consent_at
            assert (None if participant.consent is None else participant.consent.at) == consented
        opened = {source.id for source in await list_open_sources(tx, case.session_id)}
        assert {source.id for source in state.sources.values() if source.open} == opened
        for session in await list_sessions(tx, (case.seeded.validation.id,)):
            shown = state.sessions[session.id]
            assert (shown.state, shown.starts_at, shown.started_at) == (
                session.state,
                session.starts_at,
                session.started_at,
            )
