"""The client of the media process: typed calls over its unix socket. Used by the API alone."""

import json
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import aiohttp
from pydantic import BaseModel

from evidence.ids import CaseId, SegmentId, SourceId
from server.media.errors import MEDIA_ERRORS, MediaUnavailable
from server.media.wire import (
    Answered,
    EndSource,
    EndViewer,
    MediaHealth,
    Patched,
    PatchIce,
    Probe,
    Publish,
    Refile,
    Refiled,
    Refusal,
    SetPrivate,
    Shown,
    ShowSources,
    SpoolFreed,
    Still,
    TakeStill,
    Watch,
    WatchRoom,
)

TIMEOUT = timedelta(seconds=8)
"""Bound of one call; the slowest honest one is a still from a source that is slow to send a key frame."""
HEALTH_WITHIN = timedelta(seconds=2)
"""Of what needs no work at all: whoever is asked this late hangs, and everybody waits for the answer."""
STILL_HEADER = "Sightline-Still"
Reply = TypeVar("Reply", bound=BaseModel)


class MediaControl:
    """Calls to one media process. Opens its connections lazily, so it may be made before that process runs.

    Every method raises MediaUnavailable when the process does not answer within `timeout`. All are safe to repeat.
    """

    def __init__(self, socket_path: Path, *, timeout: timedelta = TIMEOUT) -> None:
        self._path = socket_path
        self._within = timeout
        self._client: aiohttp.ClientSession | None = None

    async def publish(self, request: Publish) -> Answered:
        """Take a source and return the answer. Raises: OfferRefused; SourceUnknown when the source has ended before."""
        return await self._call("publish", request, Answered)

    async def patch(self, peer_id: UUID, *, fragment: str, if_match: str) -> Patched:
        """Take a fragment of a publisher's or viewer's ICE.

        Args:
            peer_id: the source's id or the viewer's.
            fragment: as in RFC 8840, 9; with other credentials than before it restarts ICE, and all else stays.
            if_match: the tag of the ICE session that is meant, or `*`.

        Raises: SourceUnknown; OfferRefused when it cannot be read; IceSessionChanged.
        """
        return await self._call("patch", PatchIce(peer_id=peer_id, fragment=fragment, if_match=if_match), Patched)

    async def unpublish(self, source_id: SourceId, *, reason: str = "unpublished") -> None:
        """End the source at once; its viewers are closed, its last segment too. Unknown ids are no error."""
        await self._post("unpublish", EndSource(source_id=source_id, reason=reason))

    async def watch(self, source_id: SourceId, *, peer_id: UUID, offer_sdp: str) -> Answered:
        """Send the source to a new viewer and return the answer. Raises: SourceUnknown, OfferRefused."""
        request = Watch(source_id=source_id, peer_id=peer_id, offer_sdp=offer_sdp)
        return await self._call("watch", request, Answered)

    async def watch_room(self, room_id: UUID, *, case_id: CaseId, peer_id: UUID, offer_sdp: str) -> Answered:
        """Open a connection to a new viewer of a room; `show` says what it gets. Raises: OfferRefused."""
        request = WatchRoom(room_id=room_id, case_id=case_id, peer_id=peer_id, offer_sdp=offer_sdp)
        return await self._call("watch_room", request, Answered)

    async def show(self, peer_id: UUID, sources: tuple[SourceId | None, ...]) -> tuple[SourceId | None, ...]:
        """Say what the slots of a room's viewer show from now on.

        Args: sources: one a slot, of the viewer's room, at most SLOTS_MOST.
        Returns: what they show; None for a slot the viewer has not, and for a source that is over.
        Raises: SourceUnknown when there is no such viewer.
        """
        return (await self._call("show", ShowSources(peer_id=peer_id, sources=sources), Shown)).sources

    async def probe(self, peer_id: UUID, offer_sdp: str, *, who: UUID) -> str:
        """Let a peer try its path for a few seconds and return the answer's SDP.

        Args: offer_sdp: recvonly or inactive; nothing is sent either way. who: whose probe it is; few have a turn each.
        Raises: OfferRefused, ProbesBusy.
        """
        return (await self._call("probe", Probe(peer_id=peer_id, offer_sdp=offer_sdp, who=who), Answered)).answer_sdp

    async def unwatch(self, peer_id: UUID) -> None:
        """End one viewer at once. Unknown ids are no error."""
        await self._post("unwatch", EndViewer(peer_id=peer_id))

    async def set_private(self, room_id: UUID, *, on: bool, reason: str, hiding: int | None = None) -> None:
        """Turn 'Show, do not store' on or off for all sources of the room, also for those still to come.

        Args:
            room_id: the room.
            on: whether nothing is to be stored.
            reason: for the record, at most 200 characters.
            hiding: off: the one that is meant, from `SourceStats`; a later one goes on.
        """
        told = SetPrivate(room_id=room_id, on=on, reason=reason, hiding=hiding)
        await self._post("set_private", told, within=min(self._within, HEALTH_WITHIN))

    async def still(self, source_id: SourceId) -> tuple[Still, bytes]:
        """Return a picture of the source now and its JPEG bytes. Raises: SourceUnknown, StillUnavailable."""
        headers, body = await self._post("still", TakeStill(source_id=source_id))
        return Still.model_validate_json(headers[STILL_HEADER]), body

    async def refile(self, segment_id: SegmentId) -> bool:
        """Have a segment put into the store again that was not found there.

        Returns: False when the process's own copy is gone or damaged.
        Raises: MediaUnavailable also when the store does not answer.
        """
        return (await self._call("refile", Refile(segment_id=segment_id), Refiled)).stored

    async def spool_freed(self, segment_id: SegmentId) -> None:
        """Let the process delete its copy of a segment that was read back from the store."""
        await self._post("spool_freed", SpoolFreed(segment_id=segment_id))

    async def health(self) -> MediaHealth:
        """Return what the process is doing now."""
        _, body = await self._post("health", None, within=min(self._within, HEALTH_WITHIN))
        return MediaHealth.model_validate_json(body)

    async def close(self) -> None:
        """Close the connections. The object can be used again afterwards."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _call(self, method: str, request: BaseModel, reply: type[Reply]) -> Reply:
        _, body = await self._post(method, request)
        return reply.model_validate_json(body)

    async def _post(
        self, method: str, request: BaseModel | None, *, within: timedelta | None = None
    ) -> tuple[dict[str, str], bytes]:
        timeout = aiohttp.ClientTimeout(total=(within or self._within).total_seconds())
        if self._client is None:
            connector = aiohttp.UnixConnector(path=str(self._path))
            self._client = aiohttp.ClientSession(connector=connector)
        body = b"" if request is None else request.model_dump_json().encode()
        try:
            async with self._client.post(f"http://media/{method}", data=body, timeout=timeout) as response:
                found = await response.read()
                if response.status != HTTPStatus.OK:
                    raise _refusal(response.status, found)
                return dict(response.headers), found
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise MediaUnavailable(reason=type(error).__name__) from error


def _refusal(status: int, body: bytes) -> Exception:
    """Return the error the process meant; anything it did not mean is MediaUnavailable."""
    if status != HTTPStatus.CONFLICT:
        return MediaUnavailable(reason=f"status {status}")
    refusal = Refusal.model_validate(json.loads(body))
    fields = {name: value for name, value in refusal.fields.items() if isinstance(value, str | int | None)}
    return MEDIA_ERRORS[refusal.code](**fields)
