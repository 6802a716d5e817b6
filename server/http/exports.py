"""Bundles of a case: ask for one, watch it grow, take it."""

from uuid import UUID

from aiohttp import web

from evidence.ids import ExportId, ObjectKey, uuid7
from evidence.ledger.transaction import Transaction
from evidence.records import Count, Instant, Record
from server.access_log.actions import note_access
from server.access_log.events import Downloaded, Exported
from server.auth.visits import access_of
from server.errors import BundleWithdrawn, NotFound, NotReady
from server.exports.store import Bundle, BundleState, get_bundle, insert_bundle, list_bundles
from server.http.paths import ValidationPath
from server.http.routing import Call, Operation, Who
from server.http.streams import ASKED, DOWNLOAD, PARTS, SENT, send_bytes
from server.jobs.queue import enqueue
from sessions.roster.access import Access, require
from sessions.roster.rules import Permission


class ExportPath(Record):
    """The bundle in the path."""

    export_id: UUID


class ExportView(Record):
    """A bundle as the page shows it; `entries` and `digest` are known when it is ready."""

    id: ExportId
    validation_id: UUID
    requested_at: Instant
    state: BundleState
    total_bytes: Count
    done_bytes: Count
    entries: Count | None
    digest: str | None
    bytes: Count | None


class ExportList(Record):
    """Bundles of a validation, newest first."""

    items: tuple[ExportView, ...]


async def create_export(call: Call, *, path: ValidationPath) -> ExportView:
    """Ask for a bundle of the case as it is now."""
    async with call.services.database.write() as tx:
        access = await access_of(tx, call.principal, path.validation_id)
        require(access, Permission.EXPORT)
        asked = Bundle(
            id=ExportId(uuid7()),
            validation_id=path.validation_id,
            participant_id=access.participant_id,
            requested_at=tx.now,
            state=BundleState.WAITING,
            total_bytes=0,
            done_bytes=0,
            size=None,
            object_key=None,
            digest=None,
            bytes=None,
        )
        await insert_bundle(tx, asked)
        await enqueue(tx, "build_export", {"export_id": str(asked.id), "made_by": access.name})
        await note_access(tx, access, Exported(subject="bundle", subject_id=asked.id))
    return _view(asked)


async def list_exports(call: Call, *, path: ValidationPath) -> ExportList:
    """List the bundles that were asked for."""
    async with call.services.database.read() as tx:
        access = await access_of(tx, call.principal, path.validation_id)
        require(access, Permission.EXPORT)
        found = await list_bundles(tx, path.validation_id)
    return ExportList(items=tuple(_view(bundle) for bundle in found))


async def get_export(call: Call, *, path: ExportPath) -> ExportView:
    """Tell how far a bundle is."""
    async with call.services.database.read() as tx:
        bundle = await get_bundle(tx, path.export_id)
        await _require_export(call, bundle, tx)
    return _view(bundle)


async def get_export_content(call: Call, *, path: ExportPath) -> web.StreamResponse:
    """Take the bundle."""
    async with call.services.database.write() as tx:
        bundle = await get_bundle(tx, path.export_id)
        access = await _require_export(call, bundle, tx)
        if bundle.state is BundleState.WITHDRAWN:
            raise BundleWithdrawn
        if bundle.object_key is None or bundle.bytes is None or bundle.digest is None:
            raise NotReady(part="worker")
        await note_access(tx, access, Downloaded(subject="bundle", subject_id=bundle.id))
    key = ObjectKey(bundle.object_key)
    return await send_bytes(
        call.request,
        lambda start, end: call.services.objects.open_range(key, start, end),
        size=bundle.bytes,
        media_type="application/zip",
        digest=bundle.digest,
        filename=f"sightline-{bundle.id}.zip",
        disposition="attachment",
    )


async def _require_export(call: Call, bundle: Bundle, tx: Transaction) -> Access:
    access = await access_of(tx, call.principal, bundle.validation_id, absent=NotFound())
    require(access, Permission.EXPORT)
    return access


def _view(bundle: Bundle) -> ExportView:
    shown = set(ExportView.model_fields) - {"entries"}
    return ExportView(entries=bundle.size, **bundle.model_dump(include=shown))


OPERATIONS = (
    Operation(
        "POST",
        "/api/validations/{validation_id}/exports",
        create_export,
        "Ask for a bundle",
        who=Who.GOVERNMENT,
        status=202,
    ),
    Operation("GET", "/api/validations/{validation_id}/exports", list_exports, "Bundles", who=Who.GOVERNMENT),
    Operation("GET", "/api/exports/{export_id}", get_export, "How far a bundle is", who=Who.GOVERNMENT),
    Operation(
        "GET",
        "/api/exports/{export_id}/content",
        get_export_content,
        "The bundle",
        who=Who.GOVERNMENT,
        raw_answer=(DOWNLOAD,),
        takes=ASKED,
        gives=SENT,
        also=PARTS,
    ),
)
