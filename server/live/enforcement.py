"""Keeps the media process to what the ledger says: who may send, who may watch, what may be stored.

A command that takes something away is carried out at once by `enforce`; `run` repeats it every two seconds, so that
a media process that was unreachable or restarted is told again, and a source it lost is closed in the ledger.
"""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from evidence.ids import SourceId
from server.live import store
from server.media.errors import MediaUnavailable
from server.media.processes import MediaProcesses, MediaState
from server.observability import MEDIA_DATAGRAMS, MEDIA_SHARE, MEDIA_SOURCES, MEDIA_VIEWERS
from server.services import Services
from sessions.tour.sources import close_source

EVERY_S = 2.0
LOST_AFTER = timedelta(seconds=15)
"""An open source or viewer that no media process knows is given this long: it may be on its way."""
log = structlog.get_logger()


async def enforce(services: Services) -> None:
    """Bring the media process in line now; what cannot be reached is told by `run` later."""
    try:
        await _enforce(services, await services.media.health())
    except MediaUnavailable as error:
        log.warning("media not told yet", reason=error.fields.get("reason"))
    except (SQLAlchemyError, OSError):
        log.exception("media not told yet")  # the command that asked for it is committed all the same


async def run(services: Services) -> None:
    """Bring both sides in line every two seconds, until cancelled."""
    strangers: set[UUID] = set()
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            health = await services.media.health()
            measure(health)
            await _enforce(services, health)
            strangers = await _end_strangers(services, health, strangers)
            if not health.silent:  # what does not answer may still have them
                await close_lost(services, health)
        except MediaUnavailable:
            strangers = set()
        except (SQLAlchemyError, OSError):
            log.exception("enforcement failed; it runs again")


def measure(health: MediaState) -> None:
    """Let `/metrics` tell what the processes do; one that is silent does nothing."""
    for name, process in health.processes.items():
        MEDIA_SHARE.labels(name).set(process.core_share)
        MEDIA_SOURCES.labels(name).set(len(process.sources))
        MEDIA_VIEWERS.labels(name).set(process.viewers)
        for fate, count in process.datagrams.model_dump().items():
            MEDIA_DATAGRAMS.labels(name, fate).set(count)
    for name in health.silent:
        for gauge in (MEDIA_SHARE, MEDIA_SOURCES, MEDIA_VIEWERS):
            gauge.labels(name).set(0)


async def _enforce(services: Services, health: MediaState) -> None:
    async with services.database.read() as tx:
        shut = await store.list_shut_sources(tx, [source.source_id for source in health.sources])
        private = await store.list_private_rooms(tx, {source.room_id for source in health.sources})
        viewers = await store.list_unwanted_viewers(tx)
    await keep_private(services.media, health, private)
    # All at once: a process that hangs holds up the end of nothing but its own.
    ends = [_is_told(services.media.unpublish(SourceId(one), reason=reason)) for one, reason in shut.items()]
    told = await asyncio.gather(*(_is_told(services.media.unwatch(peer_id)) for peer_id in viewers), *ends)
    ended = [peer_id for peer_id, is_told in zip(viewers, told, strict=False) if is_told]
    if ended:
        async with services.database.write() as tx:
            await store.delete_viewers(tx, ended)


async def _is_told(telling: Awaitable[None]) -> bool:
    """Return whether everybody was told; one process that is silent holds up nobody else's end."""
    try:
        await telling
    except MediaUnavailable as error:
        log.warning("media not told yet", reason=error.fields.get("reason"))
        return False
    return True


async def keep_private(media: MediaProcesses, health: MediaState, private: dict[UUID, str]) -> None:
    """Tell each process by itself: a room may be in several, since their number was changed."""
    wrong = {
        (name, source.room_id): source.hiding
        for name, process in health.processes.items()
        for source in process.sources
        if source.private != (source.room_id in private)
    }
    for (name, room_id), hiding in wrong.items():
        if room_id in private:
            await _is_told(media.hide_at(name, room_id, reason=private[room_id]))
        else:
            await _is_told(media.store_again(name, room_id, hiding=hiding))


async def _end_strangers(services: Services, health: MediaState, before: set[UUID]) -> set[UUID]:
    """End sources that no row knows. Seen once it may be a publication on its way to its row; seen twice it is not."""
    async with services.database.read() as tx:
        known = await store.list_known_sources(tx, [source.source_id for source in health.sources])
    running: set[UUID] = {source.source_id for source in health.sources}
    strangers = running - known
    for source_id in strangers & before:
        await _is_told(services.media.unpublish(SourceId(source_id), reason="unknown"))
    return strangers


async def close_lost(services: Services, health: MediaState) -> None:
    """Close sources and forget viewers that no process knows any more: one was killed, and can tell of neither."""
    alive = {source.source_id for source in health.sources}
    async with services.database.read() as tx:
        open_sources = await store.list_open_sources(tx, before=tx.now - LOST_AFTER)
        viewers = await store.list_viewers(tx, before=tx.now - LOST_AFTER)
    for source_id in open_sources:
        if source_id not in alive:
            async with services.database.write() as tx:
                await close_source(tx, SourceId(source_id), reason="media_lost")
    gone = [peer_id for peer_id in viewers if peer_id not in health.peers]
    if gone:
        async with services.database.write() as tx:
            await store.delete_viewers(tx, gone)
