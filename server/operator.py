"""What the operator's tools do, each on its own connections."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from evidence.export.writing import write_folder
from evidence.fsck import fsck
from evidence.ids import ExportId, uuid7
from evidence.objects.errors import ObjectMissing, StoreForbids, StoreUnavailable
from evidence.objects.probe import Durability, LockProof, StoreProof, probe_store
from server.auth.accounts import add_first_account
from server.clock import system_clock
from server.config import Settings
from server.demo import seed_demo
from server.errors import StartupError
from server.exports.building import collect, open_bag
from server.exports.store import list_stored
from server.jobs.working import load_signer
from server.media.errors import MediaUnavailable
from server.media.processes import MediaState
from server.migrations import check_schema
from server.wiring import open_custody, open_services, open_store
from sessions.roster.rules import OfficeRole
from sessions.schedule.store import find_validation


async def add_account(settings: Settings, *, email: str, name: str, office_role: str, password: str) -> None:
    """Add a government account that signs in by password."""
    await check_schema(settings.database)
    async with open_services(settings) as services:
        await add_first_account(
            services, email=email, name=name, office_role=OfficeRole(office_role), password=password
        )


async def seed_database(settings: Settings) -> None:
    """Put the demo data into the database; one that has it already stays."""
    await check_schema(settings.database)
    async with open_services(settings) as services:
        await seed_demo(services)


async def check_everything(settings: Settings) -> tuple[str, bool]:
    """Re-read and check every log and object; returns the report for people, and whether all is sound."""
    async with open_services(settings) as services:
        async with services.database.read() as tx:
            bundles = await list_stored(tx)
        report = await fsck(services.database.read, services.intake, also=bundles)
    return report.text(), report.is_sound


async def export_bundle(settings: Settings, number: str, to: Path) -> None:
    """Write the bundle of the validation with this number into a new folder.

    Raises: StartupError when there is no such validation, no signing key, or the folder is there.
    """
    async with open_services(settings) as services:
        async with services.database.read() as tx:
            validation_id = await find_validation(tx, number)
        if validation_id is None:
            raise StartupError(f"no validation {number}")
        signer = await asyncio.to_thread(load_signer, settings)
        export_id = ExportId(uuid7())
        contents = await collect(services, signer, validation_id=validation_id, export_id=export_id, made_by="Operator")
        try:
            await write_folder(await open_bag(services, signer, contents), to, cpu=services.cpu)
        except FileExistsError:
            raise StartupError(f"{to} is there already") from None


async def diagnose(settings: Settings) -> list[tuple[str, str]]:
    """Return what database, store and media process really do, a row each; one that begins with MISSING is a fault."""
    rows: list[tuple[str, str]] = []
    async with open_services(settings) as services:
        try:
            await check_schema(settings.database)
            rows.append(("database schema", "this version's"))
        except (StartupError, SQLAlchemyError, OSError) as error:
            rows.append(("database schema", f"MISSING: {error}"))
        rows += await diagnose_store(settings)
        try:
            state = await services.media.health()
        except MediaUnavailable:
            state = MediaState({})
        for number, name in enumerate(settings.media_names):
            health = state.processes.get(name)
            since = "" if health is None else f"runs since {health.started_at:%Y-%m-%d %H:%M:%SZ}"
            rows.append((f"media process {number}" if number else "media process", since or "MISSING: does not answer"))
    return rows


async def diagnose_store(settings: Settings) -> list[tuple[str, str]]:
    """Return what the object store really enforces, found by trying it, as `diagnose` does."""
    async with AsyncExitStack() as stack:
        executor = ThreadPoolExecutor(2, "store")
        stack.push_async_callback(asyncio.to_thread, executor.shutdown)
        custody = open_custody(settings, executor, system_clock)
        try:
            proof = await probe_store(open_store(settings, executor), custody, now=system_clock())
        except (StoreUnavailable, StoreForbids, ObjectMissing) as error:
            return [("object store", f"MISSING: {error.code} {error.fields}")]
    return store_rows(proof, is_local=settings.objects == "local")


def store_rows(proof: StoreProof, *, is_local: bool) -> list[tuple[str, str]]:
    """Return what was proved of the store, a row each.

    A folder's lock is a policy and nothing is missing; an S3 store without a lock that holds is no place for evidence.
    """
    kinds = (("retention", proof.retention), ("legal hold", proof.hold))
    locks = [(f"store: {name}", POLICY if is_local else _LOCKS[lock].format(proof.product)) for name, lock in kinds]
    return [
        ("object store", proof.product),
        ("store: put if absent", _kept(proof.conditional_put)),
        ("store: wrong checksum refused", _kept(proof.checksum)),
        ("store: ranges", _kept(proof.ranges)),
        *locks,
        ("store: synced to disk", _DURABLE[proof.durability]),
        ("items can be sealed", "yes" if proof.locks else "no: they are filed"),
    ]


POLICY = "a policy of this program; who owns the disk can delete"
_LOCKS = {
    LockProof.ENFORCED: "proved",
    LockProof.BROKEN: "MISSING: {} takes the lock and does not keep it",
    LockProof.NOT_OFFERED: "MISSING: {} has none",
    LockProof.NOT_PERMITTED: "MISSING: the custodian's key may not set it at {}",
}
_DURABLE = {
    Durability.SYNCED: "each object, before it is acknowledged",
    Durability.IN_MEMORY: "MISSING: the folder lies in memory",
    Durability.NOT_ASKED: "cannot be asked over S3; see docs/operations.md",
}


def _kept(proved: bool) -> str:  # noqa: FBT001  (the proof itself)
    return "proved" if proved else "MISSING: not kept"
