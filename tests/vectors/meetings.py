"""Entries of the vectors: a validation session that is planned."""

from datetime import datetime
from uuid import UUID

from evidence.ledger.events import Event
from sessions.ids import SiteId, ValidationSessionId
from sessions.schedule.events import SessionScheduled


def scheduled(session_id: ValidationSessionId, site_id: UUID, starts_at: datetime) -> Event:
    """Return that a session of three hours is planned at a site."""
    return SessionScheduled(
        validation_session_id=session_id,
        site_id=SiteId(site_id),
        site_name="Planta Apodaca",
        time_zone="America/Monterrey",
        starts_at=starts_at,
        duration_min=180,
        recording=True,
    )
