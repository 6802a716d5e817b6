"""Rows of uploads. Nothing here commits."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select, update

from evidence.ids import ItemId, UploadId
from evidence.intake.errors import UploadFinished, UploadNotFound
from evidence.intake.rules import Upload, UploadState
from evidence.intake.tables import upload
from evidence.ledger.transaction import Transaction

_FIELDS = (
    upload.c.id,
    upload.c.arrival,
    upload.c.bytes_total,
    upload.c.state,
    upload.c.item_id,
    upload.c.refusal,
    upload.c.told,
    upload.c.created_at,
    upload.c.expires_at,
)


async def insert_upload(tx: Transaction, begun: Upload) -> None:
    """Insert an upload that began."""
    await tx.execute(
        insert(upload).values(
            **begun.model_dump(exclude={"arrival"}),
            arrival=begun.arrival.model_dump(mode="json"),
            case_id=begun.arrival.case_id,
            participant_id=begun.arrival.context.participant_id,
        )
    )


async def get_upload(tx: Transaction, upload_id: UploadId) -> Upload:
    """Return the upload. Raises: UploadNotFound, also when it has expired, whether or not that is written down yet."""
    rows = await tx.execute(select(*_FIELDS).where(upload.c.id == upload_id, upload.c.state != UploadState.EXPIRED))
    row = rows.mappings().one_or_none()
    found = None if row is None else Upload.model_validate(dict(row))
    if found is None or (found.state is UploadState.RECEIVING and found.expires_at <= tx.now):
        raise UploadNotFound(upload_id=str(upload_id))
    return found


async def count_open_uploads(tx: Transaction, participant_id: UUID) -> tuple[int, int]:
    """Return how many uploads of the participant still receive bytes, and how many bytes they are to have together."""
    wanted = select(func.count().label("number"), func.coalesce(func.sum(upload.c.bytes_total), 0).label("size")).where(
        upload.c.participant_id == participant_id, upload.c.state == UploadState.RECEIVING
    )
    found = (await tx.execute(wanted)).mappings().one()
    return int(found["number"]), int(found["size"])


async def set_upload_finished(
    tx: Transaction,
    upload_id: UploadId,
    *,
    state: UploadState,
    item_id: ItemId | None = None,
    refusal: str | None = None,
) -> None:
    """Turn a receiving upload into a finished one, once.

    Raises: UploadFinished when another request was first; UploadNotFound.
    """
    done = await tx.execute(
        update(upload)
        .where(upload.c.id == upload_id, upload.c.state == UploadState.RECEIVING)
        .values(state=state, item_id=item_id, refusal=refusal)
    )
    if done.rowcount == 0:
        present = await get_upload(tx, upload_id)
        raise UploadFinished(upload_id=str(upload_id), state=present.state)


async def expire_uploads(tx: Transaction, *, now: datetime, limit: int) -> tuple[UploadId, ...]:
    """Expire unfinished uploads whose time is over; returns them, so that their staging files can go."""
    wanted = select(upload.c.id).where(upload.c.state == UploadState.RECEIVING, upload.c.expires_at <= now).limit(limit)
    rows = await tx.execute(wanted)
    ids = tuple(UploadId(row["id"]) for row in rows.mappings() if isinstance(row["id"], UUID))
    await tx.execute(update(upload).where(upload.c.id.in_(ids)).values(state=UploadState.EXPIRED))
    return ids
