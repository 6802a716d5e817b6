"""A case with something of everything in its locker, brought there through the locker's own door."""

import hashlib
from uuid import UUID, uuid4

from evidence import locker
from evidence.ids import CaseId, Digest, SegmentId, SourceId, UploadId, uuid7
from evidence.intake.rules import Accepted, Arrival, Refused
from evidence.items.rules import ItemContext, ItemKind, RetentionClass
from evidence.ledger.events import Actor
from evidence.segments.rules import NewRecording, NewSegment
from server.db import Database
from tests.parts import files
from tests.parts.cases import opened_case

MEMBER = Actor(kind="participant", id="p1", name="Ana Ruiz", role="member_poc")
WORKER = Actor(kind="system", id="worker", name="Worker")
PERSON = UUID("01900000-0000-7000-8000-0000000000f1")


async def filed_case(database: Database, intake: locker.Intake) -> CaseId:
    """Return a new case with a filed photograph, its thumbnail, a refused file and a recording of two segments."""
    case_id = await opened_case(database)
    await file_photograph(database, intake, case_id)
    refused = await arrived(intake, case_id, files.html_named_jpg())
    assert isinstance(refused, Refused)
    async with database.write() as tx:
        await locker.quarantine(tx, refused, MEMBER)
    await file_recording(database, intake, case_id)
    return case_id


async def arrived(
    intake: locker.Intake,
    case_id: CaseId,
    content: bytes,
    *,
    retention_class: RetentionClass = RetentionClass.GENERAL,
    kind: str = "photo",
) -> Accepted | Refused:
    """Receive a file whose sender says what it is, a JPEG photograph unless told otherwise, and what it shows."""
    arrival = Arrival(
        case_id=case_id,
        kind=ItemKind(kind),
        filename="gate.jpg",
        media_type="image/jpeg" if kind == "photo" else "",
        digest=hashlib.sha256(content).hexdigest(),
        context=ItemContext(participant_id=PERSON, retention_class=retention_class),
    )
    path = await intake.staging.write_whole(UploadId(uuid4()), content)
    return await locker.receive(intake, path, arrival)


async def file_photograph(database: Database, intake: locker.Intake, case_id: CaseId) -> None:
    """Admit a photograph, file it and look at it closely."""
    accepted = await arrived(intake, case_id, files.jpeg())
    assert isinstance(accepted, Accepted)
    async with database.write() as tx:
        item = await locker.admit(tx, accepted, MEMBER)
    look = await locker.look_at(intake, item, {})
    async with database.write() as tx:
        await locker.file_item(tx, item.id, WORKER)
        await locker.state_look(tx, look, WORKER, fence=None)


async def file_recording(database: Database, intake: locker.Intake, case_id: CaseId) -> None:
    """Record a source of two segments from its start to its closed recording."""
    source_id = SourceId(uuid7())
    async with database.write() as tx:
        begun = NewRecording(
            source_id=source_id,
            case_id=case_id,
            validation_session_id=uuid7(),
            participant_id=PERSON,
            kind="camera",
            started_at=tx.now,
        )
        await locker.open_recording(tx, begun)
    for index in range(2):
        content = b"segment %d of " % index + source_id.bytes * 500
        stored = await locker.store_bytes(intake, content, case_id=case_id, media_type="video/webm")
        segment = NewSegment(
            segment_id=SegmentId(uuid7()),
            source_id=source_id,
            index=index,
            digest=Digest(stored.digest),
            bytes=stored.bytes,
            start_ms=index * 6000,
            end_ms=(index + 1) * 6000,
            media_type="video/webm",
            reason="key_frame",
        )
        async with database.write() as tx:
            await locker.close_segment(tx, segment, WORKER)
        async with database.write() as tx:
            await locker.file_segment(tx, segment.segment_id, WORKER)
    async with database.write() as tx:
        await locker.end_recording(tx, source_id, segments=2, actor=WORKER)
