"""What scanner and checks found out, as each side sees it; and evidence bytes from an origin of their own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from yarl import URL

from evidence.records import Json
from tests.http.house import Visitor, listed
from tests.parts import tus
from tests.parts.files import heic, jpeg, pdf
from tests.parts.others import ScannerServer, clamd_server, eicar
from tests.parts.papers import DOCX, office
from tests.parts.running import LOOPBACK, free_port
from tests.parts.site import Site, open_site


@pytest.fixture
async def scanning_site(sqlite_database_url: str, tmp_path: Path, clamd: ScannerServer) -> AsyncIterator[Site]:
    """Serve the whole API with a malware scanner."""
    async with open_site(sqlite_database_url, tmp_path, clamd=f"{clamd.host}:{clamd.port}") as opened:
        yield opened


async def item_of(visitor: Visitor, site: Site) -> dict[str, Json]:
    (item,) = listed(await visitor.seen(f"{site.validation}/items"))
    return item


async def statuses(visitor: Visitor, item: str) -> list[int]:
    """Return what a visitor gets who asks for the original, the small picture and the first page."""
    found = []
    for part in ("content", "thumbnail", "pages/1"):
        async with visitor.client.get(f"/api/items/{item}/{part}") as response:
            found.append(response.status)
    return found


@pytest.mark.parametrize(
    "content", [eicar(), office(DOCX, {"word/embeddings/1.bin": eicar()})], ids=["plain", "zipped"]
)
async def test_only_government_learns_that_a_file_is_infected(scanning_site: Site, content: bytes) -> None:
    """Neither the sender's answer, the member's list nor the common log say more than that it is not taken."""
    site = scanning_site
    contact, lead = site.people["contact"], site.people["lead"]
    told = await tus.create(contact, site.ids["validation"], content, kind="document", filetype="", filename="a.txt")
    at = told.headers["Location"]
    told = await tus.patch(contact, at, content, offset=0)
    assert (told.status, told.problem["code"]) == (422, "not_accepted")
    theirs, ours = await item_of(contact, site), await item_of(lead, site)
    assert (theirs["state"], theirs["reason"], theirs["scan"], theirs["checks"]) == (
        "quarantined",
        "not_accepted",
        None,
        [],
    )
    assert isinstance(ours["scan"], dict)
    assert (ours["scan"]["verdict"], ours["scan"]["signature"]) == ("infected", "Local.Eicar-Body.UNOFFICIAL")
    assert str(ours["scan"]["engine"]).startswith("ClamAV ")
    common = [row for row in await site.entries("contact") if row["tag"] is not None]
    assert "infected" not in str(common)
    assert "Eicar" not in str(common)
    assert (await lead.get(f"/items/{ours['id']}/content"))[0] == 409


async def test_item_that_no_scanner_saw_is_not_clean(embedded_site: Site) -> None:
    await tus.upload(embedded_site.people["contact"], embedded_site.ids["validation"], jpeg())
    scan = (await item_of(embedded_site.people["lead"], embedded_site))["scan"]
    assert isinstance(scan, dict)
    assert (scan["verdict"], scan["reason"]) == ("not_scanned", "no_scanner")


async def test_item_that_came_while_the_scanner_was_away_is_scanned_later(
    sqlite_database_url: str, tmp_path: Path
) -> None:
    """An infected one is then shown no more, to nobody."""
    port = free_port()
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(open_site(sqlite_database_url, tmp_path, clamd=f"{LOOPBACK}:{port}"))
        content = jpeg() + eicar()
        told = await tus.upload(site.people["contact"], site.ids["validation"], content)
        await site.work()
        lead = site.people["lead"]
        assert (await lead.seen(f"/items/{told.item}"))["state"] == "filed"
        assert await statuses(lead, told.item) == [200, 200, 200]
        with ExitStack() as parts:
            await asyncio.to_thread(parts.enter_context, clamd_server(port))
            site.clock.move(timedelta(minutes=6))
            await site.worked_until("evidence.item_isolated")
        seen = await lead.seen(f"/items/{told.item}")
        assert (seen["state"], seen["reason"]) == ("quarantined", "not_accepted")
        assert await statuses(lead, told.item) == [409, 404, 409]
        items = (await lead.seen(f"{site.validation}/snapshot"))["items"]
        assert isinstance(items, dict)
        assert str(items[told.item]).count("not_accepted") == 1


async def test_checks_are_told_to_government_with_their_reasons(site: Site) -> None:
    told = await tus.upload(site.people["contact"], site.ids["validation"], jpeg())
    assert (await site.people["lead"].seen(f"/items/{told.item}"))["checks"] == []
    await site.work()
    checks = (await site.people["lead"].seen(f"/items/{told.item}"))["checks"]
    assert isinstance(checks, list)
    said = {str(one["name"]): (one["outcome"], one["reason"]) for one in checks if isinstance(one, dict)}
    assert said["digest"] == ("pass", "as_sent")
    assert said["same_bytes"] == ("pass", "only_one")
    assert len(said) == 9
    assert (await site.people["contact"].seen(f"/items/{told.item}"))["checks"] == []


@pytest.mark.parametrize(
    ("content", "kind", "pages"),
    [(pdf(2), "document", [200, 200, 404]), (heic(), "photo", [200, 404, 404]), (office(DOCX), "document", [404] * 3)],
    ids=["pdf", "heic", "docx"],
)
async def test_pages_are_drawn_in_a_form_every_browser_shows(
    embedded_site: Site, content: bytes, kind: str, pages: list[int]
) -> None:
    site = embedded_site
    told = await tus.upload(site.people["contact"], site.ids["validation"], content, kind=kind, filetype="")
    for page, expected in enumerate(pages, 1):
        async with site.people["lead"].client.get(f"/api/items/{told.item}/pages/{page}") as response:
            assert response.status == expected
            if expected == 200:
                assert (response.content_type, (await response.read())[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert (await site.people["stranger"].get(f"/items/{told.item}/pages/1"))[0] == 404


async def test_bytes_come_from_an_origin_of_their_own(sqlite_database_url: str, tmp_path: Path) -> None:
    """The pages' origin sends on with a ticket; it opens one path for one login, and nothing else is there."""
    port = free_port()
    other = f"http://localhost:{port}"
    async with open_site(sqlite_database_url, tmp_path, port=port, content_url=other) as site:
        lead, stranger = site.people["lead"], site.people["stranger"]
        told = await tus.upload(site.people["contact"], site.ids["validation"], jpeg())
        path = f"/api/items/{told.item}/content"
        async with lead.client.get(path, allow_redirects=False) as response:
            place = response.headers["Location"]
            assert (response.status, response.headers["Cache-Control"]) == (307, "no-store")
            assert f"img-src 'self' blob: data: {other};" in response.headers["Content-Security-Policy"]
        assert place.startswith(f"{other}{path}?ticket=")
        nobody = await site.browser()
        async with nobody.client.get(URL(place, encoded=True), headers={"Range": "bytes=0-9"}) as response:
            assert (response.status, await response.read()) == (206, jpeg()[:10])
            assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert response.headers["Content-Security-Policy"].startswith("sandbox;")
        ticket = urlsplit(place).query
        for wrong in (f"/api/items/{told.item}?{ticket}", f"/api/me?{ticket}", "/", "/api/login"):
            async with lead.client.get(f"{other}{wrong}") as response:
                assert response.status == 404
        for wrong in (f"/api/items/{told.item}/thumbnail?{ticket}", path, f"{path}?ticket=x"):
            async with nobody.client.get(URL(f"{other}{wrong}", encoded=True)) as response:
                assert response.status == 401
        async with stranger.client.get(path, allow_redirects=False) as response:
            theirs = response.headers["Location"]
        async with nobody.client.get(URL(theirs, encoded=True)) as response:
            assert response.status == 404
        assert (await lead.client.delete("/api/login", headers=tus.OWN)).status == 204
        async with nobody.client.get(URL(place, encoded=True)) as response:
            assert response.status == 401
