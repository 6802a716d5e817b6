"""Rows of bundles. Nothing here commits."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import insert, select, update

from evidence.ids import Digest, ExportId, ObjectKey
from evidence.ledger.transaction import Transaction
from evidence.records import Count, Instant, Record
from server.errors import NotFound
from server.exports.tables import bundle


class BundleState(StrEnum):
    """How far a bundle is."""

    WAITING = "waiting"
    BUILDING = "building"
    READY = "ready"
    WITHDRAWN = "withdrawn"
    """Destroyed, because something in it was disposed of; a new one can be asked for."""


class Bundle(Record):
    """A bundle as it is now; `done_bytes` of `total_bytes` are in it while it is being built."""

    id: ExportId
    validation_id: UUID
    participant_id: UUID
    requested_at: Instant
    state: BundleState
    total_bytes: Count
    done_bytes: Count
    size: Count | None
    """Entries of the ledger in it."""
    object_key: str | None
    digest: str | None
    bytes: Count | None


async def insert_bundle(tx: Transaction, asked: Bundle) -> None:
    """Insert a bundle that was asked for."""
    await tx.execute(insert(bundle).values(asked.model_dump()))


async def get_bundle(tx: Transaction, export_id: UUID) -> Bundle:
    """Return a bundle; raises NotFound."""
    row = (await tx.execute(select(bundle).where(bundle.c.id == export_id))).mappings().one_or_none()
    if row is None:
        raise NotFound
    return Bundle.model_validate(dict(row))


async def list_bundles(tx: Transaction, validation_id: UUID) -> tuple[Bundle, ...]:
    """Return the bundles of a validation, newest first."""
    query = select(bundle).where(bundle.c.validation_id == validation_id).order_by(bundle.c.requested_at.desc())
    return tuple(Bundle.model_validate(dict(row)) for row in (await tx.execute(query)).mappings())


async def list_stored(tx: Transaction) -> dict[ObjectKey, Digest]:
    """Return key and digest of every bundle that is in the store."""
    query = select(bundle.c.object_key, bundle.c.digest).where(bundle.c.object_key.is_not(None))
    return {ObjectKey(str(row.object_key)): Digest(str(row.digest)) for row in await tx.connection.execute(query)}


async def set_bundle(tx: Transaction, export_id: UUID, **changes: object) -> None:
    """Change a bundle."""
    await tx.execute(update(bundle).where(bundle.c.id == export_id).values(**changes))
