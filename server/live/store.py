"""Rows of viewers, media cursors and the questions enforcement asks."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, func, insert, or_, select, update

from evidence.ids import SourceId
from evidence.ledger.inserting import insert_once
from evidence.ledger.transaction import Transaction
from evidence.segments.store import find_recording
from server.auth.tables import login
from server.live.tables import media_cursor, media_login, viewer
from sessions.schedule.rules import SessionState
from sessions.schedule.tables import validation_session
from sessions.tour.rules import Standing
from sessions.tour.tables import attendance, media_token, room, source

GONE = (Standing.REMOVED, Standing.LEFT)


async def insert_viewer(
    tx: Transaction,
    *,
    peer_id: UUID,
    source_id: UUID | None,
    participant_id: UUID,
    validation_session_id: UUID,
    token_id: UUID | None = None,
) -> None:
    """Add a viewer's connection.

    Args:
        tx: the transaction.
        peer_id: the connection's id.
        source_id: None for a viewer of the whole room.
        participant_id: who watches.
        validation_session_id: in which session.
        token_id: of one that a media token opened.
    """
    row = {
        "peer_id": peer_id,
        "source_id": source_id,
        "participant_id": participant_id,
        "validation_session_id": validation_session_id,
        "token_id": token_id,
        "opened_at": tx.now,
    }
    await tx.execute(insert(viewer).values(row))


async def bind_to_login(tx: Transaction, line_id: UUID, login_id: UUID) -> None:
    """Let a source or viewer end with the login that opened it."""
    await tx.execute(insert(media_login).values(id=line_id, login_id=login_id))


async def unbind_from_login(tx: Transaction, line_ids: Collection[UUID]) -> None:
    """Forget the logins of sources or viewers that are over."""
    await tx.execute(delete(media_login).where(media_login.c.id.in_(line_ids)))


async def find_viewer(tx: Transaction, peer_id: UUID, source_id: UUID) -> tuple[UUID, UUID | None] | None:
    """Return the participant of a viewer's connection, and the media token that opened it."""
    query = select(viewer.c.participant_id, viewer.c.token_id).where(
        viewer.c.peer_id == peer_id, viewer.c.source_id == source_id
    )
    row = (await tx.connection.execute(query)).one_or_none()
    return None if row is None else (row.participant_id, row.token_id)


async def count_viewers_by_token(tx: Transaction, token_id: UUID) -> int:
    """Return how many connections watch with a media token."""
    query = select(func.count()).select_from(viewer).where(viewer.c.token_id == token_id)
    return int((await tx.connection.execute(query)).scalar_one())


async def is_viewer(tx: Transaction, peer_id: UUID) -> bool:
    """Return whether a connection is known, of one source or of a whole room."""
    query = select(viewer.c.peer_id).where(viewer.c.peer_id == peer_id)
    return (await tx.connection.execute(query)).scalar_one_or_none() is not None


async def find_room_viewer(tx: Transaction, peer_id: UUID, validation_session_id: UUID) -> UUID | None:
    """Return the participant of a connection to a whole room."""
    query = select(viewer.c.participant_id).where(
        viewer.c.peer_id == peer_id,
        viewer.c.source_id.is_(None),
        viewer.c.validation_session_id == validation_session_id,
    )
    return (await tx.connection.execute(query)).scalar_one_or_none()


async def delete_viewers(tx: Transaction, peer_ids: Collection[UUID]) -> None:
    """Forget connections that are closed."""
    await tx.execute(delete(viewer).where(viewer.c.peer_id.in_(peer_ids)))
    await unbind_from_login(tx, peer_ids)


async def list_viewers(tx: Transaction, *, before: datetime) -> list[UUID]:
    """Return the connections of viewers opened before a moment."""
    return list((await tx.connection.execute(select(viewer.c.peer_id).where(viewer.c.opened_at < before))).scalars())


async def list_unwanted_viewers(tx: Transaction) -> list[UUID]:
    """Return viewers whose session is not live any more, who were put out or left, or whose login or token is over."""
    seat = and_(
        attendance.c.validation_session_id == viewer.c.validation_session_id,
        attendance.c.participant_id == viewer.c.participant_id,
    )
    query = (
        select(viewer.c.peer_id)
        .join(validation_session, validation_session.c.id == viewer.c.validation_session_id)
        .outerjoin(attendance, seat)
        .outerjoin(media_login, media_login.c.id == viewer.c.peer_id)
        .outerjoin(login, login.c.id == media_login.c.login_id)
        .outerjoin(media_token, media_token.c.id == viewer.c.token_id)
        .where(
            or_(
                validation_session.c.state != SessionState.LIVE,
                attendance.c.standing.in_(GONE),
                login.c.revoked_at.is_not(None),
                media_token.c.revoked_at.is_not(None),
                media_token.c.expires_at <= tx.now,
            )
        )
    )
    return list((await tx.connection.execute(query)).scalars())


async def list_shut_sources(tx: Transaction, running: Sequence[UUID]) -> dict[UUID, str]:
    """Return which of the running sources are closed in the ledger or belong to somebody who may not send, and why."""
    seat = and_(
        attendance.c.validation_session_id == source.c.validation_session_id,
        attendance.c.participant_id == source.c.participant_id,
    )
    query = (
        select(
            source.c.id,
            source.c.closed_at,
            validation_session.c.state,
            attendance.c.standing,
            login.c.revoked_at,
            media_token.c.expires_at,
        )
        .join(validation_session, validation_session.c.id == source.c.validation_session_id)
        .outerjoin(attendance, seat)
        .outerjoin(media_login, media_login.c.id == source.c.id)
        .outerjoin(login, login.c.id == media_login.c.login_id)
        .outerjoin(media_token, media_token.c.id == source.c.token_id)
        .where(source.c.id.in_(running))
    )
    reasons: dict[UUID, str] = {}
    for row in await tx.connection.execute(query):
        if row.state != SessionState.LIVE:
            reasons[row.id] = "session_ended"
        elif row.standing in GONE:
            reasons[row.id] = str(row.standing)
        elif row.closed_at is not None:
            reasons[row.id] = "closed"
        elif row.revoked_at is not None:
            reasons[row.id] = "signed_out"
        elif row.expires_at is not None and row.expires_at <= tx.now:
            reasons[row.id] = "token_expired"
    return reasons


async def list_known_sources(tx: Transaction, running: Sequence[UUID]) -> set[UUID]:
    """Return which of the running sources have a row."""
    return set((await tx.connection.execute(select(source.c.id).where(source.c.id.in_(running)))).scalars())


async def list_open_sources(tx: Transaction, *, before: datetime) -> list[UUID]:
    """Return sources opened before a moment and not closed."""
    query = select(source.c.id).where(source.c.closed_at.is_(None), source.c.opened_at < before)
    return list((await tx.connection.execute(query)).scalars())


async def list_private_rooms(tx: Transaction, rooms: Collection[UUID]) -> dict[UUID, str]:
    """Return which of the rooms show without storing, and why."""
    query = select(room.c.validation_session_id, room.c.private_reason).where(
        room.c.validation_session_id.in_(rooms), room.c.private_since.is_not(None)
    )
    return {row.validation_session_id: row.private_reason or "" for row in await tx.connection.execute(query)}


async def private_reason(tx: Transaction, validation_session_id: UUID) -> str | None:
    """Return why the room shows without storing; None when it stores."""
    return (await list_private_rooms(tx, {validation_session_id})).get(validation_session_id)


async def get_offset(tx: Transaction, name: str) -> int:
    """Return how many bytes of a report file were taken in, 0 at first."""
    query = select(media_cursor.c.offset_bytes).where(media_cursor.c.name == name)
    return (await tx.connection.execute(query)).scalar_one_or_none() or 0


async def lock_offset(tx: Transaction, name: str) -> int:
    """Return the offset and keep every other API process from taking in the same file until commit."""
    await insert_once(tx, media_cursor, {"name": name, "offset_bytes": 0})
    query = select(media_cursor.c.offset_bytes).where(media_cursor.c.name == name).with_for_update()
    return int((await tx.connection.execute(query)).scalar_one())


async def is_recorded(tx: Transaction, source_id: UUID) -> bool:
    """Return whether a recording of the source was opened."""
    return await find_recording(tx, SourceId(source_id)) is not None


async def set_offset(tx: Transaction, name: str, offset_bytes: int) -> None:
    """Remember how many bytes of a report file were taken in."""
    await tx.execute(update(media_cursor).where(media_cursor.c.name == name).values(offset_bytes=offset_bytes))
