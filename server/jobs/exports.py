"""Job: build a bundle that was asked for and put it into the object store."""

import asyncio
from uuid import UUID, uuid4

from evidence import locker
from evidence.export.writing import stream_zip
from evidence.ids import CaseId, ExportId, UploadId
from evidence.ledger.checkpoints import Signer
from evidence.records import Json
from server.exports.building import collect, open_bag
from server.exports.store import BundleState, get_bundle, set_bundle
from server.services import Services

STEP_BYTES = 16 * 1024 * 1024
"""How often the progress is written."""


async def build_export(signer: Signer, services: Services, payload: dict[str, Json]) -> None:
    """Build the bundle; one that is ready stays."""
    export_id = ExportId(UUID(str(payload["export_id"])))
    async with services.database.read() as tx:
        asked = await get_bundle(tx, export_id)
    if asked.state is BundleState.READY:
        return
    contents = await collect(
        services, signer, validation_id=asked.validation_id, export_id=export_id, made_by=str(payload["made_by"])
    )
    objects = (*contents.originals, *contents.recordings, *contents.derivatives)
    async with services.database.write() as tx:
        total = sum(stored.bytes for stored in objects)
        await set_bundle(tx, export_id, state=BundleState.BUILDING, total_bytes=total, done_bytes=0)
    scratch = services.intake.staging.path(UploadId(uuid4()))
    loop = asyncio.get_running_loop()
    try:
        with await loop.run_in_executor(services.cpu, scratch.open, "xb") as file:
            done, told = 0, 0
            bag = await open_bag(services, signer, contents)
            async for piece in stream_zip(bag, contents.name, cpu=services.cpu):
                await loop.run_in_executor(services.cpu, file.write, piece)
                done += len(piece)
                if done - told >= STEP_BYTES:
                    told = done
                    async with services.database.write() as tx:
                        await set_bundle(tx, export_id, done_bytes=min(done, total))
        stored = await locker.store_file(
            services.intake, scratch, case_id=CaseId(asked.validation_id), media_type="application/zip"
        )
    finally:
        await loop.run_in_executor(services.cpu, lambda: scratch.unlink(missing_ok=True))
    async with services.database.write() as tx:
        await set_bundle(
            tx,
            export_id,
            state=BundleState.READY,
            done_bytes=total,
            size=contents.ledger.checkpoint.size,
            object_key=stored.object_key,
            digest=stored.digest,
            bytes=stored.bytes,
        )
