"""Evidence items: list, look at, download."""

from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from aiohttp import web
from pydantic import Field

from evidence import locker
from evidence.custody.errors import ItemDisposed
from evidence.custody.rules import Custody, Stage, stage_of
from evidence.custody.store import get_custody, list_custody
from evidence.examination.rules import CheckResult
from evidence.examination.store import checks_of, checks_of_case, scan_of, scans_of_case
from evidence.ids import CaseId, ItemId, ObjectKey
from evidence.intake.errors import UnreadableFile
from evidence.intake.scanning import NEVER_SCANNED, Scan
from evidence.items import store as items
from evidence.items.errors import ItemIsQuarantined, ItemNotFound
from evidence.items.rules import Camera, Claims, DerivativeKind, Facts, Item, ItemKind, ItemState, RetentionClass
from evidence.ledger.transaction import Transaction
from evidence.records import Count, Instant, Record
from server.access_log.actions import note_access
from server.access_log.events import Downloaded, Viewed
from server.auth.visits import access_of
from server.http.paths import ValidationPath
from server.http.routing import Call, Operation
from server.http.streams import ASKED, DOWNLOAD, PARTS, SAFE_INLINE, SENT, send_bytes
from sessions.checklist.store import list_links
from sessions.roster.access import Access, require
from sessions.roster.rules import Permission


class ItemPath(Record):
    """The item in the path."""

    item_id: UUID


class PagePath(Record):
    """A page of an item, from 1."""

    item_id: UUID
    page: int = Field(ge=1, le=100_000)


class Saving(Record):
    """Whether a copy is taken (`download`) or the page shows it."""

    download: bool = False
    ticket: str = Field(default="", max_length=500)
    """Stands for the login at the origin of evidence bytes."""


class EvidenceItem(Record):
    """An item as the page shows it; claims of the device and facts of the server stay apart."""

    id: ItemId
    validation_id: UUID
    kind: ItemKind
    state: Stage
    held: bool
    """Whether it is under a legal hold, in the eyes of the government."""
    retention_class: RetentionClass
    retain_until: Instant | None
    sealed_at: Instant | None
    released_at: Instant | None
    disposed_at: Instant | None
    digest: str
    bytes: Count
    media_type: str
    filename: str
    participant_id: UUID
    validation_session_id: UUID | None
    criterion_ids: tuple[str, ...]
    stop_id: UUID | None
    still_id: UUID | None
    camera: Camera | None
    source_type: str | None
    source_name: str | None
    claims: Claims
    facts: Facts
    reason: str | None
    admitted_at: Instant
    filed_at: Instant | None
    scan: Scan | None
    """What the malware scanner said; None for who is not of the government."""
    checks: tuple[CheckResult, ...]
    """What the checks of the original came to; none before it was examined, and for who is not of the government."""


class EvidenceItems(Record):
    """Items in the order they arrived."""

    items: tuple[EvidenceItem, ...]


async def list_items(call: Call, *, path: ValidationPath) -> EvidenceItems:
    """List the items of a validation."""
    async with call.services.database.read() as tx:
        access = await access_of(tx, call.principal, path.validation_id)
        require(access, Permission.READ_EVIDENCE)
        links = await list_links(tx, access.validation_id)
        found = await items.list_items(tx, CaseId(path.validation_id))
        kept = await list_custody(tx, CaseId(path.validation_id))
        known = await _known(tx, access)
    return EvidenceItems(items=tuple(_view(item, links.get(item.id, ()), kept.get(item.id), known) for item in found))


async def get_item(call: Call, *, path: ItemPath) -> EvidenceItem:
    """Return one item."""
    async with call.services.database.read() as tx:
        _, access = await find_item(call, path, tx)
        return await view_item(tx, path, access)


async def get_item_content(call: Call, *, path: ItemPath, query: Saving) -> web.StreamResponse:
    """Stream the original; each look and each copy is stated in the access log."""
    async with call.services.database.write() as tx:
        item, access = await find_item(call, path, tx)
        if item.state is ItemState.QUARANTINED:  # what is not given out is not stated as seen
            raise ItemIsQuarantined(item_id=str(item.id), reason=item.reason)
        keys = await _open_keys(call, item, tx)
        event = Downloaded if query.download else Viewed
        await note_access(tx, access, event(subject="item", subject_id=item.id))
    return await send_bytes(
        call.request,
        lambda start, end: locker.open_item_range(call.services.intake, item, keys, start=start, end=end),
        size=item.bytes,
        media_type=item.media_type,
        digest=item.digest,
        filename=item.filename,
        disposition="attachment" if query.download else "inline",
    )


async def get_thumbnail(call: Call, *, path: ItemPath) -> web.StreamResponse:
    """Stream the item's small picture."""
    async with call.services.database.read() as tx:
        item, _access = await find_item(call, path, tx)
        small = await items.get_derivative(tx, item.id, DerivativeKind.THUMBNAIL)
        keys = await _open_keys(call, item, tx)
    if small is None or item.state is ItemState.QUARANTINED:
        raise ItemNotFound(item_id=str(item.id))
    key = ObjectKey(small.object_key)
    return await send_bytes(
        call.request,
        lambda start, end: locker.readable(call.services.intake, keys).open_range(key, start, end),
        size=small.bytes,
        media_type=small.media_type,
        digest=small.digest,
        filename=f"{item.id}.jpg",
    )


async def get_page(call: Call, *, path: PagePath) -> web.StreamResponse:
    """Draw one page of an original to be read: of a document, or the one of a picture in any format.

    It is drawn in the limited child and kept nowhere; looking at it is stated like looking at the original.
    """
    services = call.services
    await services.limits.admit_page(call.principal.login_id)
    async with services.database.write() as tx:
        item, access = await find_item(call, ItemPath(item_id=path.item_id), tx)
        if item.state is ItemState.QUARANTINED:
            raise ItemIsQuarantined(item_id=str(item.id), reason=item.reason)
        keys = await _open_keys(call, item, tx)
        await note_access(tx, access, Viewed(subject="item", subject_id=item.id))
    try:
        drawn = await locker.draw_page(services.intake, item, path.page - 1, keys)
    except UnreadableFile:
        drawn = b""
    if not drawn:
        raise ItemNotFound(item_id=str(item.id))

    async def opened(start: int, end: int) -> AsyncIterator[bytes]:
        yield drawn[start:end]

    return await send_bytes(
        call.request,
        opened,
        size=len(drawn),
        media_type="image/jpeg",
        digest=sha256(drawn).hexdigest(),
        filename=f"{item.id}-{path.page}.jpg",
    )


async def find_item(call: Call, path: ItemPath, tx: Transaction) -> tuple[Item, Access]:
    """Return the item and the visitor's access; one of another case is not found. Quarantined bytes stay closed."""
    item = await items.get_item(tx, ItemId(path.item_id))
    access = await access_of(tx, call.principal, item.case_id, absent=ItemNotFound(item_id=str(path.item_id)))
    require(access, Permission.READ_EVIDENCE)
    return item, access


async def _open_keys(call: Call, item: Item, tx: Transaction) -> locker.Keys:
    """Return the item's keys; raises ItemDisposed when nobody is to read it any more."""
    if await locker.is_gone(tx, item):
        raise ItemDisposed(item_id=str(item.id))
    return await locker.keys_of_item(tx, call.services.intake, item)


class Known(NamedTuple):
    """What scanner and checks found out about items, as far as the visitor may know it."""

    is_told: bool
    """Whether the visitor is of the government."""
    scans: Mapping[ItemId, Scan]
    checks: Mapping[ItemId, tuple[CheckResult, ...]]


async def _known(tx: Transaction, access: Access, *, only: ItemId | None = None) -> Known:
    """Return it for the case, or for one item; nothing for the member's side, who could learn what is looked at."""
    if not access.may(Permission.READ_GOVERNMENT):
        return Known(is_told=False, scans={}, checks={})
    if only is not None:
        return Known(is_told=True, scans={only: await scan_of(tx, only)}, checks={only: await checks_of(tx, only)})
    case_id = CaseId(access.validation_id)
    return Known(is_told=True, scans=await scans_of_case(tx, case_id), checks=await checks_of_case(tx, case_id))


async def view_item(tx: Transaction, path: ItemPath, access: Access) -> EvidenceItem:
    """Return the item as it is now, for a visitor whose access to it is proved."""
    item = await items.get_item(tx, ItemId(path.item_id))
    links = await list_links(tx, access.validation_id)
    known = await _known(tx, access, only=item.id)
    return _view(item, links.get(item.id, ()), await get_custody(tx, item), known)


def _view(item: Item, linked: tuple[str, ...], custody: Custody | None, known: Known) -> EvidenceItem:
    context = item.context
    kept = custody or Custody(item_id=item.id, case_id=item.case_id)
    first = (context.criterion_id,) if context.criterion_id else ()
    return EvidenceItem(
        validation_id=item.case_id,
        participant_id=context.participant_id,
        validation_session_id=context.validation_session_id,
        criterion_ids=tuple(dict.fromkeys((*first, *linked))),
        stop_id=context.stop_id,
        still_id=context.still_id,
        camera=context.camera,
        source_type=context.source_type,
        source_name=context.source_name,
        scan=known.scans.get(item.id, NEVER_SCANNED) if known.is_told else None,
        checks=known.checks.get(item.id, ()),
        state=stage_of(item.state, kept),
        held=kept.held and known.is_told,
        retention_class=context.retention_class,
        **kept.model_dump(include={"retain_until", "sealed_at", "released_at", "disposed_at"}),
        **item.model_dump(exclude={"case_id", "context", "object_key", "state"}),
    )


OPERATIONS = (
    Operation("GET", "/api/validations/{validation_id}/items", list_items, "Evidence items"),
    Operation("GET", "/api/items/{item_id}", get_item, "One item"),
    Operation(
        "GET",
        "/api/items/{item_id}/content",
        get_item_content,
        "The original",
        raw_answer=(DOWNLOAD, *sorted(SAFE_INLINE)),
        takes=ASKED,
        gives=SENT,
        also=PARTS,
    ),
    Operation(
        "GET",
        "/api/items/{item_id}/pages/{page}",
        get_page,
        "One page, drawn to be read",
        raw_answer=("image/jpeg",),
        takes=ASKED,
        gives=SENT,
        also=PARTS,
    ),
    Operation(
        "GET",
        "/api/items/{item_id}/thumbnail",
        get_thumbnail,
        "The small picture",
        raw_answer=("image/jpeg",),
        takes=ASKED,
        gives=SENT,
        also=PARTS,
    ),
)
