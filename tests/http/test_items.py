"""Evidence on its way out: ranges, safe types, who may look, and each look stated once in ten minutes."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

import pytest

from evidence.records import Json
from tests.http.house import Visitor, listed
from tests.parts import tus
from tests.parts.files import jpeg, pdf
from tests.parts.site import Site

PHOTO = jpeg()


async def given(site: Site, content: bytes = PHOTO, **fields: str) -> str:
    """Let the member's contact upload a file and return the item's id."""
    told = await tus.upload(site.people["contact"], site.ids["validation"], content, **fields)
    assert told.status == 204, told.problem
    return told.item


async def taken(visitor: Visitor, path: str, **headers: str) -> tuple[int, bytes, Mapping[str, str]]:
    """Return status, bytes and headers of an answer."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with visitor.client.get(f"/api{path}", headers=sent) as response:
        return response.status, await response.read(), response.headers.copy()


async def test_photo_is_shown_and_can_run_nothing(embedded_site: Site) -> None:
    """The type the server found, no sniffing, a sandbox without scripts, and the digest as its tag."""
    item = await given(embedded_site)
    status, content, headers = await taken(embedded_site.people["lead"], f"/items/{item}/content")
    assert (status, content == PHOTO) == (200, True)
    assert (headers["Content-Type"], headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert headers["Content-Disposition"] == "inline; filename*=UTF-8''gate%202.jpg"
    assert headers["Cache-Control"] == "private, no-cache"
    assert "Cross-Origin-Resource-Policy" in headers
    status, content, again = await taken(
        embedded_site.people["lead"], f"/items/{item}/content", If_None_Match=headers["ETag"]
    )
    assert (status, content, again["ETag"]) == (304, b"", headers["ETag"])


async def test_what_a_browser_would_run_is_a_download(embedded_site: Site) -> None:
    """A PDF has scripts of its own; a copy that is asked for is one too."""
    document = await given(embedded_site, pdf(), kind="document", filetype="application/pdf", filename='a"b\u00e9.pdf')
    _, _, headers = await taken(embedded_site.people["lead"], f"/items/{document}/content")
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%22b%C3%A9.pdf"
    photo = await given(embedded_site)
    _, _, headers = await taken(embedded_site.people["lead"], f"/items/{photo}/content?download=true")
    assert headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("wanted", "expected", "part"),
    [
        ("bytes=0-0", PHOTO[:1], "bytes 0-0/{}"),
        ("bytes=100-199", PHOTO[100:200], "bytes 100-199/{}"),
        ("bytes=-10", PHOTO[-10:], "bytes {start}-{end}/{}"),
        ("bytes=0-99999999", PHOTO, "bytes 0-{end}/{}"),
        ("bytes=0-1,5-6", PHOTO, None),
        ("lines=1-2", PHOTO, None),
        ("bytes=-", PHOTO, None),
    ],
)
async def test_range_gives_these_very_bytes(
    embedded_site: Site, wanted: str, expected: bytes, part: str | None
) -> None:
    """One range is answered with it; what is not one range is answered whole."""
    item = await given(embedded_site)
    status, content, headers = await taken(embedded_site.people["lead"], f"/items/{item}/content", Range=wanted)
    size = len(PHOTO)
    assert content == expected
    assert int(headers["Content-Length"]) == len(expected)
    told = None if part is None else part.format(size, start=size - 10, end=size - 1)
    assert (status, headers.get("Content-Range")) == (200 if part is None else 206, told)


@pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=5-4"])
async def test_range_outside_is_refused(embedded_site: Site, wanted: str) -> None:
    """With the size there is."""
    item = await given(embedded_site)
    status, _, headers = await taken(embedded_site.people["lead"], f"/items/{item}/content", Range=wanted)
    assert (status, headers["Content-Range"]) == (416, f"bytes */{len(PHOTO)}")
    assert headers["Content-Type"].startswith("application/problem+json")


async def test_item_of_another_case_is_not_found(embedded_site: Site) -> None:
    """For the other company, for the operator, and for nobody's id alike."""
    item = await given(embedded_site)
    for name in ("stranger", "operator"):
        for path in ("", "/content", "/thumbnail"):
            refused = await embedded_site.people[name].get(f"/items/{item}{path}")
            unknown = await embedded_site.people[name].get(f"/items/{uuid4()}{path}")
            assert (refused[0], refused[1]["code"]) == (404, "item_not_found")
            assert {**refused[1], "item_id": ""} == {**unknown[1], "item_id": ""}
        assert (await embedded_site.people[name].get(f"{embedded_site.validation}/items"))[0] == 404
    nobody = await embedded_site.browser()
    assert (await nobody.get(f"/items/{item}/content"))[0] == 401


async def test_look_is_stated_once_in_ten_minutes(site: Site) -> None:
    """A page that reloads is one look; a copy is stated each time; the member neither makes nor reads the log less."""
    item = await given(site)
    lead, reviewer, contact = (site.people[name] for name in ("lead", "reviewer", "contact"))
    for _ in range(3):
        await taken(lead, f"/items/{item}/content")
        await taken(lead, f"/items/{item}/content", Range="bytes=0-9")
    await taken(reviewer, f"/items/{item}/content")
    await taken(contact, f"/items/{item}/content")
    assert [told(row) for row in await access(site)] == [("Lead", item), ("Reviewer", item), ("Contact", item)]
    site.clock.move(timedelta(minutes=10))
    await taken(lead, f"/items/{item}/content")
    for _ in range(2):
        await taken(lead, f"/items/{item}/content?download=true")
    rows = await access(site)
    assert [row["tag"] for row in rows[3:]] == ["access.viewed", "access.downloaded", "access.downloaded"]
    assert (await contact.get(f"{site.validation}/access-log"))[0] == 403
    assert (await site.people["operator"].get(f"{site.validation}/access-log"))[0] == 404
    assert {row["tag"] for row in await site.entries()} & {"access.viewed", "access.downloaded"} == set()


async def test_refused_bytes_are_no_look(embedded_site: Site) -> None:
    """What is not given out is not stated as seen."""
    told = await tus.upload(embedded_site.people["contact"], embedded_site.ids["validation"], PHOTO[:900])
    assert told.status == 422
    (item,) = listed(await embedded_site.people["lead"].seen(f"{embedded_site.validation}/items"))
    assert (await embedded_site.people["lead"].get(f"/items/{item['id']}/content"))[0] == 409
    assert await access(embedded_site) == []


async def access(site: Site) -> list[dict[str, Json]]:
    """Return the access log of the case."""
    return listed(await site.people["lead"].seen(f"{site.validation}/access-log"))


def told(row: dict[str, Json]) -> tuple[Json, Json]:
    """Return who looked at what."""
    actor, said = row["actor"], row["data"]
    assert isinstance(actor, dict)
    assert isinstance(said, dict)
    return actor["name"], said["subject_id"]


async def test_page_states_what_it_shows(embedded_site: Site) -> None:
    """The review is a look as well."""
    status, _ = await embedded_site.people["reviewer"].post(f"{embedded_site.validation}/views", {"subject": "review"})
    assert status == 204
    (row,) = await access(embedded_site)
    assert told(row) == ("Reviewer", embedded_site.ids["validation"])
    assert (await embedded_site.people["reviewer"].post(f"{embedded_site.validation}/views", {"subject": "x"}))[
        0
    ] == 422
    refused = await embedded_site.people["stranger"].post(f"{embedded_site.validation}/views", {"subject": "review"})
    assert refused[0] == 404


async def test_reader_who_goes_away_leaves_nothing_open(embedded_site: Site) -> None:
    """A player that seeks hangs up on the range before; that is no bug and keeps no file open."""
    item = await given(embedded_site, PHOTO + bytes(20_000_000))
    for _ in range(3):
        async with embedded_site.people["lead"].client.get(f"/api/items/{item}/content") as response:
            await response.content.readexactly(1000)
            response.close()
    status, content, _ = await taken(embedded_site.people["lead"], f"/items/{item}/content", Range="bytes=-5")
    assert (status, content) == (206, bytes(5))
