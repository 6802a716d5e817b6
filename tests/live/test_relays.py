"""The relay's addresses on their way to those who need them: pages by `/api/ice`, encoders by `Link`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from multidict import CIMultiDictProxy

from server.auth.limits import PROBES_PER_LOGIN, RELAY_PER_LOGIN
from server.auth.relay import relay_credential
from tests.media import offers
from tests.media.peers import WatchingPeer
from tests.parts.broadcasts import SDP, offer
from tests.parts.site import Site, media_beside, open_site
from tests.waiting import wait_until

RELAYS = ("turn:relay.test:3478?transport=udp", "turns:relay.test:443?transport=tcp")
SECRET = "of the relay"


def link(url: str, expires_s: int, holder: str) -> str:
    """Return the header of one address as RFC 9725, 4.6 writes it."""
    name, password = relay_credential(SECRET, holder, expires_at=datetime.fromtimestamp(expires_s, UTC))
    fields = f'username="{name}"; credential="{password}"; credential-type="password"'
    return f'<{url}>; rel="ice-server"; {fields}'


async def posted(site: Site, name: str, path: str, sdp: str) -> CIMultiDictProxy[str]:
    """Send an offer that is taken, and return the headers of the answer."""
    async with site.people[name].client.post(path, data=sdp, headers=SDP) as response:
        assert response.status == 201, await response.text()
        return response.headers


async def test_credentials_are_each_persons_own_and_end_soon(sqlite_database_url: str, tmp_path: Path) -> None:
    """A guest's by the participant's id, an account's by its own; nobody who is not signed in gets any."""
    relay = {"turn_urls": ",".join(RELAYS), "turn_secret": SECRET, "turn_life_s": 600}
    async with open_site(sqlite_database_url, tmp_path, **relay) as site:
        await site.join()
        began = site.clock()
        for name, holder in (("phone", site.ids["guest"]), ("lead", site.ids["lead"])):
            told = await site.people[name].seen("/ice")
            items, expires_at = told["items"], datetime.fromisoformat(str(told["expires_at"]))
            assert timedelta(seconds=600) <= expires_at - began < timedelta(seconds=660)
            username, credential = relay_credential(SECRET, holder, expires_at=expires_at)
            assert items == [{"urls": url, "username": username, "credential": credential} for url in RELAYS]
        status, refused = await (await site.browser()).get("/ice")
        assert (status, refused["code"]) == (401, "not_signed_in")


async def test_answers_of_whip_and_whep_name_the_relay(sqlite_database_url: str, tmp_path: Path) -> None:
    relay = {"turn_urls": ",".join(RELAYS), "turn_secret": SECRET}
    async with open_site(sqlite_database_url, tmp_path, **relay) as site, media_beside(site):
        await site.go_live()
        sent = await posted(site, "phone", f"/api/whip/{site.ids['session']}?kind=camera", offers.chromium("sendonly"))
        source_id = sent["Location"].rpartition("/")[2]
        seen = await posted(site, "lead", f"/api/whep/{source_id}", offers.chromium("recvonly"))
        for headers, holder in ((sent, site.ids["guest"]), (seen, site.ids["lead"])):
            links = headers.getall("Link")
            expires_s = int(links[0].partition('username="')[2].partition(":")[0])
            assert links == [link(url, expires_s, holder) for url in RELAYS]
        await site.stop_api()


async def test_deployment_without_a_relay_names_none(live_site: Site) -> None:
    """Media then goes directly or not at all; that is the state of one folder on one machine."""
    assert (await live_site.people["phone"].seen("/ice"))["items"] == []
    path = f"/api/whip/{live_site.ids['session']}?kind=camera"
    assert "Link" not in await posted(live_site, "phone", path, offers.chromium("sendonly"))


async def test_path_is_tried_without_consent_or_session(embedded_site: Site) -> None:
    """A guest whose session is days away connects to the media port; nothing is stated, and nothing sent is taken."""
    site = embedded_site
    await site.join()
    before = await site.entries()
    async with media_beside(site):
        peer = WatchingPeer("audio")
        site.on_close(peer.close)
        told = await offer(site, "phone", "/api/probes", await peer.offer())
        await peer.accept(told.answer)
        await wait_until(lambda: peer.pc.connectionState == "connected")
        refused = await offer(site, "phone", "/api/probes", offers.chromium("sendonly"))
        assert (refused.status, refused.problem["code"]) == (422, "offer_refused")
        assert await site.entries() == before
        await site.stop_api()


@pytest.mark.parametrize(("path", "amount"), [("/ice", RELAY_PER_LOGIN.amount), ("/probes", PROBES_PER_LOGIN.amount)])
async def test_asking_is_limited_by_login(embedded_site: Site, path: str, amount: int) -> None:
    """One login's flood does not take another's turn."""
    site, codes = embedded_site, list[object]()
    for name, times in (("lead", amount + 1), ("second", 1)):
        for _ in range(times):
            if path == "/ice":
                codes.append((await site.people[name].get(path))[1].get("code"))
            else:
                codes.append((await offer(site, name, f"/api{path}", "v=0")).problem["code"])
    passed = codes[0]
    assert codes == [passed] * amount + ["too_many_requests", passed]
