"""The ledger for who wants to check it: checkpoints, proofs, and the receipt that the member keeps."""

import asyncio
from datetime import timedelta
from typing import Literal
from uuid import UUID

from pydantic import Field

from evidence.ids import CaseId, LogId, case_log
from evidence.ledger.actions import ConsistencyProof, InclusionProof, consistency_proof, inclusion_proof
from evidence.ledger.checkpoints import StoredCheckpoint
from evidence.ledger.store import get_log, list_checkpoints
from evidence.records import Count, Instant, Record
from server.access_log.actions import note_access
from server.access_log.events import Downloaded
from server.auth.visits import access_of
from server.errors import NotReady
from server.http.paths import ValidationPath
from server.http.routing import Call, Operation
from server.jobs.checkpoints import ask_checkpoint
from server.keys import read_public_key
from server.services import Services
from sessions.roster.access import require
from sessions.roster.rules import Permission

SIGNING = timedelta(seconds=10)
LOOK_S = 0.1


class Receipt(Record):
    """What the member keeps outside our hands: with it any later rewriting of what it covers can be shown."""

    kind: Literal["sightline-receipt"] = "sightline-receipt"
    validation_id: UUID
    log: LogId
    size: Count
    vkey: str
    note: str
    issued_at: Instant


class Checkpoints(Record):
    """Signed checkpoints of the case, smallest first, and the key they are signed with."""

    vkey: str
    items: tuple[StoredCheckpoint, ...]


class ProofPath(ValidationPath):
    """An entry of the case's log."""

    seq: int = Field(ge=0, le=2**53 - 1)


class AtSize(Record):
    """The size of the log that the proof is about."""

    size: int = Field(ge=1, le=2**53 - 1)


class Growth(AtSize):
    """From a smaller size to a larger one."""

    first: int = Field(ge=1, le=2**53 - 1)


async def get_receipt(call: Call, *, path: ValidationPath) -> Receipt:
    """Sign the log as it is now and hand it out; stated in the access log."""
    services, log_id = call.services, case_log(CaseId(path.validation_id))
    async with services.database.write() as tx:
        access = await access_of(tx, call.principal, path.validation_id)
        require(access, Permission.RECEIPT)
        await note_access(tx, access, Downloaded(subject="receipt", subject_id=path.validation_id))
        await ask_checkpoint(tx, log_id)
        size = (await get_log(tx, log_id)).size
    checkpoint = await signed_checkpoint(services, log_id, size)
    return Receipt(
        validation_id=path.validation_id,
        log=log_id,
        size=checkpoint.size,
        vkey=await _public_key(services),
        note=checkpoint.note,
        issued_at=services.clock(),
    )


async def signed_checkpoint(services: Services, log_id: LogId, size: int) -> StoredCheckpoint:
    """Wait for the worker to sign a checkpoint of at least this size.

    Raises: NotReady when the worker does not within ten seconds.
    """
    try:
        async with asyncio.timeout(SIGNING.total_seconds()):
            while True:
                async with services.database.read() as tx:
                    newest = await list_checkpoints(tx, log_id)
                if newest and newest[-1].size >= size:
                    return newest[-1]
                await asyncio.sleep(LOOK_S)
    except TimeoutError:
        raise NotReady(part="worker") from None


async def list_case_checkpoints(call: Call, *, path: ValidationPath) -> Checkpoints:
    """Return the case's checkpoints."""
    async with call.services.database.read() as tx:
        await access_of(tx, call.principal, path.validation_id)
        items = await list_checkpoints(tx, case_log(CaseId(path.validation_id)))
    return Checkpoints(vkey=await _public_key(call.services), items=items)


async def _public_key(services: Services) -> str:
    return await asyncio.get_running_loop().run_in_executor(services.store, read_public_key, services.settings)


async def prove_entry(call: Call, *, path: ProofPath, query: AtSize) -> InclusionProof:
    """Prove that an entry is in the log of that size."""
    async with call.services.database.read() as tx:
        await access_of(tx, call.principal, path.validation_id)
        return await inclusion_proof(tx, case_log(CaseId(path.validation_id)), path.seq, size=query.size)


async def prove_growth(call: Call, *, path: ValidationPath, query: Growth) -> ConsistencyProof:
    """Prove that the log only grew between two sizes."""
    async with call.services.database.read() as tx:
        await access_of(tx, call.principal, path.validation_id)
        return await consistency_proof(tx, case_log(CaseId(path.validation_id)), query.first, size=query.size)


OPERATIONS = (
    Operation("GET", "/api/validations/{validation_id}/receipt", get_receipt, "A receipt to keep"),
    Operation("GET", "/api/validations/{validation_id}/checkpoints", list_case_checkpoints, "Signed checkpoints"),
    Operation("GET", "/api/validations/{validation_id}/proofs/{seq}", prove_entry, "Prove that an entry is included"),
    Operation("GET", "/api/validations/{validation_id}/growth", prove_growth, "Prove that the log only grew"),
)
