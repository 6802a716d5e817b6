"""The program of a decoding child: opens one hostile file after another inside limits it sets on itself.

Run as a script by `evidence.intake.imaging`, in isolated mode, so it imports nothing of ours. It reads one JSON line a
file, `{"path", "media_type", "max_pixels", "cpu_s"}`, and answers with one JSON line, followed by as many bytes of a
JPEG thumbnail as the line's `thumbnail_bytes` says.
"""

import io
import json
import math
import resource
import sys
import warnings
from collections.abc import Callable
from datetime import datetime
from typing import TypedDict

import pi_heif
import pypdfium2
from PIL import ExifTags, Image, ImageOps

THUMBNAIL_PX = 320
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/heic": "HEIF"}
Found = dict[str, str | int | float | None]


class Job(TypedDict):
    """One file to open."""

    path: str
    media_type: str
    max_pixels: int
    cpu_s: int


class RefusedError(Exception):
    """The file cannot be taken; the only argument is the fault's name."""


def limit_self(memory_bytes: int) -> None:
    """Give up memory beyond the bound (address space), core files and writing any file at all."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))


def limit_cpu(seconds: int) -> None:
    """End this process when the next file takes more than so many seconds of processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(
        resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + seconds, resource.RLIM_INFINITY)
    )


def open_picture(job: Job) -> tuple[Found, Found, Image.Image]:
    """Decode a picture whole and return facts, claims and a small upright copy."""
    Image.MAX_IMAGE_PIXELS = job["max_pixels"]
    with Image.open(job["path"], formats=[FORMATS[job["media_type"]]]) as picture:
        if picture.width * picture.height > job["max_pixels"]:
            raise RefusedError("too_many_pixels")
        exif = picture.getexif()
        orientation = exif.get(ExifTags.Base.Orientation, 1)
        facts: Found = {"width_px": picture.width, "height_px": picture.height}
        facts["orientation"] = orientation if orientation in range(1, 9) else 1
        claims = read_claims(exif)
        # A JPEG is read at a smaller scale; its every bit is looked at all the same.
        picture.draft("RGB", (2 * THUMBNAIL_PX, 2 * THUMBNAIL_PX))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        return facts, claims, upright


def open_pdf(job: Job) -> tuple[Found, Found, Image.Image]:
    """Count a document's pages and draw the first one small."""
    try:
        document = pypdfium2.PdfDocument(job["path"])
    except pypdfium2.PdfiumError as error:
        raise RefusedError("encrypted" if "password" in str(error).lower() else "damaged") from None
    try:
        if len(document) == 0:
            raise RefusedError("damaged")
        page = document[0]
        width, height = page.get_size()
        drawn = page.render(scale=THUMBNAIL_PX / max(width, height, 1.0)).to_pil()
        return {"pages": len(document)}, {}, drawn
    finally:
        document.close()


def make_thumbnail(picture: Image.Image) -> bytes:
    """Return a JPEG of at most 320 by 320 pixels on white, without any metadata."""
    picture.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
    flat = Image.new("RGB", picture.size, "white")
    seen = picture.convert("RGBA")
    flat.paste(seen, mask=seen.getchannel("A"))
    written = io.BytesIO()
    flat.save(written, "JPEG", quality=82)
    return written.getvalue()


def read_claims(exif: Image.Exif) -> Found:
    """Return what EXIF claims of time, place and device; anything odd in it is left out."""
    detail, place = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    makers = [clean(exif.get(tag)) for tag in (ExifTags.Base.Make, ExifTags.Base.Model)]
    return {
        "exif_captured_at": read_time(
            detail.get(ExifTags.Base.DateTimeOriginal), detail.get(ExifTags.Base.OffsetTimeOriginal)
        ),
        "latitude_deg": read_angle(place.get(ExifTags.GPS.GPSLatitude), place.get(ExifTags.GPS.GPSLatitudeRef), 90),
        "longitude_deg": read_angle(place.get(ExifTags.GPS.GPSLongitude), place.get(ExifTags.GPS.GPSLongitudeRef), 180),
        "altitude_m": read_altitude(place.get(ExifTags.GPS.GPSAltitude), place.get(ExifTags.GPS.GPSAltitudeRef)),
        "device": " ".join(word for word in makers if word)[:200] or None,
        "software": clean(exif.get(ExifTags.Base.Software)),
    }


def clean(value: object) -> str | None:
    """Return printable text of up to 200 characters, None when nothing is left."""
    text = value if isinstance(value, str) else ""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:200] or None


def read_time(moment: object, offset: object) -> str | None:
    """Return EXIF time as ISO 8601, with the offset when the camera wrote a valid one."""
    text, zone = clean(moment) or "", clean(offset) or ""
    for written, form in ((text + zone, "%Y:%m:%d %H:%M:%S%z"), (text, "%Y:%m:%d %H:%M:%S")):
        try:
            return datetime.strptime(written, form).isoformat()  # noqa: DTZ007  (a claim without a zone stays one)
        except ValueError:
            continue
    return None


def read_angle(parts: object, side: object, limit: int) -> float | None:
    """Return degrees with the sign of the hemisphere, to 7 decimals (1 cm), None when out of range or unreadable."""
    if not isinstance(parts, tuple) or len(parts) != 3 or side not in {"N", "S", "E", "W"}:  # noqa: PLR2004  (degrees, minutes, seconds)
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    angle = degrees + minutes / 60 + seconds / 3600
    return round(-angle if side in {"S", "W"} else angle, 7) if 0 <= angle <= limit else None


def read_altitude(value: object, below: object) -> float | None:
    """Return metres above sea level to 1 cm, negative below it, None when out of range or unreadable."""
    try:
        metres = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    metres = -metres if below in {1, b"\x01"} else metres
    return round(metres, 2) if -12_000 <= metres <= 100_000 else None  # noqa: PLR2004  (deeper than any sea, space)


OPENERS: dict[str, Callable[[Job], tuple[Found, Found, Image.Image]]] = {
    **dict.fromkeys(FORMATS, open_picture),
    "application/pdf": open_pdf,
}


def answer(job: Job) -> tuple[dict[str, object], bytes]:
    """Open one file and return the answer's line and the thumbnail."""
    limit_cpu(job["cpu_s"])
    try:
        facts, claims, picture = OPENERS[job["media_type"]](job)
        thumbnail = make_thumbnail(picture)
    except RefusedError as error:
        return {"fault": str(error), "thumbnail_bytes": 0}, b""
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return {"fault": "too_many_pixels", "thumbnail_bytes": 0}, b""
    except MemoryError:
        return {"fault": "too_costly", "thumbnail_bytes": 0}, b""
    except Exception:  # noqa: BLE001  (decoders raise anything on hostile bytes; this process exists to contain that)
        return {"fault": "damaged", "thumbnail_bytes": 0}, b""
    return {"facts": facts, "claims": claims, "thumbnail_bytes": len(thumbnail)}, thumbnail


def serve(memory_bytes: int) -> None:
    """Answer one job a line until the parent closes the pipe."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    pi_heif.register_heif_opener()
    limit_self(memory_bytes)
    sys.stdout.buffer.write(b"ready\n")
    sys.stdout.buffer.flush()
    for line in sys.stdin.buffer:
        head, thumbnail = answer(json.loads(line))
        sys.stdout.buffer.write(json.dumps(head, allow_nan=False).encode() + b"\n" + thumbnail)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
