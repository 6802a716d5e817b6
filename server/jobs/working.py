"""The work process: its jobs, and the checkpoints it signs while entries arrive."""

import asyncio
import contextlib
import functools
from collections.abc import Awaitable, Callable, Mapping

import structlog
from sqlalchemy.exc import SQLAlchemyError

from evidence.errors import EvidenceError
from evidence.ledger.actions import make_checkpoint
from evidence.ledger.checkpoints import Signer
from evidence.ledger.signing_key import load_or_create_signer
from evidence.ledger.store import has_checkpoint, list_logs_to_checkpoint
from server.config import Settings, load_secret
from server.errors import StartupError
from server.jobs import checkpoints, custody, exports, filing, items, lanes, mail
from server.jobs.custody import Custodian, place_of
from server.jobs.probing import look_through, probe_when_due
from server.jobs.tidying import tidy_uploads
from server.jobs.worker import JobHandler, work
from server.keys import public_key_path, publish_key, signer_name, signing_key_path
from server.migrations import check_schema
from server.services import Services
from server.wiring import open_custody, open_services

CHECKPOINT_S = 60.0
PROBE_S = 900.0
"""How often the worker looks whether its last proof of the store is a day old."""
TIDY_S = 3600.0
log = structlog.get_logger()


def job_handlers(signer: Signer, custodian: Custodian) -> Mapping[str, JobHandler]:
    """Return what the worker can do, by kind of job. Signing key and custodian are in the hands of these alone."""
    return {
        "checkpoint": functools.partial(checkpoints.sign_checkpoint, signer),
        "file_segments": filing.file_segments,
        "free_spool": filing.free_spool,
        "build_lanes": lanes.build_lanes,
        "build_export": functools.partial(exports.build_export, signer),
        "file_item": items.file_item,
        "examine_item": items.examine_item,
        "scan_item": items.scan_item,
        "keep_item": functools.partial(custody.keep_item, custodian),
        "look_through": functools.partial(look_through, custodian),
        "dispose_item": functools.partial(custody.dispose_item, custodian),
        "send_mail": mail.send_mail,
    }


async def run_work(settings: Settings, stop: asyncio.Event) -> None:
    """Do jobs and sign checkpoints until `stop` is set."""
    await check_schema(settings.database)
    async with open_services(settings) as services, asyncio.TaskGroup() as tasks:
        signer, custodian = await worker_signer(services), worker_custodian(services)
        tasks.create_task(work(services, job_handlers(signer, custodian), stop))
        tasks.create_task(_repeat("checkpoints", CHECKPOINT_S, functools.partial(sign_all, services, signer), stop))
        tasks.create_task(_repeat("scans", TIDY_S, functools.partial(items.promise_scans, services), stop))
        tasks.create_task(_repeat("tidying", TIDY_S, functools.partial(tidy_uploads, services), stop))
        probe = functools.partial(probe_when_due, custodian, services)
        tasks.create_task(_repeat("probing", PROBE_S, probe, stop, at_once=True))


def worker_custodian(services: Services) -> Custodian:
    """Return the store's lock as the worker holds it."""
    settings = services.settings
    lock = open_custody(settings, services.store, services.clock)
    return Custodian(lock, place_of(settings), is_policy=settings.objects == "local")


async def worker_signer(services: Services) -> Signer:
    """Return the deployment's signer, and leave its public key where the API can read it.

    The key is made in a deployment that has signed nothing yet, and never again: another one would belie the first.

    Raises: StartupError when the key is lost, or in another place.
    """
    settings = services.settings
    async with services.database.read() as tx:
        has_signed = await has_checkpoint(tx)
    if has_signed or await asyncio.to_thread(public_key_path(settings).exists):
        return await asyncio.to_thread(load_signer, settings)
    return await asyncio.to_thread(_first_signer, settings)


def load_signer(settings: Settings) -> Signer:
    """Return the deployment's signer; blocks. Raises: StartupError when its key is not here."""
    path = signing_key_path(settings)
    if not path.exists():
        raise StartupError(f"the signing key is not at {path}: run this where the worker runs, or restore it")
    return _first_signer(settings)


def _first_signer(settings: Settings) -> Signer:
    path = signing_key_path(settings)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    signer = load_or_create_signer(path, signer_name(load_secret(settings, "deployment")))
    publish_key(settings, signer)
    return signer


async def _repeat(
    name: str, every_s: float, turn: Callable[[], Awaitable[None]], stop: asyncio.Event, *, at_once: bool = False
) -> None:
    wait_s = 0 if at_once else every_s
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), wait_s)
        wait_s = every_s
        try:
            await turn()
        except (SQLAlchemyError, OSError, EvidenceError):
            log.exception("failed; it is tried again in the next round", name=name)


async def sign_all(services: Services, signer: Signer) -> None:
    """Sign a checkpoint of every log that has grown since its last one."""
    async with services.database.read() as tx:
        logs = await list_logs_to_checkpoint(tx)
    for log_id in logs:
        async with services.database.write() as tx:
            await make_checkpoint(tx, log_id, signer)
