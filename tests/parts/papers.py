"""More files that people send: other pictures, office documents, videos; and traps of each kind."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from fractions import Fraction

import av
from PIL import Image

from tests.parts.files import exif, jpeg, picture

OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX, PPTX = (
    OFFICE + part for part in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
)
_PARTS = {
    DOCX: ("word/document.xml", "wordprocessingml.document"),
    XLSX: ("xl/workbook.xml", "spreadsheetml.sheet"),
    PPTX: ("ppt/presentation.xml", "presentationml.presentation"),
}
_TEXTS = {
    DOCX: ("word/document.xml", "<w:document><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:document>"),
    XLSX: ("xl/sharedStrings.xml", "<sst><si><t>{}</t></si></sst>"),
    PPTX: ("ppt/slides/slide1.xml", "<p:sld><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:sld>"),
}


def written(shown: Image.Image, form: str, **options: object) -> bytes:
    """Return a picture in a format of Pillow's."""
    content = io.BytesIO()
    shown.save(content, form, **options)
    return content.getvalue()


def webp(width: int = 400, height: int = 300) -> bytes:
    """Return a WebP with EXIF."""
    return written(picture(width, height), "WEBP", quality=90, exif=exif())


def avif(width: int = 400, height: int = 300) -> bytes:
    """Return an AVIF with EXIF."""
    return written(picture(width, height), "AVIF", quality=80, exif=exif())


def tiff(pages: int = 1) -> bytes:
    """Return a TIFF of some pages, as scanners make them."""
    others = [picture(400, 300) for _ in range(pages - 1)]
    return written(picture(400, 300), "TIFF", compression="tiff_deflate", save_all=True, append_images=others)


def gif() -> bytes:
    """Return a GIF of two frames."""
    return written(picture(400, 300), "GIF", save_all=True, append_images=[Image.new("RGB", (400, 300))])


def office(media_type: str, more: Mapping[str, bytes] | None = None, *, text: str = "Seal 0091842") -> bytes:
    """Return an office document that says `text`. Args: more: content of further parts by name."""
    main, kind = _PARTS[media_type]
    name, body = _TEXTS[media_type]
    types = f'<Types><Override PartName="/{main}" ContentType="{OFFICE}{kind}.main+xml"/></Types>'
    parts = {"[Content_Types].xml": types.encode(), main: b"<a/>", name: body.format(text).encode()}
    return zipped(parts | dict(more or {}))


def zipped(parts: dict[str, bytes]) -> bytes:
    """Return a zip of these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return content.getvalue()


def video(form: str = "mp4", *, seconds: int = 2, metadata: Mapping[str, str] | None = None) -> bytes:
    """Return a video of `picture`, ten frames a second. Args: form: mp4, mov or webm."""
    content = io.BytesIO()
    options = {"movflags": "use_metadata_tags"} if form == "mov" else {}
    with av.open(content, "w", format=form, options=options) as container:
        container.metadata.update(metadata or {})
        stream = container.add_stream("libvpx" if form == "webm" else "libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for number in range(10 * seconds):
            frame = av.VideoFrame.from_image(picture(320, 240))  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = number, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return content.getvalue()


def office_bomb(inside: int = 600 * 1024 * 1024) -> bytes:
    """Return a document of some 600 kB that unpacks to `inside` bytes."""
    return office(DOCX, {"word/media/zeros": bytes(inside)})


def lying_office() -> bytes:
    """Return a document whose directory says that a part of 4 MB has 10 bytes."""
    whole = bytearray(office(DOCX, {"word/media/zeros": bytes(4_000_000)}))
    at = whole.rindex(b"PK\x01\x02", 0, whole.rindex(b"word/media/zeros"))
    whole[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(whole)


def tiff_bomb(side: int = 30_000) -> bytes:
    """Return a TIFF that decodes to `side` by `side` pixels."""
    strip = zlib.compress(bytes(side // 8 * side), 9)
    tags = {256: side, 257: side, 258: 1, 259: 8, 262: 1, 273: 8, 277: 1, 278: side, 279: len(strip)}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0" + struct.pack("<I", 8 + len(strip)) + strip + struct.pack("<H", len(tags)) + entries + bytes(4)


def gif_bomb(side: int = 60_000) -> bytes:
    """Return a GIF of a few bytes that says it has `side` by `side` pixels."""
    small = gif()
    return small[:6] + struct.pack("<HH", side, side) + small[10:]


def pdf_bomb(inside: int = 2_000_000_000) -> bytes:
    """Return a PDF of one picture that unpacks to `inside` bytes."""
    packer = zlib.compressobj(9)
    begin = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(10_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    stream = begin + block * (inside // 10_000_000) + packer.flush()
    side = int(inside**0.5)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 600]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
        b"<</Length 28>>stream\nq 600 0 0 600 0 0 cm /I Do Q\nendstream",
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (side, side, len(stream), stream),
    ]
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(places)
    return made + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(made)


def picture_and_archive() -> bytes:
    """Return a photograph with a zip behind it; each reader sees what it looks for."""
    return jpeg() + zipped({"run.js": b"alert(1)"})


def picture_and_page() -> bytes:
    """Return a photograph with a page in its comment."""
    shown = written(picture(), "JPEG", comment=b"<html><script>alert(1)</script>")
    assert b"<script" in shown[:4096]
    return shown
