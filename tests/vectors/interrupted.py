"""Entries of the vectors: a line that broke and healed, a call that never ended, and photos in place of a picture."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid5

from evidence.ids import SourceId
from evidence.ledger.events import Event
from sessions.ids import InterruptionId, ValidationSessionId
from sessions.tour.events import InterruptionStated, PhotoModeStarted, PhotoModeStopped
from sessions.tour.interruption_rules import InterruptionCause, Witness


def interruptions(session_id: ValidationSessionId, source_id: SourceId, began: datetime) -> Iterator[Event]:
    """Give what the media process states of a source, then what its page does."""
    healed_at = began + timedelta(seconds=31)
    stated = (
        (InterruptionCause.NETWORK, Witness.MEDIA, healed_at, began, healed_at),
        (InterruptionCause.CALL, Witness.PAGE, None, None, None),
    )
    for cause, reported_by, ended_at, silent_from, silent_until in stated:
        yield InterruptionStated(
            validation_session_id=session_id,
            interruption_id=InterruptionId(uuid5(source_id, cause)),
            source_id=source_id,
            cause=cause,
            started_at=began,
            ended_at=ended_at,
            reported_by=reported_by,
            silent_from=silent_from,
            silent_until=silent_until,
        )


def photo_modes(session_id: ValidationSessionId, source_id: SourceId) -> Iterator[Event]:
    """Give what a camera states that goes to photos, back to video, and to photos again."""
    for kind in (PhotoModeStarted, PhotoModeStopped, PhotoModeStarted):
        yield kind(validation_session_id=session_id, source_id=source_id)
