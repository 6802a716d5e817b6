"""What every viewer's connection shares: its row goes with it, whichever of both ends first."""

from collections.abc import Awaitable
from uuid import UUID

from aiohttp import web

from server.http.relays import with_relays
from server.http.routing import Call
from server.http.sdp import sdp_answer
from server.live.store import delete_viewers, is_viewer
from server.media.wire import Answered


async def answer_viewer(
    call: Call, peer_id: UUID, asked: Awaitable[Answered], *, location: str, absent: Exception
) -> web.Response:
    """Return the 201 to a viewer whose row is written; without an answer the row goes again.

    Raises: what the media process refuses; `absent` when the viewer was put out while that was asked.
    """
    services = call.services
    try:
        answered = await asked
    except BaseException:
        async with services.database.write() as tx:
            await delete_viewers(tx, [peer_id])
        raise
    async with services.database.read() as tx:
        kept = await is_viewer(tx, peer_id)
    if not kept:
        # Put out while the media process was asked: the row went, and what it started goes too.
        await services.media.unwatch(peer_id)
        raise absent
    return with_relays(call, sdp_answer(answered, location))
