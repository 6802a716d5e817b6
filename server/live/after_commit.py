"""What must follow a command outside the database: the media process learns at once what was taken away."""

from server.live.enforcement import enforce
from server.services import Services
from sessions.commands import Command, EndSession, LeaveRoom, RemoveParticipant, StartPrivacy, StopPrivacy

MEDIA_COMMANDS = (EndSession, LeaveRoom, RemoveParticipant, StartPrivacy, StopPrivacy)


async def follow_up(services: Services, command: Command) -> None:
    """Carry out at the media process what a committed command changed there."""
    if isinstance(command, MEDIA_COMMANDS):
        await enforce(services)
