"""The fold: state + entry → state."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.custody.rules import Stage
from sessions.journal import EVENTS, read_event
from sessions.schedule.rules import Phase, SessionState
from sessions.state import CaseState, apply, fold, initial
from sessions.tour.rules import SourceType, Standing, StillState
from tests.vectors.fold_vectors import (
    ADVICE,
    BROKEN,
    CAMERA,
    DOCK,
    DOCK_CAMERA,
    FINDING,
    FIRST,
    FOLDER,
    GATE,
    GUIDE,
    LATER_STILL,
    LEAD,
    PAPER,
    PHOTO,
    SECOND,
    STILL,
    VOICE,
    scenarios,
    vector,
)

SCENARIOS = scenarios()


def state_after(name: str) -> CaseState:
    """Return the state after a scenario."""
    return fold(SCENARIOS[name])


@pytest.mark.parametrize("name", SCENARIOS)
def test_written_vector_is_current(name: str) -> None:
    assert json.loads((FOLDER / f"{name}.json").read_text()) == vector(name, SCENARIOS[name])


def test_no_vector_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(SCENARIOS)


@given(st.sampled_from(sorted(SCENARIOS)), st.data())
def test_stale_state_and_the_entries_since_make_the_fresh_state(name: str, data: st.DataObject) -> None:
    entries = SCENARIOS[name]
    seen = data.draw(st.integers(0, len(entries)))
    stale = CaseState.model_validate_json(fold(entries[:seen]).model_dump_json())
    assert fold(entries[seen:], stale) == fold(entries)


@given(st.sampled_from(sorted(SCENARIOS)), st.sets(st.integers(0, 60)))
def test_any_bodies_may_be_missing(name: str, gone: set[int]) -> None:
    entries = [
        entry.model_copy(update={"tag": None, "actor": None, "data": None}) if entry.seq in gone else entry
        for entry in SCENARIOS[name]
    ]
    assert fold(entries).seq == len(entries) - 1


def test_applying_leaves_the_earlier_state_as_it_was() -> None:
    state = initial()
    for entry in SCENARIOS["review"]:
        before = state.model_dump_json()
        after = apply(state, entry)
        assert state.model_dump_json() == before
        state = after


def test_vectors_have_every_event_of_a_case() -> None:
    told = {entry.tag for entries in SCENARIOS.values() for entry in entries}
    of_the_deployment = {"member_created", "site_added", "person_added", "account_added", "official_texts_loaded"}
    assert {tag for tag in EVENTS if tag not in told and tag.split(".")[1] not in of_the_deployment} == set()


def test_events_read_back_are_what_was_written() -> None:
    for entry in SCENARIOS["review"]:
        event = read_event(entry)
        if event is not None:
            assert (event.TAG, event.ENTRY_CLASS, event.to_data()) == (entry.tag, entry.entry_class, entry.data)


def test_walk_shows_who_is_in_and_what_is_open() -> None:
    state = state_after("walk")
    session = state.sessions[FIRST]
    assert (session.state, session.open_stop_id) == (SessionState.LIVE, GATE)
    assert session.privacy is not None
    assert (session.privacy.by, session.privacy.reason) == ("Mateo Rangel", "ID card of a driver")
    assert {key: one.standing for key, one in state.participants.items() if one.present} == {
        LEAD: Standing.ADMITTED,
        GUIDE: Standing.ADMITTED,
    }
    assert {key: (one.open, one.recorded) for key, one in state.sources.items()} == {
        CAMERA: (True, True),
        DOCK_CAMERA: (False, True),
        VOICE: (True, False),
    }
    named = {key: (one.name, one.source_type) for key, one in state.sources.items()}
    assert named[CAMERA] == (None, SourceType.LIVE_DEVICE)
    assert named[DOCK_CAMERA] == ("Dock camera 3", SourceType.FIXED_CAMERA)
    assert state.sources[CAMERA].filed_through_ms == 11_980
    assert [(one.cause.value, one.ended_at is None) for one in state.interruptions] == [
        ("network", False),
        ("call", True),
    ]
    assert [stop.order for stop in state.stops.values()] == [1, 2]
    assert set(state.stops) == {GATE, DOCK}
    assert [mark.label for mark in state.marks] == ["Second guard arrives"]


def test_a_still_is_taken_by_the_item_that_names_it() -> None:
    state = state_after("walk")
    assert (state.stills[STILL].state, state.stills[STILL].item_id) == (StillState.TAKEN, PHOTO)
    assert state.stills[LATER_STILL].state is StillState.DECLINED
    assert (state.items[PHOTO].state, state.items[PHOTO].thumbnail) == (Stage.FILED, True)


def test_end_of_a_session_empties_the_room() -> None:
    state = state_after("end")
    assert state.sessions[FIRST].state is SessionState.ENDED
    assert state.sessions[FIRST].privacy is None
    assert {state.participants[key].standing for key in (LEAD, GUIDE)} == {Standing.LEFT}
    assert not any(one.present for one in state.participants.values())
    assert not any(source.open for source in state.sources.values())


def test_consent_is_not_carried_into_the_next_session() -> None:
    guide = state_after("second_session").participants[GUIDE]
    assert (guide.validation_session_id, guide.consent) == (SECOND, None)
    assert guide.standing is Standing.REMOVED


def test_checklist_shows_the_last_answer_and_the_state_of_each_gap() -> None:
    state = state_after("checklist")
    assert (state.answers["9.4"].version, state.answers["9.4"].verdict) == (2, "met")
    assert (state.findings[FINDING].state, state.findings[FINDING].version) == ("closed", 3)
    assert str(state.findings[FINDING].due_on) == "2026-12-15"
    assert (state.findings[ADVICE].state, state.findings[ADVICE].due_on) == ("open", None)
    assert state.items[PHOTO].criterion_ids == ("9.4", "9.6")
    assert [(one.text, one.open) for one in state.requests.values()] == [("Guard roster of November", False)]


def test_a_member_sees_nothing_of_the_review_but_that_the_case_is_closed() -> None:
    government, member = state_after("review"), state_after("review_as_member")
    assert government.review_signed is not None
    assert government.reviews["9.4"].mark == "supported"
    assert (member.reviews, member.review_signed) == ({}, None)
    assert member.validation is not None
    assert member.validation.phase is Phase.CLOSED
    assert member.seq == government.seq


def test_what_hangs_on_a_destroyed_body_is_passed_over() -> None:
    state = state_after("destroyed_bodies")
    assert (state.items, state.stills, state.findings, state.requests) == ({}, {}, {}, {})
    assert state.answers["9.4"].version == 2


def test_a_refused_upload_is_shown_as_refused() -> None:
    state = state_after("uploads")
    assert (state.items[BROKEN].state, state.items[BROKEN].reason) == (Stage.QUARANTINED, "type_mismatch")
    assert state.items[PAPER].state is Stage.ADMITTED


def test_the_last_test_of_the_line_stands() -> None:
    line = state_after("schedule").participants[GUIDE].line
    assert line is not None
    assert (line.validation_session_id, line.path, line.worked) == (FIRST, "relay_tcp", ("relay_tcp", "relay_tls"))
    assert state_after("schedule").participants[LEAD].line is None


def test_an_unknown_tag_moves_seq_alone() -> None:
    entries = SCENARIOS["unknown_tag"]
    before = fold(entries[:-1])
    assert fold(entries) == before.model_copy(update={"seq": before.seq + 1})


@pytest.mark.parametrize(
    ("kind", "expected"), [("camera", "live_device"), ("microphone", "live_device"), ("screen", "screen")]
)
def test_source_from_before_there_were_types_is_a_persons_own_page(kind: str, expected: str) -> None:
    """Entries of old have no type and no name; a screen was a screen, all else a phone or computer."""
    entry = next(one for one in SCENARIOS["walk"] if one.tag == "tour.source_opened")
    assert entry.data is not None
    old = {key: value for key, value in entry.data.items() if key not in {"source_type", "name", "token_id"}}
    (source,) = apply(initial(), entry.model_copy(update={"data": old | {"kind": kind}})).sources.values()
    assert (source.source_type, source.name) == (expected, None)
