"""Socket.IO: who is connected, what each watches, and their commands in the order they were sent.

The server runs with `async_handlers=False`: one socket's messages are handled one after the other, so a participant's
commands keep their order, and a flooding client waits in its own TCP window instead of in our memory.
"""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import TypeVar
from uuid import UUID

import socketio
import structlog
from pydantic import ValidationError

from evidence.ids import CaseId, case_log
from evidence.ledger.events import Entry
from evidence.ledger.rules import Audience
from evidence.ledger.store import get_log, read_entries
from evidence.records import Json, Record
from server.auth.limits import PHOTO_EVERY_S
from server.auth.logins import COOKIE, identify
from server.auth.principal import Principal
from server.auth.visits import access_of, audience_of
from server.db import FAILURES
from server.errors import NotSignedIn, RequestInvalid, TooManyRequests
from server.http.problems import problem_of
from server.live.broadcast import BATCH, Broadcaster
from server.live.dispatch import answer_command, answered, invalid
from server.live.messages import (
    Ack,
    CommandEnvelope,
    Entries,
    Hint,
    Paused,
    Photo,
    PhotoPassedOn,
    Refused,
    Revoked,
    ServerTime,
    Subscribe,
)
from server.live.pauses import Pauses
from server.live.photos import pass_on, seat_name
from server.live.presence import arrive, depart
from server.services import Services
from sessions.errors import ValidationNotFound

HINTS_A_S = 20
RECHECK_S = 5.0
log = structlog.get_logger()
Message = TypeVar("Message", bound=Record)


@dataclass
class Watch:
    """What one socket watches of one validation."""

    audience: Audience
    participant_id: UUID
    validation_session_id: UUID | None

    @property
    def hears(self) -> tuple[Audience, ...]:
        """Who gets its hints. A reviewer who reads behind the scenes is nothing the member should notice."""
        in_the_room = self.validation_session_id is not None
        return tuple(Audience) if in_the_room or self.audience is Audience.MEMBER else (Audience.GOVERNMENT,)

    @property
    def seat(self) -> str | None:
        """Where photos reach it; None outside of a room."""
        session_id = self.validation_session_id
        return None if session_id is None else seat_name(session_id, self.participant_id)


@dataclass
class Visit:
    """One connected socket."""

    token: str
    principal: Principal
    watches: dict[UUID, Watch] = field(default_factory=dict)
    hinted_s: deque[float] = field(default_factory=lambda: deque(maxlen=HINTS_A_S))
    """When its last hints came, on the monotonic clock."""
    photographed_s: float = -PHOTO_EVERY_S
    """When its last photo came."""

    def may_hint(self) -> bool:
        """Count a hint; return whether it is among the first twenty of this second."""
        now_s = time.monotonic()
        if len(self.hinted_s) == HINTS_A_S and now_s - self.hinted_s[0] < 1.0:
            return False
        self.hinted_s.append(now_s)
        return True


class Sockets:
    """The connected sockets of this process."""

    def __init__(self, services: Services, server: socketio.AsyncServer, bell: asyncio.Event) -> None:
        self._services = services
        self._server = server
        self._visits: dict[str, Visit] = {}
        self._closing = False
        self.broadcaster = Broadcaster(services.database, bell, self._deliver)
        self.pauses = Pauses(services.database, self._tell_paused)
        for name, handler in (
            ("connect", self._connect),
            ("disconnect", self._disconnect),
            ("subscribe", self._subscribe),
            ("command", self._command),
            ("hint", self._hint),
            ("clock", self._clock),
            ("photo", self._photo),
        ):
            server.on(name, handler)

    async def _connect(self, sid: str, environ: dict[str, str], _auth: object = None) -> None:
        token = _cookie(environ.get("HTTP_COOKIE", ""))
        async with self._services.database.read() as tx:
            principal = await identify(tx, token) if token else None
        if token is None or principal is None:
            raise socketio.exceptions.ConnectionRefusedError(problem_of(NotSignedIn()))
        self._visits[sid] = Visit(token, principal)

    async def _disconnect(self, sid: str, _reason: object = None) -> None:
        visit = self._visits.pop(sid, None)
        if visit is None:
            return
        for validation_id, watch in visit.watches.items():
            self._unwatch_unless_watched(validation_id, watch.audience)
            if not self._closing:  # a server that restarts says nothing about who is in the room
                await self._depart_unless_present(visit, validation_id, watch)

    async def _subscribe(self, sid: str, message: object = None) -> dict[str, Json]:
        return _dump(await answered("subscribe", self._start_watch(sid, message)))

    async def _start_watch(self, sid: str, message: object) -> Ack:
        wish = _read(Subscribe, message)
        visit = await self._signed_in(sid)
        async with self._services.database.read() as tx:
            access = await access_of(tx, visit.principal, wish.validation_id)
        watch = Watch(audience_of(access), access.participant_id, wish.validation_session_id)
        if wish.validation_session_id is not None:
            await arrive(self._services, access, wish.validation_session_id)
        await self._change_seat(sid, visit.watches.get(wish.validation_id), watch)
        visit.watches[wish.validation_id] = watch
        await self.broadcaster.watch(wish.validation_id, watch.audience)
        after = await self._catch_up(sid, wish.validation_id, watch.audience, wish.after)
        # The rest while nothing is delivered, so that this page never sees an entry before those that come before it.
        async with self.broadcaster.held():
            after = await self._catch_up(sid, wish.validation_id, watch.audience, after)
            await self._server.enter_room(sid, _room(wish.validation_id, watch.audience))
        await self._emit("paused", await self.pauses.now(wish.validation_id), sid)
        return Ack(seq=max(after, 0))

    async def _catch_up(self, sid: str, validation_id: UUID, audience: Audience, after: int) -> int:
        """Send what the log has after a seq and return the seq of its last entry."""
        log_id = case_log(CaseId(validation_id))
        while True:
            async with self._services.database.read() as tx:
                entries = await read_entries(tx, log_id, after=after, limit=BATCH, audience=audience)
                size = (await get_log(tx, log_id)).size
            if not entries:
                return size - 1
            await self._emit("entries", Entries(validation_id=validation_id, entries=entries), sid)
            after = entries[-1].seq

    async def _command(self, sid: str, message: object = None) -> dict[str, Json]:
        return _dump(await answered("command", self._answer_command(sid, message)))

    async def _answer_command(self, sid: str, message: object) -> Ack | Refused:
        envelope = _read(CommandEnvelope, message)
        visit = await self._signed_in(sid)
        return await answer_command(self._services, visit.principal, envelope.validation_id, envelope.command)

    async def _clock(self, _sid: str, _message: object = None) -> dict[str, Json]:
        return _dump(ServerTime(at=self._services.clock()))

    async def _hint(self, sid: str, message: object = None) -> None:
        visit = self._visits.get(sid)
        try:
            hint = _read(Hint, message)
        except RequestInvalid:
            return
        watch = visit.watches.get(hint.validation_id) if visit else None
        if visit is None or watch is None or not visit.may_hint():
            return
        relayed = hint.model_copy(update={"participant_id": watch.participant_id})
        for audience in watch.hears:
            room = _room(hint.validation_id, audience)
            await self._server.emit("hint", _dump(relayed), room=room, skip_sid=sid)

    async def _photo(self, sid: str, message: object = None) -> dict[str, Json]:
        return _dump(await answered("photo", self._pass_on_photo(sid, message)))

    async def _pass_on_photo(self, sid: str, message: object) -> PhotoPassedOn:
        photo = _read(Photo, message)
        visit = await self._signed_in(sid)
        now_s = time.monotonic()
        if now_s - visit.photographed_s < PHOTO_EVERY_S:
            raise TooManyRequests(retry_after_s=PHOTO_EVERY_S)
        visit.photographed_s = now_s
        passage = await pass_on(self._services, visit.principal, photo)
        for seat in passage.seats:
            await self._server.emit("photo", passage.message, room=seat)
        return PhotoPassedOn(viewers=len(passage.seats))

    async def _change_seat(self, sid: str, before: Watch | None, after: Watch | None) -> None:
        left, taken = (None if watch is None else watch.seat for watch in (before, after))
        if left is not None and left != taken:
            await self._server.leave_room(sid, left)
        if taken is not None:
            await self._server.enter_room(sid, taken)

    async def _signed_in(self, sid: str) -> Visit:
        visit = self._visits.get(sid)
        if visit is None:
            raise NotSignedIn
        async with self._services.database.read() as tx:
            principal = await identify(tx, visit.token)
        if principal is None:
            raise NotSignedIn
        visit.principal = principal
        return visit

    async def _deliver(self, validation_id: UUID, audience: Audience, entries: tuple[Entry, ...]) -> None:
        message = Entries(validation_id=validation_id, entries=entries)
        await self._emit("entries", message, _room(validation_id, audience))
        for entry in entries:
            if entry.tag == "tour.participant_removed" and entry.data is not None:
                await self._turn_away(validation_id, str(entry.data["participant_id"]))

    async def _tell_paused(self, paused: Paused) -> None:
        for audience in Audience:
            await self._emit("paused", paused, _room(paused.validation_id, audience))

    async def _turn_away(self, validation_id: UUID, participant_id: str) -> None:
        for sid, visit in list(self._visits.items()):
            watch = visit.watches.get(validation_id)
            if watch is not None and str(watch.participant_id) == participant_id:
                await self._stop_watch(
                    sid, visit, validation_id, Revoked(validation_id=validation_id, reason="removed")
                )

    async def _stop_watch(self, sid: str, visit: Visit, validation_id: UUID, why: Revoked) -> None:
        watch = visit.watches.pop(validation_id, None)
        if watch is None:
            return  # the socket went while this was on its way
        await self._change_seat(sid, watch, None)
        await self._server.leave_room(sid, _room(validation_id, watch.audience))
        await self._emit("revoked", why, sid)
        self._unwatch_unless_watched(validation_id, watch.audience)

    def _unwatch_unless_watched(self, validation_id: UUID, audience: Audience) -> None:
        watches = (visit.watches.get(validation_id) for visit in self._visits.values())
        if not any(watch is not None and watch.audience is audience for watch in watches):
            self.broadcaster.unwatch(validation_id, audience)

    async def _depart_unless_present(self, visit: Visit, validation_id: UUID, watch: Watch) -> None:
        if watch.validation_session_id is None:
            return
        room = watch.participant_id, watch.validation_session_id
        others = (other.watches.get(validation_id) for other in self._visits.values())
        if all(other is None or (other.participant_id, other.validation_session_id) != room for other in others):
            await depart(self._services, visit.principal, validation_id, watch.validation_session_id)

    async def recheck(self) -> None:
        """Turn away, every few seconds, sockets whose login ended and watchers who may not read the case any longer."""
        while True:
            await asyncio.sleep(RECHECK_S)
            try:
                for sid, visit in list(self._visits.items()):
                    await self._recheck(sid, visit)
            except FAILURES:
                log.exception("recheck failed; it runs again")

    async def _recheck(self, sid: str, visit: Visit) -> None:
        async with self._services.database.read() as tx:
            principal = await identify(tx, visit.token)
        if principal is None:
            await self._emit("revoked", Revoked(validation_id=None, reason="signed_out"), sid)
            await self._server.disconnect(sid)
            return
        for validation_id, watch in list(visit.watches.items()):
            if not await self._may_watch(principal, validation_id, watch):
                why = Revoked(validation_id=validation_id, reason="not_permitted")
                await self._stop_watch(sid, visit, validation_id, why)

    async def _may_watch(self, principal: Principal, validation_id: UUID, watch: Watch) -> bool:
        try:
            async with self._services.database.read() as tx:
                access = await access_of(tx, principal, validation_id)
        except ValidationNotFound:
            return False
        return audience_of(access) is watch.audience

    async def close(self) -> None:
        """Hang up on everybody because the server ends; the pages come back to the next one."""
        self._closing = True
        if self._server.eio.sockets:  # with none the library fails
            await self._server.eio.disconnect()
        await self._server.shutdown()

    async def _emit(self, name: str, message: Record, to: str) -> None:
        # Each API process reads the ledger for its own sockets; Redis carries hints and photos only.
        await self._server.emit(name, _dump(message), to=to, ignore_queue=True)


def _room(validation_id: UUID, audience: Audience) -> str:
    return f"{validation_id}/{audience}"


def _dump(message: Record) -> dict[str, Json]:
    return message.model_dump(mode="json")


def _read(kind: type[Message], message: object) -> Message:
    try:
        return kind.model_validate(message)
    except ValidationError as error:
        raise invalid(error) from None


def _cookie(header: str) -> str | None:
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel else None
