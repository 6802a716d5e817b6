"""What follows a command: jobs promised in its transaction, and what the media process must learn at once after it."""

from evidence.ids import CaseId, case_log
from evidence.ledger.transaction import Transaction
from server.jobs.checkpoints import ask_checkpoint
from server.jobs.queue import enqueue
from server.live.enforcement import enforce
from server.media.errors import MediaUnavailable
from server.services import Services
from sessions.commands import (
    AdmitParticipant,
    Command,
    EndSession,
    EnterLobby,
    GiveConsent,
    LeaveRoom,
    RemoveParticipant,
    SignReview,
    StartPrivacy,
    StopPrivacy,
)
from sessions.roster.access import Access
from sessions.tour.actions import check_may_hide

MEDIA_COMMANDS = (
    AdmitParticipant,
    EndSession,
    EnterLobby,
    GiveConsent,
    LeaveRoom,
    RemoveParticipant,
    StartPrivacy,
    StopPrivacy,
)
NOT_RUNNING = frozenset({"UnixClientConnectorError", "ClientConnectorError", "FileNotFoundError"})
"""Why a media process is out of reach that records nothing: there is none."""


async def hide_first(services: Services, access: Access, command: Command) -> bool:
    """Stop the recorder before 'show, do not store' is stated, so that the entry never comes before the fact.

    Returns: whether the media process was told; `follow_up` takes it back when the command is then refused.
    Raises: MediaUnavailable when a media process runs and does not answer: nobody may believe that nothing is stored.
    """
    if not isinstance(command, StartPrivacy):
        return False
    async with services.database.write() as tx:  # the case is held for the check, which a reading transaction cannot
        await check_may_hide(tx, access, command.validation_session_id)
    try:
        await services.media.set_private(command.validation_session_id, on=True, reason=command.reason)
    except MediaUnavailable as error:
        if error.fields.get("reason") not in NOT_RUNNING:
            raise
    return True


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
