"""Files that people send: good pictures and papers, made here, and the kinds of bad ones."""

import io
import random
import struct
import zlib
from fractions import Fraction

import av
from PIL import ExifTags, Image

PLACE = (38.8894833, -77.0352667)
"""Where the photographs claim to be, degrees north and east."""


def picture(width: int = 800, height: int = 600) -> Image.Image:
    """Return a picture whose four corners tell which way up it is: red top left, green top right, blue bottom left."""
    made = Image.new("RGB", (width, height), "white")
    half = (width // 2, height // 2)
    made.paste((220, 20, 20), (0, 0, *half))
    made.paste((20, 160, 20), (half[0], 0, width, half[1]))
    made.paste((20, 20, 220), (0, half[1], half[0], height))
    return made


def exif(*, orientation: int = 1) -> Image.Exif:
    """Return what a phone writes: device, time with its offset, and `PLACE` as degrees, minutes and seconds."""
    made = Image.Exif()
    made[ExifTags.Base.Orientation] = orientation
    made[ExifTags.Base.Make], made[ExifTags.Base.Model] = "Acme", "Phone 9\x00"
    detail = made.get_ifd(ExifTags.IFD.Exif)
    detail[ExifTags.Base.DateTimeOriginal] = "2026:11:24 09:30:05"
    detail[ExifTags.Base.OffsetTimeOriginal] = "-06:00"
    place = made.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (38.0, 53.0, 22.14)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "W", (77.0, 2.0, 6.96)
    place[ExifTags.GPS.GPSAltitudeRef], place[ExifTags.GPS.GPSAltitude] = b"\x00", 17.25
    return made


def jpeg(width: int = 800, height: int = 600, *, orientation: int = 1) -> bytes:
    """Return a photograph with EXIF. Args: orientation: EXIF value, 1 to 8; the stored pixels are `picture`'s."""
    written = io.BytesIO()
    picture(width, height).save(written, "JPEG", quality=90, exif=exif(orientation=orientation))
    return written.getvalue()


def png(width: int = 400, height: int = 300) -> bytes:
    """Return a PNG."""
    written = io.BytesIO()
    picture(width, height).save(written, "PNG")
    return written.getvalue()


def noise(width: int, height: int) -> bytes:
    """Return a PNG that no compression makes smaller: three bytes a pixel."""
    written = io.BytesIO()
    Image.frombytes("RGB", (width, height), random.Random(7).randbytes(width * height * 3)).save(written, "PNG")
    return written.getvalue()


def pdf(pages: int = 2) -> bytes:
    """Return a document of pictures."""
    written = io.BytesIO()
    first, *others = [picture() for _ in range(pages)]
    first.save(written, "PDF", save_all=True, append_images=others)
    return written.getvalue()


def png_bomb(side: int = 30_000) -> bytes:
    """Return a PNG of some 100 kB that decodes to `side` by `side` pixels, one bit each (PNG specification, 11.2)."""
    packer = zlib.compressobj(9)
    row = b"\x00" * (side // 8 + 1)
    body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + tag + content + struct.pack(">I", zlib.crc32(tag + content))
        for tag, content in (
            (b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)),
            (b"IDAT", body),
            (b"IEND", b""),
        )
    )


def costly_pdf(curves: int = 400_000) -> bytes:
    """Return a valid document of one page that takes many seconds of computing to draw."""
    strokes = zlib.compress(b"0 0 m 900 100 -300 500 600 600 c 300 -200 100 800 0 0 c f\n" * curves)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 600]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(strokes), strokes),
    ]
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(places)
    return made + table + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(made)


def html_named_jpg() -> bytes:
    """Return a page that would run its script if anybody served it as one."""
    return b"<!DOCTYPE html><html><script>document.title='run'</script></html>"


def heic(width: int = 640, height: int = 480) -> bytes:
    """Return `picture` as a HEIC of one HEVC picture, as phones make them (ISO/IEC 23008-12 and 14496-12)."""
    units = _hevc_units(picture(width, height))
    config = _hevc_config([unit for unit in units if _unit_type(unit) in {32, 33, 34}])
    slices = b"".join(struct.pack(">I", len(unit)) + unit for unit in units if _unit_type(unit) < 32)
    ftyp = _box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    extents = ftyp + _meta(config, width, height, at=0, length=len(slices))
    whole = ftyp + _meta(config, width, height, at=len(extents) + 8, length=len(slices))
    return whole + _box(b"mdat", slices)


def _hevc_units(shown: Image.Image) -> list[bytes]:
    encoder = av.CodecContext.create("libx265", "w")
    encoder.width, encoder.height, encoder.pix_fmt = shown.width, shown.height, "yuv420p"
    encoder.time_base = Fraction(1, 1)
    encoder.options = {"x265-params": "log-level=none:keyint=1:repeat-headers=1:info=0"}
    frame = av.VideoFrame.from_image(shown)  # type: ignore[no-untyped-call]
    packets = [*encoder.encode(frame.reformat(format="yuv420p")), *encoder.encode(None)]
    stream = b"".join(bytes(packet) for packet in packets)
    return [unit.rstrip(b"\x00") for unit in stream.split(b"\x00\x00\x01") if unit.strip(b"\x00")]


def _unit_type(unit: bytes) -> int:
    return unit[0] >> 1 & 0x3F


def _hevc_config(headers: list[bytes]) -> bytes:
    """Return an hvcC record for Main profile, 8 bit, 4:2:0 (ISO/IEC 14496-15, 8.3.3)."""
    fixed = bytes([1, 1]) + b"\x60\x00\x00\x00" + b"\x90\x00\x00\x00\x00\x00" + bytes([93])
    fixed += b"\xf0\x00\xfc\xfd\xf8\xf8\x00\x00\x0f" + bytes([len(headers)])
    return fixed + b"".join(
        bytes([0x80 | _unit_type(unit)]) + struct.pack(">HH", 1, len(unit)) + unit for unit in headers
    )


def _meta(config: bytes, width: int, height: int, *, at: int, length: int) -> bytes:
    handler = _box(b"hdlr", bytes(8) + b"pict" + bytes(13))
    items = _box(
        b"iinf", bytes(4) + struct.pack(">H", 1) + _box(b"infe", b"\x02" + bytes(3) + b"\x00\x01\x00\x00hvc1\x00")
    )
    shown = _box(b"ispe", bytes(4) + struct.pack(">II", width, height))
    properties = _box(
        b"iprp",
        _box(b"ipco", _box(b"hvcC", config) + shown)
        + _box(b"ipma", bytes(4) + struct.pack(">IHBBB", 1, 1, 2, 0x81, 2)),
    )
    places = _box(b"iloc", bytes(4) + b"\x44\x00" + struct.pack(">HHHHII", 1, 1, 0, 1, at, length))
    return _box(b"meta", bytes(4) + handler + _box(b"pitm", bytes(4) + b"\x00\x01") + places + items + properties)


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content
