"""What follows a command: jobs promised in its transaction, and what the media process must learn at once after it."""

import structlog

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
log = structlog.get_logger()


async def hide_first(services: Services, access: Access, command: Command) -> bool:
    """Stop the recorder before 'show, do not store' is stated, so that the entry never comes before the fact.

    Returns: whether the media processes were told; `enforce` takes it back when the command is then refused.
    Raises: MediaUnavailable when a media process runs and does not answer: nobody may believe that nothing is stored.
    """
    if not isinstance(command, StartPrivacy):
        return False
    async with services.database.write() as tx:  # the case is held for the check, which a reading transaction cannot
        await check_may_hide(tx, access, command.validation_session_id)
    await services.media.hide(command.validation_session_id, reason=command.reason)
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
    """Carry out at the media processes what a committed command changed there."""
    if isinstance(command, StartPrivacy):
        await _hide_again(services, command)
    if isinstance(command, MEDIA_COMMANDS):
        await enforce(services)


async def _hide_again(services: Services, command: StartPrivacy) -> None:
    """Hide once more, now that it is stated.

    Whoever looked between the telling and the commit takes the first hiding for one that has ended, and ends it at any
    later moment: after this it is another one. A process that has started meanwhile hears of it too.
    """
    try:
        await services.media.hide(command.validation_session_id, reason=command.reason)
    except MediaUnavailable as error:
        log.warning("media not told yet", reason=error.fields.get("reason"))
