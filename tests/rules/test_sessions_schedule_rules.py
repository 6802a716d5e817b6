"""Phases, the site's clock, and join links."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.errors import (
    LinkBoundElsewhere,
    LinkExpired,
    LinkRevoked,
    LocalTimeAmbiguous,
    LocalTimeMissing,
    StartsInThePast,
    UnknownTimeZone,
    WrongPhase,
)
from sessions.schedule.rules import (
    Phase,
    Reading,
    SessionState,
    Step,
    after,
    check_invitable,
    check_link,
    check_missed,
    check_open,
    check_start_time,
    local_day,
    number_label,
    to_utc,
)
from sessions.zones import zone_named

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
ALLOWED = {
    (SessionState.PLANNED, Step.START): SessionState.LIVE,
    (SessionState.LIVE, Step.END): SessionState.ENDED,
    (SessionState.PLANNED, Step.RESCHEDULE): SessionState.PLANNED,
    (SessionState.PLANNED, Step.CANCEL): SessionState.CANCELLED,
    (SessionState.PLANNED, Step.MISS): SessionState.NO_SHOW,
}


def local(text: str) -> datetime:
    """Read a time as a wall clock shows it."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("state", SessionState)
@pytest.mark.parametrize("step", Step)
def test_session_takes_the_allowed_steps_and_no_other(state: SessionState, step: Step) -> None:
    expected = ALLOWED.get((state, step))
    if expected is not None:
        assert after(state, step) is expected
        return
    with pytest.raises(WrongPhase) as refused:
        after(state, step)
    assert refused.value.fields["actual"] == state.value


@pytest.mark.parametrize(
    ("at_site", "zone", "expected"),
    [
        ("2026-11-24T09:00", "America/Chicago", "2026-11-24T15:00"),
        ("2026-07-06T09:00", "America/Chicago", "2026-07-06T14:00"),
        ("2026-07-06T09:00", "America/Monterrey", "2026-07-06T15:00"),
        ("2026-07-06T09:00", "America/Ciudad_Juarez", "2026-07-06T15:00"),
        ("2026-11-24T09:00", "America/Denver", "2026-11-24T16:00"),
        ("2026-11-24T00:30", "Asia/Ho_Chi_Minh", "2026-11-23T17:30"),
    ],
)
def test_local_time_becomes_utc_by_the_site_s_clock(at_site: str, zone: str, expected: str) -> None:
    """Mexico's interior keeps standard time all year, the border cities follow the United States."""
    assert to_utc(local(at_site), zone) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_an_hour_the_clock_skips_is_refused_and_the_next_one_named() -> None:
    with pytest.raises(LocalTimeMissing) as refused:
        to_utc(local("2026-03-08T02:30"), "America/Chicago", Reading.EARLIER)
    assert refused.value.fields["instead"] == "2026-03-08T03:30:00"


def test_an_hour_the_clock_shows_twice_is_asked_about() -> None:
    with pytest.raises(LocalTimeAmbiguous) as refused:
        to_utc(local("2026-11-01T01:30"), "America/Chicago")
    assert refused.value.fields["earlier"] == "2026-11-01T06:30:00+00:00"
    assert refused.value.fields["later"] == "2026-11-01T07:30:00+00:00"


@pytest.mark.parametrize(("reading", "hour"), [(Reading.EARLIER, 6), (Reading.LATER, 7)])
def test_an_hour_the_clock_shows_twice_is_read_as_asked(reading: Reading, hour: int) -> None:
    assert to_utc(local("2026-11-01T01:30"), "America/Chicago", reading) == datetime(2026, 11, 1, hour, 30, tzinfo=UTC)


@given(
    st.datetimes(min_value=local("2020-01-01"), max_value=local("2035-01-01")),
    st.sampled_from(
        ["America/Chicago", "America/Monterrey", "America/Tijuana", "Europe/Berlin", "Australia/Lord_Howe"]
    ),
)
def test_the_site_s_clock_shows_what_was_agreed(wanted: datetime, zone: str) -> None:
    try:
        moment = to_utc(wanted, zone, Reading.LATER)
    except LocalTimeMissing:
        return
    assert moment.astimezone(zone_named(zone)).replace(tzinfo=None) == wanted


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "America"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(UnknownTimeZone):
        zone_named(name)


def test_the_day_is_the_site_s() -> None:
    assert local_day(datetime(2026, 11, 24, 4, 20, tzinfo=UTC), "America/Monterrey").isoformat() == "2026-11-23"


def test_number_is_a_label_of_year_and_count() -> None:
    assert [number_label(2026, 1), number_label(2027, 12345)] == ["V-2026-0001", "V-2027-12345"]


def test_a_closed_validation_is_refused() -> None:
    check_open(Phase.OPEN)
    with pytest.raises(WrongPhase):
        check_open(Phase.CLOSED)


def test_a_start_may_be_an_hour_late_but_no_more() -> None:
    check_start_time(NOW - timedelta(hours=1), NOW)
    with pytest.raises(StartsInThePast):
        check_start_time(NOW - timedelta(hours=1, seconds=1), NOW)


def test_nobody_is_absent_before_the_time() -> None:
    check_missed(NOW, NOW)
    with pytest.raises(WrongPhase):
        check_missed(NOW + timedelta(seconds=1), NOW)


@pytest.mark.parametrize("state", SessionState)
def test_invitations_go_to_sessions_that_may_still_be(state: SessionState) -> None:
    if state in {SessionState.PLANNED, SessionState.LIVE}:
        check_invitable(state)
        return
    with pytest.raises(WrongPhase):
        check_invitable(state)


@pytest.mark.parametrize(
    ("state", "revoked", "expires_in_s", "bound_elsewhere", "refusal"),
    [
        (SessionState.PLANNED, False, 1, False, None),
        (SessionState.LIVE, False, 1, False, None),
        (SessionState.ENDED, False, 1, False, None),
        (SessionState.PLANNED, True, 1, False, LinkRevoked),
        (SessionState.CANCELLED, False, 1, False, LinkRevoked),
        (SessionState.NO_SHOW, False, 1, False, LinkRevoked),
        (SessionState.LIVE, False, 0, False, LinkExpired),
        (SessionState.LIVE, False, 1, True, LinkBoundElsewhere),
        (SessionState.LIVE, True, 0, True, LinkRevoked),
    ],
)
def test_link_opens_once_in_time_and_in_one_browser(
    state: SessionState,
    revoked: bool,  # noqa: FBT001  (a column of the table)
    expires_in_s: int,
    bound_elsewhere: bool,  # noqa: FBT001  (a column of the table)
    refusal: type[Exception] | None,
) -> None:
    def check() -> None:
        expires_at = NOW + timedelta(seconds=expires_in_s)
        check_link(state, revoked=revoked, expires_at=expires_at, bound_elsewhere=bound_elsewhere, now=NOW)

    if refusal is None:
        check()
        return
    with pytest.raises(refusal):
        check()
