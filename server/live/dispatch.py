"""From a decoded command to a committed change: who may, do it once, and say how far the log has come."""

from uuid import UUID

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import exists, insert, select

from evidence.ids import CaseId, case_log, uuid7
from evidence.ledger.store import get_log
from evidence.ledger.transaction import Transaction
from evidence.records import Json
from server.auth.principal import Principal
from server.auth.visits import access_of
from server.errors import RequestInvalid
from server.http.problems import REFUSALS, bug_problem, problem_of
from server.live.after_commit import follow_up, promise
from server.live.messages import Ack, Refused
from server.live.tables import command_receipt
from server.observability import COMMANDS
from server.services import Services
from sessions.actions import perform
from sessions.commands import Command

log = structlog.get_logger()
COMMAND: TypeAdapter[Command] = TypeAdapter(Command)


async def perform_command(services: Services, principal: Principal, validation_id: UUID, command: Command) -> Ack:
    """Do `command` in one transaction, once per command id, then carry out what must follow at the media server.

    Returns: an ack whose `seq` is at or after the command's last entry.
    Raises: SessionsError and EvidenceError, as the command's slice tells.
    """
    log_id = case_log(CaseId(validation_id))
    async with services.database.write() as tx:
        access = await access_of(tx, principal, validation_id)
        repeated = await _seen(tx, access.participant_id, command.command_id)
        if not repeated:
            await perform(tx, access, command)
            receipt = {"participant_id": access.participant_id, "command_id": command.command_id, "at": tx.now}
            await tx.execute(insert(command_receipt).values(receipt))
            await promise(tx, access, command)
        size = (await get_log(tx, log_id)).size
    appended = tx.appended.get(log_id, ())
    if not repeated:
        await follow_up(services, command)
    return Ack(seq=appended[-1].seq if appended else max(size - 1, 0))


async def answer_command(
    services: Services, principal: Principal, validation_id: UUID, command: dict[str, Json]
) -> Ack | Refused:
    """Do a command that came over the socket; a refusal is an answer, and a bug is one too."""
    name = str(command.get("type", ""))[:40]
    try:
        decoded = COMMAND.validate_python(command)
        ack = await perform_command(services, principal, validation_id, decoded)
    except ValidationError as error:
        rows = error.errors(include_url=False, include_input=False, include_context=False)
        invalid = RequestInvalid(tuple((".".join(map(str, row["loc"])), row["msg"]) for row in rows))
        COMMANDS.labels("unknown", invalid.code).inc()
        return Refused(problem=problem_of(invalid))
    except REFUSALS as error:
        COMMANDS.labels(name, error.code).inc()
        return Refused(problem=problem_of(error))
    except Exception:  # one of the three edges that must survive: the socket goes on after a bug
        incident = uuid7()
        log.exception("bug", incident=str(incident), command=name)
        return Refused(problem=bug_problem(incident))
    COMMANDS.labels(name, "done").inc()
    return ack


async def _seen(tx: Transaction, participant_id: UUID, command_id: UUID) -> bool:
    mine = command_receipt.c.participant_id == participant_id
    query = select(exists().where(mine, command_receipt.c.command_id == command_id))
    return bool((await tx.execute(query)).scalar_one())
