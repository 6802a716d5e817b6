"""Resumable uploads as use cases: begin, finish, expire. The bytes in between are `staging`'s."""

from evidence.ids import UploadId, uuid7
from evidence.intake import store
from evidence.intake.errors import TooManyUploads
from evidence.intake.rules import (
    OPEN_UPLOADS_LIMIT,
    UPLOAD_LIFETIME,
    Arrival,
    Upload,
    UploadState,
    check_declared,
    check_size,
)
from evidence.ledger.transaction import Transaction


async def begin_upload(tx: Transaction, arrival: Arrival, *, bytes_total: int) -> Upload:
    """Open an upload for bytes to come. Makes no entry: nothing is evidence before it is whole.

    Raises: FileTooLarge, TypeNotAllowed, TooManyUploads.
    """
    check_size(arrival.kind, bytes_total)
    check_declared(arrival.kind, arrival.media_type)
    if await store.count_open_uploads(tx, arrival.context.participant_id) >= OPEN_UPLOADS_LIMIT:
        raise TooManyUploads(limit=OPEN_UPLOADS_LIMIT)
    begun = Upload(
        id=UploadId(uuid7()),
        arrival=arrival,
        bytes_total=bytes_total,
        state=UploadState.RECEIVING,
        item_id=None,
        refusal=None,
        created_at=tx.now,
        expires_at=tx.now + UPLOAD_LIFETIME,
    )
    await store.insert_upload(tx, begun)
    return begun


async def cancel_upload(tx: Transaction, upload_id: UploadId) -> None:
    """End an upload that its sender gave up; discard its staging file afterwards.

    Raises: UploadNotFound, UploadFinished.
    """
    await store.set_upload_finished(tx, upload_id, state=UploadState.EXPIRED)
