"""Resumable uploads: tus 1.0 with creation, checksum, expiration and termination."""

from http import HTTPStatus
from typing import Literal
from uuid import UUID

from aiohttp import web
from pydantic import Field

from evidence import locker
from evidence.ids import CaseId, ItemId, UploadId
from evidence.intake import store as uploads
from evidence.intake.errors import UploadFinished, UploadNotFound
from evidence.intake.rules import Arrival, Refused, Upload, UploadState
from evidence.intake.scanning import PASSING, NotScanned, Scan
from evidence.items.rules import Camera, Item, ItemContext, ItemKind, RetentionClass
from evidence.ledger.transaction import Transaction
from evidence.records import Instant, Name, Record, Sha256Hex
from server.auth.principal import Principal
from server.auth.visits import access_of
from server.errors import NotFound, UploadRefused
from server.http.routing import Call, Header, Operation, Who
from server.http.tus import (
    CHUNK,
    OFFERED,
    TUS,
    check_version,
    http_date,
    read_checksum,
    read_count,
    read_metadata,
)
from server.jobs.queue import enqueue
from server.services import Services
from sessions.arrivals import allowance_of, check_arrival, state_arrival
from sessions.roster.access import Access
from sessions.roster.rules import Role
from sessions.tour.rules import SourceType


class UploadPath(Record):
    """The upload in the path."""

    upload_id: UUID


class UploadMetadata(Record):
    """What `Upload-Metadata` may say; `sha256` is the page's own digest of the whole file."""

    validation_id: UUID
    kind: ItemKind
    filename: Name
    filetype: str = Field(max_length=100, default="")
    sha256: Sha256Hex
    criterion_id: str | None = Field(max_length=10, default=None)
    stop_id: UUID | None = None
    still_id: UUID | None = None
    camera: Literal[Camera.FULL, Camera.FRAME] | None = None
    """What the page took it from; a frame of the server is the server's own to state."""
    captured_at_device: Instant | None = None
    retention_class: RetentionClass = RetentionClass.GENERAL
    """What it shows; what is about persons is encrypted with a key of its own."""
    validation_session_id: UUID | None = None


async def create_upload(call: Call) -> web.Response:
    """Open an upload: `Upload-Length` and `Upload-Metadata` in, `Location` out."""
    services, principal = call.services, call.principal
    check_version(call.request)
    await services.limits.admit_upload(principal.login_id)
    length = read_count(call.request, "Upload-Length")
    header = call.request.headers.get("Upload-Metadata", "")
    told = read_metadata(header, UploadMetadata)
    async with services.database.write() as tx:
        access = await access_of(tx, principal, told.validation_id)
        context = _context(told, access)
        await check_arrival(tx, access, context)
        arrival = Arrival(
            case_id=CaseId(told.validation_id),
            kind=told.kind,
            filename=told.filename,
            media_type=told.filetype,
            digest=told.sha256,
            context=context,
            captured_at_device=told.captured_at_device,
        )
        if access.role is Role.CAMERA_OPERATOR:
            await services.limits.admit_link_upload(principal.login_id)
        allowance = allowance_of(access.role)
        upload = await locker.begin_upload(tx, arrival, bytes_total=length, allowance=allowance, told=header)
    headers = TUS | {"Location": f"/api/uploads/{upload.id}", "Upload-Expires": http_date(upload.expires_at)}
    return web.Response(status=201, headers=headers)


async def get_upload(call: Call, *, path: UploadPath) -> web.Response:
    """Tell how far an upload is. One that is whole and not yet an item (the server died then) becomes one now."""
    check_version(call.request)
    # The bytes are counted first: they go only after the row says what became of them.
    offset = await call.services.intake.staging.offset(UploadId(path.upload_id))
    upload = await _own_upload(call, path)
    item_id = _admitted(upload)
    if item_id is not None:
        offset = upload.bytes_total
    elif offset == upload.bytes_total:
        await _check_wanted(call, upload)
        item_id = await _finish(call.services, call.principal, upload)
    return _state(upload, offset, item_id, status=200)


async def append_to_upload(call: Call, *, path: UploadPath) -> web.Response:
    """Add bytes at `Upload-Offset`; the last ones are answered when the item is in the locker."""
    services, staging = call.services, call.services.intake.staging
    check_version(call.request)
    upload = await _own_upload(call, path)
    offset, checksum = read_count(call.request, "Upload-Offset"), read_checksum(call.request)
    _admitted(upload)
    _check_receiving(upload)
    await _check_wanted(call, upload)
    body, whole = call.request.content.iter_chunked(256 * 1024), upload.bytes_total
    if checksum is None:
        offset = await staging.append_stream(upload.id, body, offset=offset, bytes_total=whole)
    else:
        offset = await staging.append_checked(upload.id, body, offset=offset, bytes_total=whole, checksum=checksum)
    item_id = None
    if offset == upload.bytes_total:
        item_id = await _finish(services, call.principal, upload)
    return _state(upload, offset, item_id, status=204)


async def cancel_upload(call: Call, *, path: UploadPath) -> web.Response:
    """Give up an upload that is not whole."""
    check_version(call.request)
    upload = await _own_upload(call, path)
    async with call.services.database.write() as tx:
        await locker.cancel_upload(tx, upload.id)
    await call.services.intake.staging.discard(upload.id)
    return web.Response(status=204, headers=TUS)


async def act_on_upload(call: Call, *, path: UploadPath) -> web.Response:
    """Do what `X-HTTP-Method-Override` says, for networks that let nothing through but GET and POST."""
    wanted = call.request.headers.get("X-HTTP-Method-Override", "")
    acts = {"PATCH": append_to_upload, "HEAD": get_upload, "DELETE": cancel_upload}
    if wanted not in acts:
        raise NotFound
    return await acts[wanted](call, path=path)


async def describe_uploads(call: Call) -> web.Response:  # noqa: ARG001  (the same for everybody)
    """Tell which parts of tus are here."""
    return web.Response(status=204, headers=OFFERED)


async def _own_upload(call: Call, path: UploadPath) -> Upload:
    async with call.services.database.read() as tx:
        upload = await uploads.get_upload(tx, UploadId(path.upload_id))
        absent = UploadNotFound(upload_id=str(path.upload_id))
        access = await access_of(tx, call.principal, upload.arrival.case_id, absent=absent)
    if upload.arrival.context.participant_id != access.participant_id:
        raise absent
    return upload


def _check_receiving(upload: Upload) -> None:
    if upload.state is not UploadState.RECEIVING:
        raise UploadFinished(upload_id=str(upload.id), state=upload.state)


async def _check_wanted(call: Call, upload: Upload) -> None:
    """Refuse bytes that nothing would become of, before they are taken and looked into."""
    async with call.services.database.write() as tx:
        access = await access_of(tx, call.principal, upload.arrival.case_id)
        await check_arrival(tx, access, upload.arrival.context)


def _admitted(upload: Upload) -> ItemId | None:
    """Return the item an upload became, if it did; raises UploadRefused for one whose bytes were refused."""
    if upload.state is UploadState.QUARANTINED:
        raise UploadRefused(reason=upload.refusal)
    return upload.item_id


async def _finish(services: Services, principal: Principal, upload: Upload) -> ItemId | None:
    """Make the whole upload an item, or a quarantined one and then raise why. Two at once get the same answer."""
    staging = services.intake.staging
    try:
        received = await locker.receive(services.intake, staging.path(upload.id), upload.arrival)
        async with services.database.write() as tx:
            _check_receiving(await uploads.get_upload(tx, upload.id))
            access = await access_of(tx, principal, upload.arrival.case_id)
            # Judged anew: the case may have been closed while the bytes were on their way.
            await check_arrival(tx, access, upload.arrival.context)
            if isinstance(received, Refused):
                item = await locker.quarantine(tx, received, access.actor, upload_id=upload.id)
            else:
                item = await locker.admit(tx, received, access.actor, upload_id=upload.id)
                await note_arrival(tx, access, item, received.scan)
    except (UploadFinished, FileNotFoundError):  # another request was first; its bytes may be away already
        async with services.database.read() as tx:
            finished = await uploads.get_upload(tx, upload.id)
        if finished.state is UploadState.RECEIVING:
            raise
        return _admitted(finished)
    await staging.discard(upload.id)
    if isinstance(received, Refused):
        raise received.refusal
    return item.id


async def note_arrival(tx: Transaction, access: Access, item: Item, scan: Scan) -> None:
    """Let the domain know of a new item, and promise its read-back, a closer look, and a scan it did not get."""
    await state_arrival(tx, access, item)
    await enqueue(tx, "file_item", {"item_id": str(item.id)})
    await enqueue(tx, "examine_item", {"item_id": str(item.id)})
    if scan.reason in PASSING - {NotScanned.NO_SCANNER}:
        await enqueue(tx, "scan_item", {"item_id": str(item.id)}, dedupe_key=f"scan:{item.id}")


def _context(told: UploadMetadata, access: Access) -> ItemContext:
    return ItemContext(
        participant_id=access.participant_id,
        validation_session_id=told.validation_session_id,
        criterion_id=told.criterion_id,
        stop_id=told.stop_id,
        still_id=told.still_id,
        camera=told.camera,
        retention_class=told.retention_class,
        source_type=SourceType.LIVE_DEVICE.value if told.kind is ItemKind.STILL else None,
    )


def _state(upload: Upload, offset: int, item_id: ItemId | None, *, status: int) -> web.Response:
    headers = TUS | {"Upload-Offset": str(offset), "Upload-Length": str(upload.bytes_total)}
    if upload.told:
        headers["Upload-Metadata"] = upload.told
    if item_id is not None:
        headers["Sightline-Item"] = str(item_id)
    else:
        headers["Upload-Expires"] = http_date(upload.expires_at)
    return web.Response(status=status, headers=headers)


BYTES = "^[0-9]{1,15}$"
PAIRS = "^[a-z0-9_]+ [A-Za-z0-9+/]*=*(,[a-z0-9_]+ [A-Za-z0-9+/]*=*)*$"
_TUS = Header("Tus-Resumable", "^1[.]0[.]0$")
_EXPIRES = Header("Upload-Expires", " GMT$", required=False)
_STATE = (
    _TUS,
    _EXPIRES,
    Header("Upload-Offset", BYTES),
    Header("Upload-Length", BYTES),
    Header("Upload-Metadata", ".", required=False),
    Header("Sightline-Item", "^[0-9a-f-]{36}$", required=False),
)
_SENDING = (
    _TUS,
    Header("Upload-Offset", BYTES),
    Header("Upload-Checksum", "^(sha1 [A-Za-z0-9+/]{27}=|sha256 [A-Za-z0-9+/]{43}=)$", required=False),
)
OPERATIONS = (
    Operation(
        "OPTIONS",
        "/api/uploads",
        describe_uploads,
        "What of tus is here",
        who=Who.ANYONE,
        status=204,
        gives=tuple(Header(name, ".") for name in OFFERED if name != "Cache-Control"),
    ),
    Operation(
        "POST",
        "/api/uploads",
        create_upload,
        "Open a resumable upload",
        status=201,
        takes=(_TUS, Header("Upload-Length", BYTES), Header("Upload-Metadata", PAIRS)),
        gives=(_TUS, Header("Location", "^/api/uploads/[0-9a-f-]{36}$"), Header("Upload-Expires", " GMT$")),
    ),
    Operation("HEAD", "/api/uploads/{upload_id}", get_upload, "How far an upload is", takes=(_TUS,), gives=_STATE),
    Operation(
        "PATCH",
        "/api/uploads/{upload_id}",
        append_to_upload,
        "Add bytes to an upload",
        status=204,
        raw_body=(CHUNK,),
        takes=_SENDING,
        gives=_STATE,
    ),
    Operation(
        "POST",
        "/api/uploads/{upload_id}",
        act_on_upload,
        "Add bytes or give up, where only POST passes",
        status=204,
        raw_body=(CHUNK,),
        takes=(Header("X-HTTP-Method-Override", "^(PATCH|HEAD|DELETE)$"), *_SENDING),
        gives=(_TUS,),
        also=(HTTPStatus.OK,),
    ),
    Operation(
        "DELETE",
        "/api/uploads/{upload_id}",
        cancel_upload,
        "Give up an upload",
        status=204,
        takes=(_TUS,),
        gives=(_TUS,),
    ),
)
