"""tus 1.0.0 by its text: version, what is offered, checksum, expiration, and the way through narrow networks."""

import asyncio
import hashlib
from base64 import b64encode

import pytest

from tests.http.house import Visitor
from tests.parts import tus
from tests.parts.files import jpeg
from tests.parts.site import Site


def checksum(content: bytes, algorithm: str = "sha256") -> str:
    """Return the value of Upload-Checksum."""
    return f"{algorithm} {b64encode(hashlib.new(algorithm, content).digest()).decode()}"


async def test_server_says_what_it_offers(embedded_site: Site) -> None:
    """Without a login, before anything is sent."""
    told = await tus.options(await embedded_site.browser())
    offered = {name: told.headers[name] for name in told.headers if name.startswith("Tus-")}
    assert (told.status, offered) == (
        204,
        {
            "Tus-Resumable": "1.0.0",
            "Tus-Version": "1.0.0",
            "Tus-Extension": "creation,checksum,expiration,termination",
            "Tus-Max-Size": str(2**31),
            "Tus-Checksum-Algorithm": "sha1,sha256",
        },
    )


async def test_another_version_is_refused(embedded_site: Site) -> None:
    """On each request, with the version there is; and every answer says that."""
    contact = embedded_site.people["contact"]
    at = (await tus.create(contact, embedded_site.ids["validation"], b"abc")).headers["Location"]
    told = await tus.patch(contact, at, b"abc", offset=0, Tus_Resumable="0.2.2")
    assert (told.status, told.problem["code"]) == (412, "tus_version_unsupported")
    assert (told.headers["Tus-Version"], told.headers["Tus-Resumable"]) == ("1.0.0", "1.0.0")
    assert (await tus.head(contact, at)).offset == 0
    for method in ("POST", "HEAD", "DELETE"):
        where = "/api/uploads" if method == "POST" else at
        async with contact.client.request(method, where, headers={"Sec-Fetch-Site": "same-origin"}) as response:
            assert response.status == 412


async def test_answer_tells_what_was_told_and_until_when(embedded_site: Site) -> None:
    contact = embedded_site.people["contact"]
    name = "puerta \u00f1.jpg"
    created = await tus.create(contact, embedded_site.ids["validation"], jpeg(), filename=name)
    at, until = created.headers["Location"], created.headers["Upload-Expires"]
    seen = await tus.head(contact, at)
    assert f"filename {b64encode(name.encode()).decode()}" in seen.headers["Upload-Metadata"].split(",")
    assert (seen.headers["Upload-Expires"], seen.headers["Cache-Control"]) == (until, "no-store")
    assert (await tus.patch(contact, at, jpeg()[:9], offset=0)).headers["Upload-Expires"] == until
    assert "Upload-Expires" not in (await tus.patch(contact, at, jpeg()[9:], offset=9)).headers


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
async def test_bytes_with_another_checksum_are_not_kept(embedded_site: Site, algorithm: str) -> None:
    """460, the offset stays, nothing is left of them; the same bytes with their own checksum go on."""
    site, content = embedded_site, jpeg()
    contact = site.people["contact"]
    at = (await tus.create(contact, site.ids["validation"], content)).headers["Location"]
    good = await tus.patch(contact, at, content[:700], offset=0, Upload_Checksum=checksum(content[:700], algorithm))
    assert (good.status, good.offset) == (204, 700)
    wrong = await tus.patch(contact, at, b"x" * 50, offset=700, Upload_Checksum=checksum(content[700:750], algorithm))
    assert (wrong.status, wrong.problem["code"], wrong.headers["Tus-Resumable"]) == (460, "checksum_mismatch", "1.0.0")
    assert (await tus.head(contact, at)).offset == 700
    left = await asyncio.to_thread(lambda: len(list((site.services.settings.root / "uploads").iterdir())))
    assert left == 1
    done = await tus.patch(contact, at, content[700:], offset=700, Upload_Checksum=checksum(content[700:], algorithm))
    assert done.status == 204
    assert (await site.stated("evidence.item_admitted"))[0]["digest"] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("header", ["md5 AAAA", "sha256", "sha256 !!!!", "crc32 AAAA", ""])
async def test_checksum_of_no_use_is_refused(embedded_site: Site, header: str) -> None:
    contact = embedded_site.people["contact"]
    at = (await tus.create(contact, embedded_site.ids["validation"], b"abc")).headers["Location"]
    told = await tus.patch(contact, at, b"abc", offset=0, Upload_Checksum=header)
    assert (told.status, told.problem["code"]) == (400, "checksum_unsupported")


async def test_checked_bytes_at_the_wrong_offset_or_too_many_are_refused(embedded_site: Site) -> None:
    contact = embedded_site.people["contact"]
    at = (await tus.create(contact, embedded_site.ids["validation"], b"abcdef")).headers["Location"]
    told = await tus.patch(contact, at, b"abc", offset=3, Upload_Checksum=checksum(b"abc"))
    assert (told.status, told.problem["code"]) == (409, "offset_conflict")
    told = await tus.patch(contact, at, b"abcdefg", offset=0, Upload_Checksum=checksum(b"abcdefg"))
    assert (told.status, told.problem["code"]) == (413, "file_too_large")
    assert (await tus.head(contact, at)).offset == 0


async def test_network_that_lets_only_post_through(embedded_site: Site) -> None:
    """`X-HTTP-Method-Override` is the method; another one is none of ours."""
    contact, content = embedded_site.people["contact"], jpeg()
    at = (await tus.create(contact, embedded_site.ids["validation"], content)).headers["Location"]
    told = await tus.post(contact, at, content[:10], offset=0, X_HTTP_Method_Override="PATCH")
    assert (told.status, told.offset) == (204, 10)
    told = await tus.post(contact, at, b"", offset=0, X_HTTP_Method_Override="HEAD")
    assert (told.status, told.offset) == (200, 10)
    assert (await tus.post(contact, at, b"", offset=0, X_HTTP_Method_Override="PUT")).status == 404
    assert (await tus.post(contact, at, b"", offset=0, X_HTTP_Method_Override="DELETE")).status == 204
    assert (await tus.head(contact, at)).status == 404


async def test_each_role_sends_as_much_as_it_needs(site: Site) -> None:
    """A phone that came by a link sends no film of a gigabyte, and not ten of half a one at a time."""
    phone, contact = await site.join(), site.people["contact"]
    film = {"kind": "video", "filename": "a.mp4", "filetype": "video/mp4", "sha256": "0" * 64}

    async def asked(visitor: Visitor, length: int) -> int:
        told = tus.metadata(validation_id=site.ids["validation"], **film)
        headers = tus.OWN | {"Upload-Length": str(length), "Upload-Metadata": told}
        async with visitor.client.post("/api/uploads", headers=headers) as response:
            return int(response.status)

    assert [await asked(contact, 2**30), await asked(contact, 2**31 + 1)] == [201, 413]
    assert [await asked(phone, 2**30), await asked(phone, 2**29)] == [413, 201]
    assert [await asked(phone, 2**29) for _ in range(4)] == [201, 201, 201, 409]
