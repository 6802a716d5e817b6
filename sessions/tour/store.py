"""Rows of the live walk. Nothing here commits."""

from uuid import UUID

from sqlalchemy import Select, Table, func, insert, select, update

from evidence.ledger.inserting import insert_once
from evidence.ledger.transaction import Transaction
from evidence.records import Record
from sessions.errors import SourceNotFound, StillNotFound, StopNotFound, TokenNotFound, VersionConflict
from sessions.ids import ParticipantId, ValidationSessionId
from sessions.tour import tables
from sessions.tour.records import Attendance, MediaToken, Room, Source, Still
from sessions.tour.rules import Standing


def _select(table: Table, shape: type[Record]) -> Select[tuple[object, ...]]:
    return select(*(table.c[name] for name in shape.model_fields))


async def lock_attendance(tx: Transaction, validation_session_id: UUID, participant_id: UUID) -> Attendance:
    """Return a participant's attendance of a session and hold its row; made anew when there is none."""
    fresh = Attendance(
        validation_session_id=ValidationSessionId(validation_session_id),
        participant_id=ParticipantId(participant_id),
        standing=Standing.INVITED,
    )
    await insert_once(tx, tables.attendance, fresh.model_dump())
    rows = await tx.execute(_attendance(validation_session_id, participant_id).with_for_update())
    return Attendance.model_validate(dict(rows.mappings().one()))


async def find_attendance(tx: Transaction, validation_session_id: UUID, participant_id: UUID) -> Attendance | None:
    """Return a participant's attendance of a session; None for one who never came to its door."""
    row = (await tx.execute(_attendance(validation_session_id, participant_id))).mappings().one_or_none()
    return None if row is None else Attendance.model_validate(dict(row))


def _attendance(validation_session_id: UUID, participant_id: UUID) -> Select[tuple[object, ...]]:
    return _select(tables.attendance, Attendance).where(
        tables.attendance.c.validation_session_id == validation_session_id,
        tables.attendance.c.participant_id == participant_id,
    )


async def list_inside(tx: Transaction, validation_session_id: UUID) -> tuple[Attendance, ...]:
    """Return the attendances of who is admitted to a session, whether in the room now or not."""
    attendance = tables.attendance
    query = _select(attendance, Attendance).where(
        attendance.c.validation_session_id == validation_session_id,
        attendance.c.standing == Standing.ADMITTED.value,
    )
    rows = (await tx.execute(query.order_by(attendance.c.participant_id))).mappings()
    return tuple(Attendance.model_validate(dict(row)) for row in rows)


async def set_attendance(tx: Transaction, attendance: Attendance, **changes: object) -> None:
    """Change a participant's attendance."""
    await tx.execute(
        update(tables.attendance)
        .where(
            tables.attendance.c.validation_session_id == attendance.validation_session_id,
            tables.attendance.c.participant_id == attendance.participant_id,
        )
        .values(**changes)
    )


async def empty_room(tx: Transaction, validation_session_id: UUID) -> None:
    """Let everybody who waits or is in a session have left it."""
    waiting_or_in = (Standing.LOBBY.value, Standing.ADMITTED.value)
    attendance = tables.attendance
    here = (attendance.c.validation_session_id == validation_session_id) & attendance.c.standing.in_(waiting_or_in)
    await tx.execute(update(attendance).where(here).values(standing=Standing.LEFT.value, joined_at=None))


async def get_room(tx: Transaction, validation_session_id: UUID) -> Room:
    """Return what holds for a session as a whole and hold its row."""
    fresh = Room(validation_session_id=ValidationSessionId(validation_session_id))
    await insert_once(tx, tables.room, fresh.model_dump())
    query = _select(tables.room, Room).where(tables.room.c.validation_session_id == validation_session_id)
    return Room.model_validate(dict((await tx.execute(query.with_for_update())).mappings().one()))


async def set_room(tx: Transaction, validation_session_id: UUID, **changes: object) -> None:
    """Change what holds for a session as a whole."""
    room = tables.room
    await tx.execute(update(room).where(room.c.validation_session_id == validation_session_id).values(**changes))


async def insert_source(tx: Transaction, source: Source) -> None:
    """Insert an open source; raises VersionConflict when its id is taken."""
    if not await insert_once(tx, tables.source, source.model_dump()):
        raise VersionConflict


async def get_source(tx: Transaction, source_id: UUID) -> Source:
    """Return a source, open or closed; it proves nothing about who asks. Raises SourceNotFound."""
    row = (await tx.execute(_select(tables.source, Source).where(tables.source.c.id == source_id))).mappings()
    found = row.one_or_none()
    if found is None:
        raise SourceNotFound
    return Source.model_validate(dict(found))


async def list_open_sources(
    tx: Transaction,
    validation_session_id: UUID,
    *,
    participant_id: UUID | None = None,
    token_id: UUID | None = None,
) -> tuple[Source, ...]:
    """Return the open sources of a session, or of one participant or media token in it, in the order they opened."""
    source = tables.source
    query = _select(source, Source).where(
        source.c.validation_session_id == validation_session_id, source.c.closed_at.is_(None)
    )
    if participant_id is not None:
        query = query.where(source.c.participant_id == participant_id)
    if token_id is not None:
        query = query.where(source.c.token_id == token_id)
    rows = (await tx.execute(query.order_by(source.c.opened_at, source.c.id))).mappings()
    return tuple(Source.model_validate(dict(row)) for row in rows)


async def set_source_closed(tx: Transaction, source_id: UUID) -> bool:
    """Close a source; returns whether it was open."""
    source = tables.source
    done = await tx.execute(
        update(source).where(source.c.id == source_id, source.c.closed_at.is_(None)).values(closed_at=tx.now)
    )
    return done.rowcount == 1


async def insert_token(tx: Transaction, token: MediaToken) -> None:
    """Insert a media token."""
    await tx.execute(insert(tables.media_token).values(token.model_dump()))


async def find_token(tx: Transaction, digest: str) -> MediaToken | None:
    """Return the media token whose secret has the digest, living or not."""
    query = _select(tables.media_token, MediaToken).where(tables.media_token.c.digest == digest)
    row = (await tx.execute(query)).mappings().one_or_none()
    return None if row is None else MediaToken.model_validate(dict(row))


async def lock_token(tx: Transaction, token_id: UUID) -> MediaToken:
    """Return a media token and hold its row; it proves nothing about who asks. Raises TokenNotFound."""
    query = _select(tables.media_token, MediaToken).where(tables.media_token.c.id == token_id)
    row = (await tx.execute(query.with_for_update())).mappings().one_or_none()
    if row is None:
        raise TokenNotFound
    return MediaToken.model_validate(dict(row))


async def list_tokens(tx: Transaction, validation_session_id: UUID) -> tuple[MediaToken, ...]:
    """Return the media tokens of a session in the order they were made."""
    token = tables.media_token
    query = _select(token, MediaToken).where(token.c.validation_session_id == validation_session_id)
    rows = (await tx.execute(query.order_by(token.c.made_at, token.c.id))).mappings()
    return tuple(MediaToken.model_validate(dict(row)) for row in rows)


async def set_token(tx: Transaction, token_id: UUID, **changes: object) -> None:
    """Change a media token."""
    await tx.execute(update(tables.media_token).where(tables.media_token.c.id == token_id).values(**changes))


async def insert_stop(
    tx: Transaction, *, stop_id: UUID, validation_id: UUID, validation_session_id: UUID, name: str
) -> int:
    """Insert a stop at the end of the route.

    Returns: its position, from 1.
    Raises: VersionConflict when another stop was added in the same moment, or the id is taken.
    """
    stop = tables.tour_stop
    query = select(func.max(stop.c.position).label("last")).where(stop.c.validation_id == validation_id)
    last = (await tx.execute(query)).mappings().one()["last"]
    position = (last or 0) + 1
    row: dict[str, object] = {
        "id": stop_id,
        "validation_id": validation_id,
        "validation_session_id": validation_session_id,
        "name": name,
        "position": position,
    }
    if not await insert_once(tx, stop, row):
        raise VersionConflict
    return int(position)


async def check_stop(tx: Transaction, validation_id: UUID, stop_id: UUID) -> None:
    """Refuse a stop that is not on the validation's route; raises StopNotFound."""
    stop = tables.tour_stop
    query = select(stop.c.id).where(stop.c.id == stop_id, stop.c.validation_id == validation_id)
    if (await tx.execute(query)).first() is None:
        raise StopNotFound


async def insert_still(tx: Transaction, still: Still) -> None:
    """Insert a still that was asked for; raises VersionConflict when its id is taken."""
    if not await insert_once(tx, tables.still, still.model_dump()):
        raise VersionConflict


async def lock_still(tx: Transaction, validation_id: UUID, still_id: UUID) -> Still:
    """Return a still of the validation and hold its row; raises StillNotFound."""
    query = _select(tables.still, Still).where(
        tables.still.c.id == still_id, tables.still.c.validation_id == validation_id
    )
    row = (await tx.execute(query.with_for_update())).mappings().one_or_none()
    if row is None:
        raise StillNotFound
    return Still.model_validate(dict(row))


async def set_still(tx: Transaction, still_id: UUID, **changes: object) -> None:
    """Change a still."""
    await tx.execute(update(tables.still).where(tables.still.c.id == still_id).values(**changes))
