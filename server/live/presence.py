"""Arrivals in the room and departures from it, as entries."""

from uuid import UUID

import structlog

from server.auth.principal import Principal
from server.auth.visits import access_of
from server.services import Services
from sessions.errors import SessionsError
from sessions.roster.access import Access
from sessions.tour.door import join_room, leave_room

log = structlog.get_logger()


async def arrive(services: Services, access: Access, validation_session_id: UUID) -> None:
    """State that the participant is in the room; an arrival that is already stated is not stated again.

    Raises: SessionsError when this person has no seat in this session now.
    """
    async with services.database.write() as tx:
        await join_room(tx, access, validation_session_id)


async def depart(services: Services, principal: Principal, validation_id: UUID, validation_session_id: UUID) -> None:
    """State that the participant's last connection is gone. One who was removed or left by command has left already."""
    try:
        async with services.database.write() as tx:
            access = await access_of(tx, principal, validation_id)
            await leave_room(tx, access, validation_session_id)
    except SessionsError as error:
        log.info("departure not stated", code=error.code)
