"""Equipment of its own: encoders and players that know a URL and a bearer token, and nothing else."""

from typing import NamedTuple

import aiohttp
from aiortc import MediaStreamTrack

from evidence.records import Json
from tests.media.peers import PublishingPeer, WatchingPeer
from tests.parts.admission import until_admitted
from tests.parts.site import Site
from tests.waiting import wait_until


class Token(NamedTuple):
    """A media token as it was shown."""

    id: str
    url: str
    secret: str


class Told(NamedTuple):
    """An answer to equipment."""

    status: int
    code: str
    text: str
    headers: dict[str, str]

    @property
    def source_id(self) -> str:
        """The id at the end of the location."""
        return self.headers["Location"].rpartition("/")[2]


async def token_of(
    site: Site, name: str, source_type: str | None = "fixed_camera", called: str = "Dock camera 3", **wish: Json
) -> Token:
    """Let one of the people make a media token for the session."""
    path = f"/validation-sessions/{site.ids['session']}/media-tokens"
    made = await site.people[name].made(path, {"name": called, "source_type": source_type, **wish})
    token = made["token"]
    assert isinstance(token, dict)
    return Token(str(token["id"]), str(made["url"]), str(made["secret"]))


async def ask(
    site: Site,
    method: str,
    path: str,
    authorization: str | list[str],
    content: str | None = None,
    **headers: str,
) -> Told:
    """Send a request with the Authorization header or headers, without cookies, as equipment does."""
    values = [authorization] if isinstance(authorization, str) else authorization
    sent = [*(("Authorization", value) for value in values if value), *headers.items()]
    if content is not None:
        sent.append(("Content-Type", headers.get("Content-Type", "application/sdp")))
    url = path if path.startswith("http") else site.url + path
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client,
        client.request(method, url, headers=sent, data=content) as response,
    ):
        text = (await response.read()).decode(errors="replace")
        problem = await response.json() if response.content_type == "application/problem+json" else {}
        return Told(response.status, str(problem.get("code", "")), text, dict(response.headers))


async def admitted(site: Site, token: Token, sdp: str) -> Told:
    """Offer with the token until it is taken."""
    return await until_admitted(lambda: ask(site, "POST", token.url, f"Bearer {token.secret}", sdp))


async def send(site: Site, token: Token, *tracks: MediaStreamTrack) -> tuple[Told, PublishingPeer]:
    """Let an encoder publish with its token, and wait until frames arrive."""
    peer = PublishingPeer(*tracks)
    site.on_close(peer.pc.close)
    told = await admitted(site, token, await peer.offer())
    await peer.accept(told.text)
    await wait_until(lambda: arrives(site, told.source_id), within_s=30)
    return told, peer


async def show(site: Site, token: Token, *kinds: str) -> tuple[Told, WatchingPeer]:
    """Let a player watch with its token."""
    viewer = WatchingPeer(*kinds)
    site.on_close(viewer.close)
    told = await admitted(site, token, await viewer.offer())
    await viewer.accept(told.text)
    return told, viewer


async def arrives(site: Site, source_id: str) -> bool:
    """Say whether the media process has frames of the source."""
    health = await site.services.media.health()
    sources = [source for source in health.sources if str(source.source_id) == source_id]
    return bool(sources) and sources[0].audio_frames + sources[0].video_frames > 0
