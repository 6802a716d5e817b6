"""When a media process lets newcomers in: rooms are refused first, viewers of what is live last."""

from contextlib import suppress

import pytest

from server.media.errors import MediaBusy
from server.media.pressure import LAG_MOST_S, LOOK_S, Newcomer, Pressure


def admitted(pressure: Pressure) -> set[Newcomer]:
    """Return who would be let in."""
    found = set()
    for newcomer in Newcomer:
        with suppress(MediaBusy):
            pressure.admit(newcomer)
            found.add(newcomer)
    return found


@pytest.mark.parametrize(
    ("share", "let_in"),
    [
        (0.0, set(Newcomer)),
        (0.5, set(Newcomer)),
        (0.6, {Newcomer.SOURCE, Newcomer.VIEWER}),
        (0.7, {Newcomer.VIEWER}),
        (0.95, set()),
        (1.2, set()),
    ],
)
def test_who_is_let_in_depends_on_the_share_of_the_core(share: float, let_in: set[Newcomer]) -> None:
    """A thread may be counted a little more than the time that passed."""
    pressure = Pressure(lambda: 0.0)
    for _ in range(60):
        pressure.note(LOOK_S, LOOK_S * share)
    assert admitted(pressure) == let_in


def test_late_loop_lets_nobody_in_whatever_it_spends() -> None:
    """Somebody else has the core, or something blocks; and all are let in again when it is over."""
    pressure = Pressure(lambda: 0.0)
    for _ in range(60):
        pressure.note(LOOK_S + 2 * LAG_MOST_S, 0.0)
    assert admitted(pressure) == set()
    for _ in range(60):
        pressure.note(LOOK_S, 0.0)
    assert admitted(pressure) == set(Newcomer)


def test_one_burst_is_no_reason_to_refuse() -> None:
    pressure = Pressure(lambda: 0.0)
    pressure.note(LOOK_S, LOOK_S)
    assert admitted(pressure) == set(Newcomer)
