"""People who send and watch over WHIP and WHEP: real peers behind the API of a running site."""

from typing import NamedTuple

from aiortc import MediaStreamTrack

from evidence.records import Json
from tests.media.peers import PublishingPeer, WatchingPeer
from tests.parts.admission import until_admitted
from tests.parts.site import Site
from tests.waiting import wait_until

SDP = {"Content-Type": "application/sdp", "Sec-Fetch-Site": "same-origin"}


class Offered(NamedTuple):
    """What the server made of an offer."""

    status: int
    location: str
    answer: str
    problem: dict[str, Json]

    @property
    def code(self) -> str:
        """The problem's code, empty without one."""
        return str(self.problem.get("code", ""))

    @property
    def source_id(self) -> str:
        """The id at the end of the location."""
        return self.location.rpartition("/")[2]


async def offer(site: Site, name: str, path: str, sdp: str) -> Offered:
    """Send an offer as a person."""
    async with site.people[name].client.post(path, data=sdp, headers=SDP) as response:
        if response.status != 201:
            return Offered(response.status, "", "", await response.json())
        assert response.content_type == "application/sdp"
        return Offered(201, response.headers.get("Location", ""), await response.text(), {})


async def admitted(site: Site, name: str, path: str, sdp: str) -> Offered:
    """Send an offer as a person until it is taken."""
    return await until_admitted(lambda: offer(site, name, path, sdp))


async def hang_up(site: Site, name: str, location: str) -> int:
    """Delete a source or a viewer as a person."""
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with site.people[name].client.delete(location, headers=headers) as response:
        return response.status


async def publish(
    site: Site, name: str, *tracks: MediaStreamTrack, kind: str = "camera"
) -> tuple[Offered, PublishingPeer]:
    """Let a person send, and wait until the media process has the first frames."""
    peer = PublishingPeer(*tracks)
    site.on_close(peer.pc.close)
    told = await admitted(site, name, f"/api/whip/{site.ids['session']}?kind={kind}", await peer.offer())
    await peer.accept(told.answer)

    async def flows() -> bool:
        health = await site.services.media.health()
        sources = [source for source in health.sources if str(source.source_id) == told.source_id]
        return bool(sources) and sources[0].audio_frames + sources[0].video_frames > 0

    await wait_until(flows, within_s=30)
    return told, peer


async def watch(site: Site, name: str, source_id: str, *kinds: str) -> tuple[Offered, WatchingPeer]:
    """Let a person watch a source."""
    viewer = WatchingPeer(*kinds)
    site.on_close(viewer.close)
    told = await admitted(site, name, f"/api/whep/{source_id}", await viewer.offer())
    await viewer.accept(told.answer)
    return told, viewer


async def sources(site: Site) -> set[str]:
    """Return the ids of what the media process takes in now."""
    return {str(source.source_id) for source in (await site.services.media.health()).sources}
