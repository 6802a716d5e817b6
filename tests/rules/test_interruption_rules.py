"""Which observations are one interruption, when it is known, and what is stated of it."""

from datetime import UTC, datetime, timedelta

import pytest

from evidence.ids import SourceId, uuid7
from sessions.ids import InterruptionId, ParticipantId, ValidationId, ValidationSessionId
from sessions.tour.interruption_rules import (
    SETTLE,
    Interruption,
    InterruptionCause,
    Stated,
    Stretch,
    Witness,
    fitted,
    going_on,
    is_covered,
    is_due,
    is_loss,
    is_same,
    outcome,
    silence_left,
)

BEGIN = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
CALL, NETWORK, MUTED = InterruptionCause.CALL, InterruptionCause.NETWORK, InterruptionCause.MUTE_AUDIO
Span = tuple[int | None, int | None]
NOTHING: Span = (None, None)


def at(second: int | None) -> datetime | None:
    """Return the moment so many seconds after the beginning; None for none."""
    return None if second is None else BEGIN + timedelta(seconds=second)


def moment(second: int) -> datetime:
    """Return the moment so many seconds after the beginning."""
    return BEGIN + timedelta(seconds=second)


def row(
    *,
    page: Span = NOTHING,
    media: Span = NOTHING,
    cause: InterruptionCause = NETWORK,
    touched: int = 0,
    resumed: bool = False,
) -> Interruption:
    """Return what page and media process said, in seconds."""
    return Interruption(
        id=InterruptionId(uuid7()),
        claim_id=None,
        validation_id=ValidationId(uuid7()),
        validation_session_id=ValidationSessionId(uuid7()),
        source_id=SourceId(uuid7()),
        participant_id=ParticipantId(uuid7()),
        cause=cause,
        page_from=at(page[0]),
        page_until=at(page[1]),
        media_from=at(media[0]),
        media_until=at(media[1]),
        resumed=resumed,
        touched_at=moment(touched),
        stated_at=None,
    )


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [
        ((10, 20), (10, 20)),
        ((-5, 20), (0, 20)),
        ((10, 99), (10, 60)),
        ((99, None), (60, None)),
        ((20, 10), (20, 20)),
    ],
)
def test_claim_is_held_to_what_can_be(claimed: tuple[int, int | None], expected: tuple[int, int | None]) -> None:
    """The source opened at 0 and it is 60 now; a device's clock may say anything."""
    found = fitted(Stretch(moment(claimed[0]), at(claimed[1])), opened_at=BEGIN, now=moment(60))
    assert found == Stretch(moment(expected[0]), at(expected[1]))


@pytest.mark.parametrize(
    ("known", "observed", "same"),
    [
        (row(media=(10, None)), (11, 20), True),
        (row(media=(10, 18)), (9, 19), True),
        (row(media=(10, 18)), (19, 22), True),
        (row(media=(10, 18)), (21, 25), False),
        (row(page=(10, None), cause=CALL), (12, None), True),
        (row(page=(10, 12), cause=CALL), (40, None), False),
        (row(media=(10, None)), (1, 5), False),
        (row(page=(10, None), cause=MUTED), (12, None), False),
    ],
)
def test_losses_that_touch_are_one(known: Interruption, observed: tuple[int, int | None], *, same: bool) -> None:
    """Within two seconds; a muted voice is never the reason why nothing arrives."""
    assert is_same(known, Stretch(moment(observed[0]), at(observed[1]))) is same


@pytest.mark.parametrize(
    ("claimed", "covered"),
    [((10, 18), True), ((12, 13), True), ((15, 24), False), ((30, 40), False), ((17, None), False)],
)
def test_late_claim_that_is_stated_already_is_not_stated_again(
    claimed: tuple[int, int | None], *, covered: bool
) -> None:
    """When at least half of it lies in what the media process saw."""
    late = Stretch(moment(claimed[0]), at(claimed[1]))
    assert is_covered(row(media=(10, 18)), late, moment(60)) is covered


@pytest.mark.parametrize(
    ("known", "now", "due"),
    [
        (row(page=(0, None), cause=CALL), 999, False),
        (row(page=(0, 8), cause=CALL, touched=8), 8, True),
        (row(media=(0, None)), 999, False),
        (row(media=(0, 8), touched=8), 12, False),
        (row(media=(0, 8), touched=8), 13, True),
        (row(page=(0, 8), media=(0, None), touched=8), 12, False),
        (row(page=(0, 8), media=(0, None), touched=8), 13, True),
        (row(page=(0, None), media=(0, 8), touched=8), 999, False),
        (row(page=(0, 8), media=(0, 8), touched=8), 8, True),
        (row(page=(0, None), media=(0, 8), touched=8, resumed=True), 12, False),
        (row(page=(0, None), media=(0, 8), touched=8, resumed=True), 13, True),
    ],
)
def test_stated_once_everybody_who_saw_it_begin_saw_it_end(known: Interruption, now: int, *, due: bool) -> None:
    """Or had five seconds to; a later source of the same person ends what an earlier page left open."""
    assert timedelta(seconds=5) == SETTLE
    assert is_due(known, moment(now)) is due


@pytest.mark.parametrize(
    ("known", "stretch", "witness"),
    [
        (row(page=(1, 9), media=(2, 8), cause=CALL), (1, 9), Witness.PAGE),
        (row(page=(1, 9), media=(2, 8)), (2, 8), Witness.MEDIA),
        (row(media=(2, 8)), (2, 8), Witness.MEDIA),
        (row(page=(1, 9)), (1, 9), Witness.PAGE),
        (row(page=(1, None), media=(2, 8), cause=CALL), (1, 8), Witness.PAGE),
        (row(media=(2, None)), (2, None), Witness.MEDIA),
        (row(page=(1, None), cause=MUTED), (1, None), Witness.PAGE),
    ],
)
def test_server_times_a_broken_line_and_the_page_all_else(
    known: Interruption, stretch: tuple[int, int | None], witness: Witness
) -> None:
    """What never ended has no end."""
    assert outcome(known) == Stated(Stretch(moment(stretch[0]), at(stretch[1])), witness)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (row(page=(1, None), media=(2, None), cause=CALL), (CALL, 1)),
        (row(page=(1, 9), media=(2, None), cause=CALL), (NETWORK, 2)),
        (row(page=(1, 9), cause=CALL), None),
        (row(media=(2, 8)), None),
        (row(media=(2, None)), (NETWORK, 2)),
        (row(media=(2, None), resumed=True), None),
    ],
)
def test_tile_says_what_goes_on_now(known: Interruption, expected: tuple[InterruptionCause, int] | None) -> None:
    """The page's reason while the page holds it, then that nothing arrives."""
    assert going_on(known) == (None if expected is None else (expected[0], moment(expected[1])))


def test_silence_beyond_the_end_that_a_page_stated_goes_on() -> None:
    """A call ends and the line stays dead: that is another interruption."""
    assert silence_left(row(page=(1, 9), media=(2, None), cause=CALL)) == moment(9)
    assert silence_left(row(page=(1, 9), media=(2, 8), cause=CALL)) is None
    assert silence_left(row(page=(1, 9), cause=CALL)) is None


def test_what_a_person_does_is_no_loss() -> None:
    """Four causes stand alone; the other six may be what the media process sees as silence."""
    assert {cause.value for cause in InterruptionCause if not is_loss(cause)} == {
        "mute_audio",
        "mute_video",
        "camera_swap",
        "relay_change",
    }
