"""From a decoded command to a committed change: who may, do it once, and say how far the log has come."""

from collections.abc import Awaitable
from typing import TypeVar
from uuid import UUID

import structlog
from pydantic import ValidationError

from evidence.ids import CaseId, case_log, uuid7
from evidence.ledger.inserting import insert_once
from evidence.ledger.store import get_log
from evidence.ledger.transaction import Transaction
from evidence.records import Json
from server.auth.principal import Principal
from server.auth.visits import access_of
from server.errors import RequestInvalid
from server.http.problems import REFUSALS, bug_problem, problem_of
from server.live.after_commit import follow_up, hide_first, promise
from server.live.enforcement import enforce
from server.live.messages import Ack, PhotoPassedOn, Refused
from server.live.tables import command_receipt
from server.observability import COMMANDS
from server.services import Services
from sessions.actions import perform
from sessions.commands import COMMAND, Command

log = structlog.get_logger()
Answer = TypeVar("Answer", Ack, PhotoPassedOn)
"""What is said when something was done."""


async def perform_command(services: Services, principal: Principal, validation_id: UUID, command: Command) -> Ack:
    """Do `command` in one transaction, once per command id, then carry out what must follow at the media server.

    Returns: an ack whose `seq` is at or after the command's last entry.
    Raises: SessionsError and EvidenceError, as the command's slice tells; MediaUnavailable, see `hide_first`.
    """
    log_id = case_log(CaseId(validation_id))
    async with services.database.read() as tx:
        access = await access_of(tx, principal, validation_id)
    hidden = await hide_first(services, access, command)
    try:
        async with services.database.write() as tx:
            access = await access_of(tx, principal, validation_id)
            repeated = not await _insert_receipt(tx, access.participant_id, command.command_id)
            if not repeated:
                await perform(tx, access, command)
                await promise(tx, access, command)
            size = (await get_log(tx, log_id)).size
    except BaseException:
        if hidden:
            await enforce(services)
        raise
    if hidden or not repeated:
        await follow_up(services, command)
    appended = tx.appended.get(log_id, ())
    return Ack(seq=appended[-1].seq if appended else max(size - 1, 0))


async def answer_command(
    services: Services, principal: Principal, validation_id: UUID, command: dict[str, Json]
) -> Ack | Refused:
    """Do a command that came over the socket; a refusal is an answer, and a bug is one too."""
    try:
        decoded = COMMAND.validate_python(command)
    except ValidationError as error:
        COMMANDS.labels("unknown", RequestInvalid.code).inc()
        return Refused(problem=problem_of(invalid(error)))
    answer = await answered(decoded.type, perform_command(services, principal, validation_id, decoded))
    outcome = "done" if isinstance(answer, Ack) else str(answer.problem["code"])
    COMMANDS.labels(decoded.type, outcome).inc()
    return answer


async def answered(name: str, work: Awaitable[Answer | Refused]) -> Answer | Refused:
    """Return the ack of what a socket asked for; a refusal is an answer, and a bug is one too."""
    try:
        return await work
    except REFUSALS as error:
        return Refused(problem=problem_of(error))
    except Exception:  # one of the three edges that must survive: the socket goes on after a bug
        incident = uuid7()
        log.exception("bug", incident=str(incident), message=name)
        return Refused(problem=bug_problem(incident))


def invalid(error: ValidationError) -> RequestInvalid:
    """Return the refusal of a message that does not fit its schema; inputs are left out, they may be secrets."""
    rows = error.errors(include_url=False, include_input=False, include_context=False)
    return RequestInvalid(tuple((".".join(map(str, row["loc"])), row["msg"]) for row in rows))


async def _insert_receipt(tx: Transaction, participant_id: UUID, command_id: UUID) -> bool:
    """Return whether the command is new. The same one sent twice at once waits here until the first is committed."""
    receipt = {"participant_id": participant_id, "command_id": command_id, "at": tx.now}
    return await insert_once(tx, command_receipt, receipt)
