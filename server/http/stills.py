"""A still decoded from the received video, for a phone that cannot take one itself. It says what it is."""

from uuid import UUID, uuid4

from evidence import locker
from evidence.ids import CaseId, ItemId, UploadId
from evidence.intake.rules import Arrival, Refused
from evidence.items.rules import Camera, ItemContext, ItemKind
from evidence.ledger.transaction import Transaction
from evidence.records import Record
from server.auth.visits import access_of
from server.http.paths import SessionPath
from server.http.routing import Call, Operation
from server.http.uploads import note_arrival
from server.media.errors import SourceUnknown
from sessions.arrivals import check_arrival
from sessions.errors import StillAnswered
from sessions.ids import StillId
from sessions.roster.access import Access, require
from sessions.roster.rules import Permission
from sessions.schedule.store import validation_of_session
from sessions.tour.records import Source, Still
from sessions.tour.rules import SourceKind, StillState, check_storing
from sessions.tour.store import get_room, list_open_sources, lock_still


class WantedStill(Record):
    """The still that was asked for."""

    still_id: UUID


class TakenStill(Record):
    """The item it became."""

    item_id: ItemId


async def take_server_still(call: Call, *, path: SessionPath, body: WantedStill) -> TakenStill:
    """Decode the next key frame of the camera and admit it as the still that was asked for."""
    services = call.services
    async with services.database.write() as tx:
        validation_id = await validation_of_session(tx, path.validation_session_id)
        access = await access_of(tx, call.principal, validation_id)
        require(access, Permission.GUIDE_TOUR)
        wanted = await lock_still(tx, access.validation_id, StillId(body.still_id))
        if wanted.state is StillState.TAKEN:
            raise StillAnswered(state=wanted.state.value)
        context = _context(wanted, access)
        await check_arrival(tx, access, context)
        check_storing((await get_room(tx, path.validation_session_id)).private_since, tx.now)
        camera = await _camera(tx, path.validation_session_id)
    picture, jpeg = await services.media.still(camera.id)
    async with services.database.write() as tx:
        # 'Show, do not store' may have begun while the picture was on its way; nothing of it is stored yet.
        check_storing((await get_room(tx, path.validation_session_id)).private_since, picture.captured_at)
    arrival = Arrival(
        case_id=CaseId(access.validation_id),
        kind=ItemKind.STILL,
        filename=f"still-{wanted.id}.jpg",
        media_type="image/jpeg",
        context=context.model_copy(update={"source_type": camera.source_type.value, "source_name": camera.name}),
    )
    return TakenStill(item_id=await _admit(call, access, arrival, jpeg))


def _context(wanted: Still, access: Access) -> ItemContext:
    return ItemContext(
        participant_id=access.participant_id,
        validation_session_id=wanted.validation_session_id,
        criterion_id=wanted.criterion_id,
        stop_id=wanted.stop_id,
        still_id=wanted.id,
        camera=Camera.SERVER_FRAME,
    )


async def _camera(tx: Transaction, validation_session_id: UUID) -> Source:
    # The last one opened: one before it may be a line that broke and is not given up yet.
    for source in reversed(await list_open_sources(tx, validation_session_id)):
        if source.kind is SourceKind.CAMERA:
            return source
    raise SourceUnknown


async def _admit(call: Call, access: Access, arrival: Arrival, jpeg: bytes) -> ItemId:
    intake, database = call.services.intake, call.services.database
    scratch = UploadId(uuid4())
    try:
        path = await intake.staging.write_whole(scratch, jpeg)
        received = await locker.receive(intake, path, arrival)
    finally:
        await intake.staging.discard(scratch)
    async with database.write() as tx:
        await check_arrival(tx, access, arrival.context)
        if isinstance(received, Refused):
            await locker.quarantine(tx, received, access.actor)
        else:
            item = await locker.admit(tx, received, access.actor)
            await note_arrival(tx, access, item, received.scan)
            return item.id
    raise received.refusal


OPERATIONS = (
    Operation(
        "POST",
        "/api/validation-sessions/{validation_session_id}/server-stills",
        take_server_still,
        "Take the still that was asked for from the received video",
    ),
)
