"""Uploads over the wire: they go on where they stopped, and bytes that are not what they claim are never shown."""

import asyncio
import hashlib
import os
from uuid import UUID, uuid4

import pytest

from evidence.ids import CaseId, Digest, UploadId
from evidence.intake.staging import WRITE_BYTES
from evidence.objects.keys import object_key, quarantine_key
from evidence.records import Json
from tests.http.house import listed
from tests.parts import tus
from tests.parts.files import heic, html_named_jpg, jpeg, pdf, png, png_bomb
from tests.parts.site import Site
from tests.waiting import wait_until


async def stored(site: Site, content: bytes, *, apart: bool = False) -> bytes:
    """Return the bytes the store has of this content, among the good or among those put apart; empty for none."""
    digest = Digest(hashlib.sha256(content).hexdigest())
    key = (quarantine_key if apart else object_key)(CaseId(UUID(site.ids["validation"])), digest)
    path = site.services.settings.root / "objects" / key
    return await asyncio.to_thread(path.read_bytes) if await asyncio.to_thread(path.exists) else b""


async def test_photo_becomes_an_item_with_its_last_byte(site: Site) -> None:
    """The answer to the last PATCH names the item; entry and row say the digest the page computed."""
    content = jpeg()
    told = await tus.upload(site.people["contact"], site.ids["validation"], content, criterion_id="3.1")
    assert (told.status, told.offset) == (204, len(content))
    (item,) = listed(await site.people["lead"].seen(f"{site.validation}/items"))
    assert (item["id"], item["state"], item["criterion_ids"]) == (told.item, "admitted", ["3.1"])
    assert (item["filename"], item["bytes"]) == ("gate 2.jpg", len(content))
    (entry,) = await site.stated("evidence.item_admitted")
    assert (entry["item_id"], entry["digest"]) == (told.item, item["digest"])
    assert item["digest"] == hashlib.sha256(content).hexdigest()
    assert await stored(site, content) == content
    claims = item["claims"]
    assert isinstance(claims, dict)
    await site.work()
    filed = await site.people["lead"].seen(f"/items/{told.item}")
    assert (filed["state"], len(await site.stated("evidence.derivative_filed"))) == ("filed", 1)


@pytest.mark.parametrize(
    ("name", "content", "kind", "filetype"),
    [
        ("a.heic", heic(), "photo", ""),
        ("a.png", png(), "photo", "image/png"),
        ("a.pdf", pdf(), "document", "application/pdf"),
    ],
    ids=["heic", "png", "pdf"],
)
async def test_every_kind_gets_its_thumbnail(
    embedded_site: Site, name: str, content: bytes, kind: str, filetype: str
) -> None:
    """HEIC of a phone, PNG and PDF; the type is what the content is."""
    site = embedded_site
    lead = site.people["lead"]
    told = await tus.upload(lead, site.ids["validation"], content, filename=name, kind=kind, filetype=filetype)
    assert told.status == 204, told.problem
    assert (await lead.get(f"/items/{told.item}/thumbnail"))[0] == 404
    await site.work()
    async with lead.client.get(f"/api/items/{told.item}/thumbnail") as response:
        small = await response.read()
        assert (response.status, response.content_type, small[:3]) == (200, "image/jpeg", b"\xff\xd8\xff")


async def test_upload_goes_on_where_the_server_says(site: Site) -> None:
    """In pieces, after a wrong offset, from another page of the same person."""
    content, contact = jpeg(), site.people["contact"]
    created = await tus.create(contact, site.ids["validation"], content)
    at = created.headers["Location"]
    assert (created.status, created.headers["Tus-Resumable"]) == (201, "1.0.0")
    assert (await tus.patch(contact, at, content[:1000], offset=0)).offset == 1000
    for wrong in (0, 999, 1001):
        refused = await tus.patch(contact, at, content[1000:], offset=wrong)
        assert (refused.status, refused.problem["code"]) == (409, "offset_conflict")
        assert (refused.problem["expected"], refused.problem["offered"]) == (1000, wrong)
    seen = await tus.head(contact, at)
    assert (seen.status, seen.offset, seen.headers["Upload-Length"]) == (200, 1000, str(len(content)))
    assert "Sightline-Item" not in seen.headers
    assert (await tus.patch(contact, at, b"", offset=1000)).offset == 1000
    done = await tus.patch(contact, at, content[1000:], offset=1000)
    assert (done.status, (await tus.head(contact, at)).item) == (204, done.item)
    assert await stored(site, content) == content
    again = await tus.patch(contact, at, b"x", offset=len(content))
    assert (again.status, again.problem["code"]) == (409, "upload_finished")


async def test_torn_line_keeps_what_arrived(embedded_site: Site) -> None:
    """A phone that loses its line in the middle of a PATCH goes on from what the server had synced by then."""
    site = embedded_site
    content, contact = jpeg() + os.urandom(6_000_000), site.people["contact"]
    at = (await tus.create(contact, site.ids["validation"], content)).headers["Location"]
    reader, writer = await asyncio.open_connection("127.0.0.1", site.services.settings.port)
    head = (
        f"PATCH {at} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sightline_login={contact.cookie('sightline_login')}\r\n"
        "Tus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    writer.write(head.encode() + content[:5_000_000])
    await writer.drain()

    async def kept() -> int:
        return (await tus.head(contact, at)).offset

    await wait_until(kept)
    writer.transport.abort()
    assert await reader.read() == b""

    async def resumed() -> bool:
        have = await kept()
        assert WRITE_BYTES <= have <= 5_000_000
        return (await tus.patch(contact, at, content[have:], offset=have)).status == 204

    await wait_until(resumed)
    assert await stored(site, content) == content


async def test_server_that_died_before_the_item_finishes_it_when_asked(site: Site) -> None:
    """Every byte was acknowledged, the item was not made: asking how far it is makes it, once."""
    content, contact = jpeg(), site.people["contact"]
    at = (await tus.create(contact, site.ids["validation"], content)).headers["Location"]
    await tus.patch(contact, at, content[:500], offset=0)
    staging = site.services.intake.staging
    upload_id = UploadId(UUID(at.rpartition("/")[2]))
    await staging.append_chunk(upload_id, content[500:], offset=500, bytes_total=len(content))
    await site.stop_api()
    await site.start_api()
    answers = await asyncio.gather(*(tus.head(contact, at) for _ in range(4)))
    assert {(told.status, told.offset, told.item) for told in answers} == {(200, len(content), answers[0].item)}
    assert len(await site.stated("evidence.item_admitted")) == 1


@pytest.mark.parametrize(
    ("content", "fields", "code"),
    [
        (jpeg(), {"sha256": "0" * 64}, "digest_mismatch"),
        (html_named_jpg(), {}, "type_mismatch"),
        (html_named_jpg(), {"filetype": ""}, "type_not_allowed"),
        (jpeg()[:2000], {}, "unreadable_file"),
        (png_bomb(), {"filetype": "image/png"}, "unreadable_file"),
        (pdf(), {}, "type_mismatch"),
        (b"%PDF-1.4 nothing", {"kind": "document", "filetype": "application/pdf"}, "unreadable_file"),
    ],
    ids=["digest", "html", "html-undeclared", "half-jpeg", "bomb", "pdf-named-jpg", "half-pdf"],
)
async def test_lying_file_is_refused_and_kept_apart(
    site: Site, content: bytes, fields: dict[str, str], code: str
) -> None:
    """A clear problem; nothing good is stored or shown, and nothing is lost."""
    contact = site.people["contact"]
    at = (await tus.create(contact, site.ids["validation"], content, **fields)).headers["Location"]
    told = await tus.patch(contact, at, content, offset=0)
    assert (told.status, told.problem["code"]) == (422, code)
    assert "Sightline-Item" not in told.headers
    assert await stored(site, content) == b""
    assert await stored(site, content, apart=True) == content
    (entry,) = await site.stated("evidence.item_quarantined")
    assert entry["reason"] == code
    assert await site.stated("evidence.item_admitted") == []
    (item,) = listed(await site.people["lead"].seen(f"{site.validation}/items"))
    assert (item["state"], item["reason"]) == ("quarantined", code)
    status, problem = await site.people["lead"].get(f"/items/{item['id']}/content")
    assert (status, problem["code"]) == (409, "item_quarantined")
    assert await site.work() == 0
    asked = await tus.head(contact, at)
    assert (asked.status, "Sightline-Item" in asked.headers) == (422, False)
    more = await tus.patch(contact, at, b"x", offset=len(content))
    assert (more.status, more.problem["code"], more.problem["reason"]) == (422, "upload_refused", code)


async def test_file_that_is_too_long_is_refused_before_its_bytes(embedded_site: Site) -> None:
    """By what is announced, and by what is sent beyond it."""
    contact, validation = embedded_site.people["contact"], embedded_site.ids["validation"]
    headers = {"Upload-Length": str(10**12), "Upload-Metadata": tus.metadata(**fields(validation))}
    async with contact.client.post("/api/uploads", headers=tus.OWN | headers) as response:
        assert (response.status, (await response.json())["code"]) == (413, "file_too_large")
    at = (await tus.create(contact, validation, b"abc")).headers["Location"]
    told = await tus.patch(contact, at, b"abcd", offset=0)
    assert (told.status, told.problem["code"]) == (413, "file_too_large")
    assert (await tus.head(contact, at)).offset == 0


def fields(validation_id: str) -> dict[str, str]:
    """Return metadata that is in order."""
    return {"validation_id": validation_id, "kind": "photo", "filename": "a.jpg", "sha256": "0" * 64}


@pytest.mark.parametrize(
    ("length", "told"),
    [
        ("", {}),
        ("-1", {}),
        ("1e3", {}),
        ("9" * 16, {}),
        ("5", {"kind": "weapon"}),
        ("5", {"sha256": "abc"}),
        ("5", {"colour": "red"}),
        ("5", {"captured_at_device": "2026-11-24T09:00"}),
        ("5", {"filename": "a\nb"}),
        ("5", {"stop_id": "none"}),
    ],
)
async def test_malformed_wish_is_refused(embedded_site: Site, length: str, told: dict[str, str]) -> None:
    """Each names the header that is wrong."""
    contact = embedded_site.people["contact"]
    told = fields(embedded_site.ids["validation"]) | told
    headers = tus.OWN | {"Upload-Length": length, "Upload-Metadata": tus.metadata(**told)}
    async with contact.client.post("/api/uploads", headers=headers) as response:
        problem = await response.json()
        assert (response.status, problem["code"]) == (422, "request_invalid")
        assert problem["errors"][0]["where"].startswith("header.Upload-")


@pytest.mark.parametrize("header", ["", "kind", "kind !!!", "kind \u00e9", "kind " + "QUJD" * 2010, "kind /w=="])
async def test_unreadable_metadata_is_refused(embedded_site: Site, header: str) -> None:
    """Not base64, not UTF-8, endless."""
    contact = embedded_site.people["contact"]
    headers = tus.OWN | {"Upload-Length": "5", "Upload-Metadata": header}
    async with contact.client.post("/api/uploads", headers=headers) as response:
        assert (response.status, (await response.json())["code"]) == (422, "request_invalid")


async def test_reference_outside_the_validation_is_refused(embedded_site: Site) -> None:
    """A criterion, stop, still or session that is not of this validation."""
    contact, validation = embedded_site.people["contact"], embedded_site.ids["validation"]
    wrong = {
        "criterion_id": ("99.9", "criterion_not_found"),
        "stop_id": (str(uuid4()), "stop_not_found"),
        "still_id": (str(uuid4()), "still_not_found"),
        "validation_session_id": (str(uuid4()), "validation_not_found"),
    }
    for name, (value, code) in wrong.items():
        told = await tus.create(contact, validation, b"abc", **{name: value})
        assert (told.status, told.problem["code"]) == (404, code)


async def test_upload_is_its_senders_own(site: Site) -> None:
    """Not a stranger's, not another participant's: no one else learns of it, adds to it, or ends it."""
    content, contact = jpeg(), site.people["contact"]
    at = (await tus.create(contact, site.ids["validation"], content)).headers["Location"]
    for name in ("stranger", "lead", "reviewer", "operator"):
        other = site.people[name]
        assert (await tus.head(other, at)).status == 404
        for told in (await tus.patch(other, at, content, offset=0), await tus.cancel(other, at)):
            assert told.status == 404
            assert told.problem["code"] in {"upload_not_found", "validation_not_found"}
    told = await tus.create(site.people["stranger"], site.ids["validation"], content)
    assert (told.status, told.problem["code"]) == (404, "validation_not_found")
    told = await tus.create(site.people["reviewer"], site.ids["validation"], content)
    assert (told.status, told.problem["code"]) == (403, "not_allowed")
    assert (await tus.patch(contact, at, content, offset=0)).status == 204


async def test_given_up_upload_is_gone(embedded_site: Site) -> None:
    """With its bytes."""
    site = embedded_site
    contact = site.people["contact"]
    at = (await tus.create(contact, site.ids["validation"], b"abc" * 99)).headers["Location"]
    await tus.patch(contact, at, b"abc", offset=0)
    assert (await tus.cancel(contact, at)).status == 204
    assert (await tus.head(contact, at)).status == 404
    left = await asyncio.to_thread(lambda: list((site.services.settings.root / "uploads").iterdir()))
    assert left == []


async def test_uploads_begin_at_a_bounded_rate(embedded_site: Site) -> None:
    """A hundred unfinished ones for one participant."""
    contact, validation = embedded_site.people["contact"], embedded_site.ids["validation"]
    told = [await tus.create(contact, validation, b"abc") for _ in range(101)]
    assert [one.status for one in told] == [201] * 100 + [409]
    assert told[-1].problem["code"] == "too_many_uploads"


async def test_still_that_was_asked_for_is_taken_by_its_upload(site: Site) -> None:
    """The phone's upload names it; it is taken once, at the stop and criterion it was asked for."""
    await site.go_live()
    phone, still = site.people["phone"], str(uuid4())
    await site.in_session("lead", "still.request", still_id=still, criterion_id="3.1")
    sent: dict[str, str] = {"kind": "still", "still_id": still, "camera": "full", "criterion_id": "3.1"}
    sent |= {"validation_session_id": site.ids["session"], "captured_at_device": "2026-11-24T09:30:05-06:00"}
    told = await tus.upload(phone, site.ids["validation"], jpeg(), **sent)
    assert told.status == 204, told.problem
    snapshot = await site.people["lead"].seen(f"{site.validation}/snapshot")
    stills, items = snapshot["stills"], snapshot["items"]
    assert isinstance(stills, dict)
    assert isinstance(items, dict)
    assert pick(stills[still], "state") == "taken"
    assert pick(items[told.item], "still_id") == still
    claims = (await site.people["lead"].seen(f"/items/{told.item}"))["claims"]
    assert pick(claims, "captured_at_device") == "2026-11-24T15:30:05Z"
    late = await tus.upload(phone, site.ids["validation"], jpeg(640, 480), **sent)
    assert late.status == 204, late.problem
    snapshot = await site.people["lead"].seen(f"{site.validation}/snapshot")
    assert {pick(pick(snapshot["items"], item), "still_id") for item in (told.item, late.item)} == {still}


async def test_page_cannot_say_that_the_server_took_the_picture(site: Site) -> None:
    await site.go_live()
    sent = {"kind": "photo", "camera": "server_frame"}
    told = await tus.create(site.people["phone"], site.ids["validation"], jpeg(), **sent)
    assert (told.status, told.problem["code"]) == (422, "request_invalid")


def pick(record: Json, name: str) -> Json:
    """Return a field of a record."""
    assert isinstance(record, dict)
    return record[name]
