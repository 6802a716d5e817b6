"""Every type that is taken, and traps of each kind: what is good opens, what is not ends with a name."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from evidence.intake.errors import UnreadableFile
from evidence.intake.imaging import Imaging, Opened
from evidence.intake.rules import Fault
from evidence.intake.sniff import sniff
from evidence.items.rules import Facts
from tests.parts import files, papers

CREATED = "2026-11-24T15:30:05.000000Z"
SIDES = {"width_px": 400, "height_px": 300}
FILM = Facts(width_px=320, height_px=240, duration_ms=2000)


@pytest.fixture
async def imaging() -> AsyncIterator[Imaging]:
    pool = Imaging(size=1)
    yield pool
    await pool.close()


async def opened(imaging: Imaging, tmp_path: Path, content: bytes, media_type: str | None = None) -> Opened:
    path = tmp_path / "file"
    path.write_bytes(content)
    return await imaging.open(path, media_type or sniff(content[:4096]))


async def fault(imaging: Imaging, tmp_path: Path, content: bytes, media_type: str | None = None) -> object:
    with pytest.raises(UnreadableFile) as refusal:
        await opened(imaging, tmp_path, content, media_type)
    return refusal.value.fields["reason"]


GOOD = [
    (papers.webp(), "image/webp", Facts(**SIDES)),
    (papers.avif(), "image/avif", Facts(**SIDES)),
    (papers.tiff(), "image/tiff", Facts(**SIDES)),
    (papers.tiff(3), "image/tiff", Facts(**SIDES, pages=3)),
    (papers.gif(), "image/gif", Facts(**SIDES)),
    (papers.video("mp4"), "video/mp4", FILM),
    (papers.video("mov"), "video/quicktime", FILM),
    (papers.video("webm"), "video/webm", FILM),
    (papers.office(papers.DOCX), papers.DOCX, Facts()),
    (papers.office(papers.XLSX), papers.XLSX, Facts()),
    (papers.office(papers.PPTX), papers.PPTX, Facts(pages=1)),
    ("Precinto n\u00ba 7\r\nok".encode(), "text/plain", Facts()),
    ("a;b\n1;\u00f1".encode("cp1252"), "text/plain", Facts()),
]


async def test_every_type_is_told_by_content_and_opens(imaging: Imaging, tmp_path: Path) -> None:
    for content, media_type, facts in GOOD:
        found = await opened(imaging, tmp_path, content)
        assert (found.media_type, found.facts) == (media_type, facts)
        assert (found.thumbnail[:3] == b"\xff\xd8\xff") == media_type.startswith(("image/", "video/"))


async def test_text_of_an_office_document_is_taken(imaging: Imaging, tmp_path: Path) -> None:
    for media_type in (papers.DOCX, papers.XLSX, papers.PPTX):
        assert (await opened(imaging, tmp_path, papers.office(media_type))).text.strip() == "Seal 0091842"


async def test_text_is_taken_whatever_its_encoding(imaging: Imaging, tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        found = await opened(imaging, tmp_path, "Puerta n\u00famero 7\r\n".encode(encoding))
        assert found.text == "Puerta n\u00famero 7\n"


async def test_claims_are_read_from_every_format_that_has_them(imaging: Imaging, tmp_path: Path) -> None:
    """Time, place and device, and turned upright as the metadata says; the bytes on disk stay as they were."""
    for form in ("JPEG", "PNG", "WEBP", "AVIF"):
        content = papers.written(files.picture(), form, exif=files.exif(orientation=6))
        found = await opened(imaging, tmp_path, content)
        assert (found.claims.latitude_deg, found.claims.longitude_deg) == files.PLACE
        assert (found.claims.exif_captured_at, found.claims.device) == ("2026-11-24T09:30:05-06:00", "Acme Phone 9")
        small = Image.open(io.BytesIO(found.thumbnail), formats=["JPEG"])
        assert small.size == (240, 320)
        assert dict(small.getexif()) == {}
        assert (tmp_path / "file").read_bytes() == content


async def test_video_tells_claims_and_is_upright(imaging: Imaging, tmp_path: Path) -> None:
    """Place and time as phones write them."""
    told = {"com.apple.quicktime.location.ISO6709": "+25.6866-100.3161+540.0/", "creation_time": CREATED}
    found = await opened(imaging, tmp_path, papers.video("mov", metadata=told))
    assert (found.claims.latitude_deg, found.claims.longitude_deg, found.claims.altitude_m) == (25.6866, -100.3161, 540)
    assert found.claims.exif_captured_at is not None
    assert found.claims.exif_captured_at.startswith("2026-11-24T15:30:05")


async def test_pages_are_drawn_to_be_read(imaging: Imaging, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(files.pdf(2))
    for page in (0, 1):
        assert (await imaging.draw(path, "application/pdf", page=page))[:3] == b"\xff\xd8\xff"
    with pytest.raises(UnreadableFile):
        await imaging.draw(path, "application/pdf", page=2)
    path.write_bytes(papers.office(papers.DOCX))
    assert await imaging.draw(path, papers.DOCX) == b""


MP4 = papers.video("mp4")
TRAPS = {
    "office bomb": (papers.office_bomb, Fault.TOO_LARGE_INSIDE),
    "office that lies": (papers.lying_office, Fault.DAMAGED),
    "tiff bomb": (papers.tiff_bomb, Fault.TOO_MANY_PIXELS),
    "gif bomb": (papers.gif_bomb, Fault.TOO_MANY_PIXELS),
    "way out": (lambda: papers.office(papers.DOCX, {"..//etc/passwd": b"x"}), Fault.UNSAFE_NAMES),
    "from the root": (lambda: papers.office(papers.DOCX, {"/etc/passwd": b"x"}), Fault.UNSAFE_NAMES),
    "of another system": (lambda: papers.office(papers.DOCX, {"c:\\windows\\x": b"x"}), Fault.UNSAFE_NAMES),
    "twice": (lambda: papers.office(papers.DOCX, {"WORD/Document.xml": b""}), Fault.UNSAFE_NAMES),
    "macros": (lambda: papers.office(papers.DOCX, {"word/vbaProject.bin": b"x"}), Fault.ACTIVE_CONTENT),
    "entities": (
        lambda: papers.office(papers.DOCX, {"word/comments.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}),
        Fault.DAMAGED,
    ),
    "plain zip": (lambda: papers.zipped({"a.txt": b"a"}), Fault.NOT_OFFICE),
    "picture and archive": (papers.picture_and_archive, Fault.POLYGLOT),
    "picture and page": (papers.picture_and_page, Fault.POLYGLOT),
    "picture and paper": (lambda: papers.written(files.picture(), "JPEG", comment=b"%PDF-1.4"), Fault.POLYGLOT),
    "paper and archive": (lambda: files.pdf() + papers.zipped({"a": b"a"}), Fault.POLYGLOT),
    "half a video": (lambda: MP4[: len(MP4) // 2], Fault.DAMAGED),
    "half a document": (lambda: papers.office(papers.DOCX)[:-30], Fault.DAMAGED),
    "binary text": (lambda: b"a" * 5000 + b"\x00\x01", Fault.DAMAGED),
}


async def test_every_trap_ends_with_its_name(imaging: Imaging, tmp_path: Path) -> None:
    """And a good file opens after all of them."""
    ended = {name: await fault(imaging, tmp_path, make()) for name, (make, _) in TRAPS.items()}
    assert ended == {name: expected for name, (_, expected) in TRAPS.items()}
    assert (await opened(imaging, tmp_path, files.png())).facts.width_px == 400


async def test_paper_that_unpacks_to_gigabytes_costs_its_child_alone(imaging: Imaging, tmp_path: Path) -> None:
    """PDFium gives up on the picture, or the child meets its limit; the machine feels neither."""
    path = tmp_path / "bomb.pdf"
    path.write_bytes(papers.pdf_bomb())
    try:
        ended = str((await imaging.open(path, "application/pdf")).facts.pages)
    except UnreadableFile as refusal:
        ended = str(refusal.fields["reason"])
    assert ended in {"1", Fault.DAMAGED, Fault.TOO_COSTLY}
    assert (await opened(imaging, tmp_path, files.png())).facts.width_px == 400
