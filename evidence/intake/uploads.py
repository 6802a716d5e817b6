"""Resumable uploads as use cases: begin, finish, expire. The bytes in between are `staging`'s."""

from typing import Final

from evidence.ids import UploadId, uuid7
from evidence.intake import store
from evidence.intake.errors import TooManyUploads
from evidence.intake.rules import (
    LIMIT_BYTES,
    UPLOAD_LIFETIME,
    Allowance,
    Arrival,
    Upload,
    UploadState,
    check_declared,
    check_size,
)
from evidence.ledger.transaction import Transaction

UNLIMITED: Final = Allowance(largest_bytes=max(LIMIT_BYTES.values()), open_bytes=2**40)
"""As much as the locker takes from anybody."""


async def begin_upload(
    tx: Transaction, arrival: Arrival, *, bytes_total: int, allowance: Allowance = UNLIMITED, told: str = ""
) -> Upload:
    """Open an upload for bytes to come. Makes no entry: nothing is evidence before it is whole.

    Args:
        tx: the transaction.
        arrival: what the sender says of the file.
        bytes_total: its length.
        allowance: what this sender may have under way.
        told: the sender's metadata as it was written.

    Raises: FileTooLarge, TypeNotAllowed, TooManyUploads.
    """
    check_size(arrival.kind, bytes_total, allowed_bytes=allowance.largest_bytes)
    check_declared(arrival.kind, arrival.media_type)
    number, size = await store.count_open_uploads(tx, arrival.context.participant_id)
    if number >= allowance.open_uploads or size + bytes_total > allowance.open_bytes:
        raise TooManyUploads(limit=allowance.open_uploads, limit_bytes=allowance.open_bytes)
    begun = Upload(
        id=UploadId(uuid7()),
        arrival=arrival,
        bytes_total=bytes_total,
        state=UploadState.RECEIVING,
        item_id=None,
        refusal=None,
        created_at=tx.now,
        expires_at=tx.now + UPLOAD_LIFETIME,
        told=told,
    )
    await store.insert_upload(tx, begun)
    return begun


async def cancel_upload(tx: Transaction, upload_id: UploadId) -> None:
    """End an upload that its sender gave up; discard its staging file afterwards.

    Raises: UploadNotFound, UploadFinished.
    """
    await store.set_upload_finished(tx, upload_id, state=UploadState.EXPIRED)
