"""The resources of WHIP and WHEP: fragments that renew a connection's ICE, and pages of other sites."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import uuid4

import pytest

from tests.media.peers import Tone
from tests.parts.broadcasts import hang_up, publish, watch
from tests.parts.site import Site

FRAGMENT = "a=ice-ufrag:{ufrag}\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
TYPE = "application/trickle-ice-sdpfrag"


class Told(NamedTuple):
    """An answer to a fragment."""

    status: int
    code: str
    etag: str
    text: str


async def patch(site: Site, name: str, location: str, headers: Mapping[str, str], ufrag: str = "fresh") -> Told:
    """Send a fragment as one of the people."""
    told = {"Content-Type": TYPE, **headers}
    async with site.people[name].client.patch(location, data=FRAGMENT.format(ufrag=ufrag), headers=told) as response:
        text = await response.text()
        problem = await response.json() if response.content_type == "application/problem+json" else {}
        return Told(response.status, str(problem.get("code", "")), response.headers.get("ETag", ""), text)


async def test_fragment_restarts_the_ice_of_the_session_it_means(live_site: Site) -> None:
    """Whoever does not say which is told to; whoever means one that has been restarted is told which it is now."""
    site = live_site
    source, _ = await publish(site, "phone", Tone(440), kind="microphone")
    viewer, _ = await watch(site, "lead", source.source_id, "audio")
    for name, location in (("phone", source.location), ("lead", viewer.location)):
        missing = await patch(site, name, location, {})
        assert (missing.status, missing.code) == (428, "precondition_missing")
        wrong = await patch(site, name, location, {"If-Match": '"another"'})
        assert (wrong.status, wrong.code) == (412, "ice_session_changed")
        restarted = await patch(site, name, location, {"If-Match": "*"})
        assert restarted.status == 200
        assert f"a=ice-ufrag:{restarted.etag.strip(chr(34))}\r\n" in restarted.text
        assert "a=candidate:" in restarted.text
        again = await patch(site, name, location, {"If-Match": restarted.etag})
        assert (again.status, again.etag, again.text) == (204, restarted.etag, "")
        assert (await patch(site, name, location, {"If-Match": '"' + "x" * 90 + '"'})).status == 412
    await hang_up(site, "phone", source.location)
    assert (await patch(site, "phone", source.location, {"If-Match": "*"})).code == "source_not_found"


async def test_fragment_of_somebody_else_or_of_another_kind_changes_nothing(live_site: Site) -> None:
    """Neither the resource of another person, nor a body that is no fragment, nor an endless one."""
    site = live_site
    source, _ = await publish(site, "phone", Tone(440), kind="microphone")
    anything = {"If-Match": "*"}
    assert (await patch(site, "lead", source.location, anything)).code == "source_not_found"
    assert (await patch(site, "stranger", source.location, anything)).code == "validation_not_found"
    assert (await patch(site, "phone", f"/api/whep/{source.source_id}/{uuid4()}", anything)).code == "not_found"
    typed = await patch(site, "phone", source.location, {**anything, "Content-Type": "application/sdp"})
    assert (typed.status, typed.code) == (415, "unsupported_media_type")
    unread = await patch(site, "phone", source.location, anything, ufrag="")
    assert (unread.status, unread.code) == (422, "offer_refused")
    endless = await patch(site, "phone", source.location, anything, ufrag="u" * 20_000)
    assert (endless.status, endless.code) == (413, "body_too_large")


@pytest.mark.parametrize("path", ["whip/{session}", "whep/{session}"])
async def test_page_of_another_site_may_ask_with_a_token(embedded_site: Site, path: str) -> None:
    """Preflight as RFC 9725 wants it; no cookie is ever invited, and no other route is opened."""
    client = embedded_site.people["lead"].client
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "PATCH"}
    async with client.options(f"/api/{path.format(**embedded_site.ids)}", headers=asked) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert set(response.headers["Access-Control-Allow-Methods"].split(", ")) >= {"POST", "PATCH", "DELETE"}
        assert "If-Match" in response.headers["Access-Control-Allow-Headers"]
        assert response.headers["Accept-Post"] == "application/sdp"
        assert "Access-Control-Allow-Credentials" not in response.headers
    async with client.post(f"/api/{path.format(**embedded_site.ids)}", data=b"v=0") as refused:
        assert refused.status == 415
        assert refused.headers["Access-Control-Expose-Headers"] == "Location, ETag, Link"
    async with client.options("/api/validations", headers=asked) as response:
        assert "Access-Control-Allow-Origin" not in response.headers
