"""The tour behind a firewall that lets one TCP port through: a real browser, the real relay, the real media process."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page

from evidence.ids import SourceId
from tests.media.browser import chromium, page_server
from tests.media.room import Room, media_process
from tests.parts.networks import MEDIA, TURN, put_firewall
from tests.parts.relay_part import PORTS, Relay, relay_part
from tests.waiting import wait_until

CONFIGURED = """(configuration) => {
  const Plain = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Plain { constructor() { super(configuration); } };
}"""
"""Has every connection of the page made with this configuration."""
PATH = """async () => {
  const reports = new Map(await window.pc.getStats());
  const transport = [...reports.values()].find((one) => one.type === "transport");
  const pair = reports.get(transport.selectedCandidatePairId);
  const local = reports.get(pair.localCandidateId);
  return [local.candidateType, local.relayProtocol ?? null];
}"""
"""The path that the page's connection has settled on."""


@pytest.fixture
def relay() -> Iterator[Relay]:
    """Run coturn as Compose does; nothing is in between yet."""
    with relay_part() as opened:
        yield opened


@pytest.fixture
def inside(apart: Room) -> Room:
    """Give a room whose media process tells the inner network's address."""
    return replace(apart, settings=replace(apart.settings, addresses=(MEDIA,)))


def addresses(relay: Relay, *transports: str) -> list[dict[str, str]]:
    """Return what the API tells the page of the relay."""
    told = []
    for transport in transports:
        opens = relay.asked(transport, life_s=600)
        scheme, way = ("turns", "tcp") if transport == "tls" else ("turn", transport)
        url = f"{scheme}:{TURN}:{PORTS[transport]}?transport={way}"
        told.append({"urls": url, "username": opens.username, "credential": opens.password})
    return told


@asynccontextmanager
async def browser_outside(relay: Relay, folder: Path) -> AsyncIterator[Browser]:
    """Run Chromium in the outer network; it believes the relay's certificate, as it would one of an authority."""
    async with chromium(*relay.chromium_outside(folder)) as browser:
        yield browser


@dataclass
class Tour:
    """A room inside and a browser outside."""

    source_id: SourceId
    url: str
    browser: Browser

    async def page(self, configuration: Mapping[str, object]) -> Page:
        """Open the page; its connections have this configuration."""
        context = await self.browser.new_context(permissions=["camera", "microphone"])
        page = await context.new_page()
        await page.goto(self.url)
        await page.evaluate(CONFIGURED, configuration)
        return page

    async def begin(self, configuration: Mapping[str, object]) -> tuple[Page, Page]:
        """Publish and watch."""
        publisher, viewer = await self.page(configuration), await self.page(configuration)
        await publisher.evaluate("window.publish({ width: 640, height: 360, frameRate: 15 })")
        await viewer.evaluate("source => window.watch(source)", str(self.source_id))
        return publisher, viewer


@asynccontextmanager
async def tour_behind(relay: Relay, room: Room, folder: Path) -> AsyncIterator[Tour]:
    """Run the media process inside, and outside a browser with a page of each side."""
    source_id = SourceId(uuid4())
    with relay.outer.listening_socket() as line:
        async with (
            media_process(room.settings, room.control, inside=relay.inner),
            page_server(room, source_id, line=line) as url,
            browser_outside(relay, folder) as browser,
        ):
            yield Tour(source_id, url, browser)


@pytest.mark.parametrize("way", ["tcp", "tls"])
async def test_tour_runs_through_one_open_tcp_port(inside: Room, relay: Relay, tmp_path: Path, way: str) -> None:
    """UDP and every other port are dropped without a word: the page finds the way by itself, and the tour goes on."""
    put_firewall(relay.inner, tcp_ports=(PORTS[way],))
    async with tour_behind(relay, inside, tmp_path) as tour:
        publisher, viewer = await tour.begin({"iceServers": addresses(relay, "udp", "tcp", "tls")})

        async def plays() -> bool:
            frames, width, height = await viewer.evaluate("() => window.seen()")
            samples, concealed = await viewer.evaluate("() => window.heard()")
            return bool(frames >= 120 and width * 9 == height * 16 and samples > 96_000 and concealed < samples / 4)

        await wait_until(plays, within_s=40)
        assert [await page.evaluate(PATH) for page in (publisher, viewer)] == [["relay", way]] * 2


async def test_relay_alone_carries_a_tour_where_nothing_is_closed(inside: Room, relay: Relay, tmp_path: Path) -> None:
    """By UDP to the relay, when the page is told to use nothing else."""
    only = {"iceServers": addresses(relay, "udp"), "iceTransportPolicy": "relay"}
    async with tour_behind(relay, inside, tmp_path) as tour:
        publisher, viewer = await tour.begin(only)

        async def plays() -> bool:
            return bool((await viewer.evaluate("() => window.seen()"))[0] >= 30)

        await wait_until(plays, within_s=40)
        assert [await page.evaluate(PATH) for page in (publisher, viewer)] == [["relay", "udp"]] * 2


@pytest.mark.parametrize("known", [False, True])
async def test_without_the_relay_the_firewall_holds(inside: Room, relay: Relay, tmp_path: Path, *, known: bool) -> None:
    """What the other tests rest on: the same page does not connect without the relay, nor with its secret guessed."""
    put_firewall(relay.inner, tcp_ports=(PORTS["tls"],))
    servers = [one | {"credential": "guessed"} for one in addresses(relay, "tls")] if known else []
    async with tour_behind(relay, inside, tmp_path) as tour:
        page = await tour.page({"iceServers": servers})
        await page.evaluate("window.publish({ width: 640, height: 360, frameRate: 15 })")
        await page.wait_for_function("() => window.pc.connectionState === 'failed'", timeout=40_000)
