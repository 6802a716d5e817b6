"""Which of several media processes a room belongs to, and what they are called."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.config import load_settings
from server.media.processes import pinned

NAMES = ["media-0", "media-1", "media-2"]


def test_processes_are_named_after_the_first() -> None:
    """So that one process more or less leaves the spools of the others where they are."""
    assert load_settings({}).media_names == ("media-0",)
    assert load_settings({"SIGHTLINE_MEDIA_PROCESSES": "3"}).media_names == ("media-0", "media-1", "media-2")
    east = {"SIGHTLINE_MEDIA_NAME": "east", "SIGHTLINE_MEDIA_PROCESSES": "2"}
    assert load_settings(east).media_names == ("east", "east-1")
    assert [load_settings(east).media_name_of(number) for number in (0, 1, 5)] == ["east", "east-1", "east-5"]


@given(st.uuids(), st.permutations(NAMES))
def test_room_belongs_to_one_process_whoever_asks(room: UUID, names: list[str]) -> None:
    assert pinned(room, names) == pinned(room, NAMES)


@given(st.uuids())
def test_another_process_takes_rooms_from_all_and_moves_no_other(room: UUID) -> None:
    assert pinned(room, [*NAMES, "media-3"]) in {pinned(room, NAMES), "media-3"}


def test_rooms_spread_over_all() -> None:
    """Each of three has a third of many rooms, give or take."""
    places = [pinned(UUID(int=number), NAMES) for number in range(900)]
    assert all(240 < places.count(name) < 360 for name in NAMES)
