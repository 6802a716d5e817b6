"""What follows a command: jobs promised in its transaction, and what the media process must learn at once after it."""

from evidence.ids import CaseId, case_log
from evidence.ledger.transaction import Transaction
from server.jobs.checkpoints import ask_checkpoint
from server.jobs.queue import enqueue
from server.live.enforcement import enforce
from server.services import Services
from sessions.commands import Command, EndSession, LeaveRoom, RemoveParticipant, SignReview, StartPrivacy, StopPrivacy
from sessions.roster.access import Access

MEDIA_COMMANDS = (EndSession, LeaveRoom, RemoveParticipant, StartPrivacy, StopPrivacy)


async def promise(tx: Transaction, access: Access, command: Command) -> None:
    """Enqueue what the end of a session and a signature make necessary: playable lanes and a signed checkpoint."""
    if isinstance(command, EndSession):
        session_id = str(command.validation_session_id)
        wanted = {"case_id": str(access.validation_id), "validation_session_id": session_id}
        await enqueue(tx, "build_lanes", dict(wanted), dedupe_key=f"lanes:{session_id}")
    if isinstance(command, EndSession | SignReview):
        await ask_checkpoint(tx, case_log(CaseId(access.validation_id)))


async def follow_up(services: Services, command: Command) -> None:
    """Carry out at the media process what a committed command changed there."""
    if isinstance(command, MEDIA_COMMANDS):
        await enforce(services)
