"""Who is seen and heard, and when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.errors import (
    ConsentMissing,
    NotAdmitted,
    ParticipantRemoved,
    PrivacyOn,
    PrivacyUnchanged,
    SessionsError,
    StillAnswered,
    WrongPhase,
)
from sessions.roster.rules import Permission
from sessions.schedule.rules import SessionState
from sessions.tour.rules import (
    SourceKind,
    Standing,
    StillState,
    VideoCodec,
    changes_codec,
    check_admission,
    check_privacy,
    check_sending,
    check_session_ahead_or_live,
    check_still,
    check_storing,
    is_recorded,
    permission_to_send,
    standing_after_lobby,
    video_codecs,
)


@given(st.sampled_from(SessionState), st.sampled_from(Standing), st.sampled_from([None, True, False]))
def test_no_media_before_consent_admission_and_the_live_phase(
    state: SessionState,
    standing: Standing,
    consent: bool | None,  # noqa: FBT001  (drawn)
) -> None:
    allowed = state is SessionState.LIVE and standing is Standing.ADMITTED and consent is not None
    try:
        check_sending(state, standing, consent)
    except SessionsError:
        assert not allowed
    else:
        assert allowed


@pytest.mark.parametrize(
    ("state", "standing", "consent", "refusal"),
    [
        (SessionState.PLANNED, Standing.ADMITTED, True, WrongPhase),
        (SessionState.ENDED, Standing.ADMITTED, True, WrongPhase),
        (SessionState.LIVE, Standing.LOBBY, None, ConsentMissing),
        (SessionState.LIVE, Standing.LOBBY, True, NotAdmitted),
        (SessionState.LIVE, Standing.REMOVED, True, NotAdmitted),
    ],
)
def test_media_is_refused_for_the_first_thing_missing(
    state: SessionState,
    standing: Standing,
    consent: bool | None,  # noqa: FBT001  (a column of the table)
    refusal: type[Exception],
) -> None:
    with pytest.raises(refusal):
        check_sending(state, standing, consent)


@pytest.mark.parametrize(
    ("session_recording", "consent_recording", "expected"),
    [(True, True, True), (True, False, False), (False, True, False), (False, False, False)],
)
def test_a_source_is_recorded_when_session_and_person_agree(
    session_recording: bool,  # noqa: FBT001  (a column of the table)
    consent_recording: bool,  # noqa: FBT001  (a column of the table)
    expected: bool,  # noqa: FBT001  (a column of the table)
) -> None:
    recorded = is_recorded(session_recording=session_recording, consent_recording=consent_recording)
    assert recorded is expected


@pytest.mark.parametrize(
    ("standing", "was_admitted", "holds_door", "expected"),
    [
        (Standing.INVITED, False, False, Standing.LOBBY),
        (Standing.INVITED, False, True, Standing.ADMITTED),
        (Standing.LOBBY, False, False, Standing.LOBBY),
        (Standing.LEFT, True, False, Standing.ADMITTED),
        (Standing.LEFT, False, False, Standing.LOBBY),
        (Standing.ADMITTED, True, False, Standing.ADMITTED),
    ],
)
def test_the_door_opens_by_itself_for_who_was_admitted_or_holds_it(
    standing: Standing,
    was_admitted: bool,  # noqa: FBT001  (a column of the table)
    holds_door: bool,  # noqa: FBT001  (a column of the table)
    expected: Standing,
) -> None:
    assert standing_after_lobby(standing, was_admitted=was_admitted, holds_door=holds_door) is expected


@pytest.mark.parametrize("holds_door", [True, False])
def test_who_was_removed_does_not_come_back_alone(holds_door: bool) -> None:  # noqa: FBT001  (both cases)
    with pytest.raises(ParticipantRemoved):
        standing_after_lobby(Standing.REMOVED, was_admitted=False, holds_door=holds_door)


@pytest.mark.parametrize("standing", Standing)
def test_admission_is_for_who_came_to_the_door_and_is_not_in(standing: Standing) -> None:
    if standing in {Standing.LOBBY, Standing.LEFT, Standing.REMOVED}:
        check_admission(standing)
        return
    with pytest.raises(WrongPhase):
        check_admission(standing)


@pytest.mark.parametrize("state", SessionState)
def test_the_door_is_closed_when_the_session_is_over_or_off(state: SessionState) -> None:
    if state in {SessionState.PLANNED, SessionState.LIVE}:
        check_session_ahead_or_live(state)
        return
    with pytest.raises(WrongPhase):
        check_session_ahead_or_live(state)


@pytest.mark.parametrize("on", [True, False])
def test_privacy_turns_only_to_the_other(on: bool) -> None:  # noqa: FBT001  (both cases)
    check_privacy(is_on=on, wanted=not on)
    with pytest.raises(PrivacyUnchanged):
        check_privacy(is_on=on, wanted=on)


@pytest.mark.parametrize("state", [StillState.TAKEN, StillState.DECLINED])
def test_a_still_is_decided_once(state: StillState) -> None:
    check_still(StillState.REQUESTED)
    with pytest.raises(StillAnswered):
        check_still(state)


def test_each_kind_of_source_has_a_permission_of_its_own() -> None:
    expected = {
        SourceKind.CAMERA: Permission.PUBLISH_CAMERA,
        SourceKind.MICROPHONE: Permission.SPEAK,
        SourceKind.SCREEN: Permission.PUBLISH_SCREEN,
    }
    assert {kind: permission_to_send(kind) for kind in SourceKind} == expected


def test_a_picture_is_kept_unless_it_was_taken_while_nothing_is_stored() -> None:
    """One from before 'show, do not store' began is kept; one from that very moment on is not."""
    began = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    check_storing(None, began)
    check_storing(began, began - timedelta(milliseconds=1))
    for late in (began, began + timedelta(minutes=5)):
        with pytest.raises(PrivacyOn):
            check_storing(began, late)


VP8, H264 = VideoCodec.VP8, VideoCodec.H264
BOTH = (VP8, H264)
Measured = tuple[VideoCodec, ...] | None


@pytest.mark.parametrize(
    ("encodes", "others_decode", "first"),
    [
        (BOTH, [BOTH, BOTH], H264),
        (BOTH, [BOTH, (VP8,)], VP8),
        (BOTH, [BOTH, ()], VP8),
        (BOTH, [BOTH, None], VP8),
        (BOTH, [], H264),
        ((VP8,), [BOTH], VP8),
        ((H264,), [(H264,)], H264),
        ((H264,), [(VP8,)], VP8),
        ((), [BOTH], VP8),
        (None, [BOTH], H264),
        (None, [None], VP8),
    ],
)
def test_pictures_are_h264_when_all_decode_it_and_the_sender_encodes_it(
    encodes: Measured, others_decode: list[Measured], first: VideoCodec
) -> None:
    """The other codec always follows: a sender without a choice is recorded rather than refused."""
    order = video_codecs(encodes, others_decode)
    assert (order[0], set(order)) == (first, {VP8, H264})


@pytest.mark.parametrize(
    ("decodes", "others_decode", "changes"),
    [
        (BOTH, [BOTH], False),
        ((VP8,), [BOTH, BOTH], True),
        (None, [BOTH], True),
        ((VP8,), [BOTH, (VP8,)], False),
        (None, [None], False),
    ],
)
def test_first_who_lacks_the_codec_changes_it(
    decodes: Measured,
    others_decode: list[Measured],
    changes: bool,  # noqa: FBT001  (a table's column)
) -> None:
    assert changes_codec(decodes, others_decode) is changes
