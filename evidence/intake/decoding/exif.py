"""Reading EXIF: claims of a device about time, place and itself. Anything odd in it is left out."""

from datetime import datetime

from PIL import ExifTags, Image

from evidence.intake.decoding.jobs import Found

DEEPEST_M, HIGHEST_M = -12_000, 100_000
"""Deeper than any sea; space."""


def read_claims(exif: Image.Exif) -> Found:
    """Return what EXIF claims of time, place and device, in the fields of `items.rules.Claims`."""
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


def read_signals(exif: Image.Exif) -> Found:
    """Return what the metadata says of the file itself, to be held against the file: see `intake.signals`."""
    detail, place = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    note = detail.get(ExifTags.Base.UserComment)
    words = note.decode("ascii", "ignore") if isinstance(note, bytes) else str(note or "")
    return {
        "exif_tags": len(exif) + len(detail) + len(place),
        "exif_width_px": read_count(detail.get(ExifTags.Base.ExifImageWidth)),
        "exif_height_px": read_count(detail.get(ExifTags.Base.ExifImageHeight)),
        "exif_changed_at": read_time(exif.get(ExifTags.Base.DateTime), None),
        "gps_at": read_gps_time(place.get(ExifTags.GPS.GPSDateStamp), place.get(ExifTags.GPS.GPSTimeStamp)),
        "names_screen": int("screenshot" in words.lower()),
    }


def clean(value: object) -> str | None:
    """Return printable text of up to 200 characters, None when nothing is left."""
    text = value if isinstance(value, str) else ""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:200] or None


def read_count(value: object) -> int | None:
    """Return a positive whole number, None for anything else."""
    return value if isinstance(value, int) and 0 < value < 1 << 31 else None


def read_time(moment: object, offset: object) -> str | None:
    """Return EXIF time as ISO 8601, with the offset when the camera wrote a valid one."""
    text, zone = clean(moment) or "", clean(offset) or ""
    for written, form in ((text + zone, "%Y:%m:%d %H:%M:%S%z"), (text, "%Y:%m:%d %H:%M:%S")):
        try:
            return datetime.strptime(written, form).isoformat()  # noqa: DTZ007  (a claim without a zone stays one)
        except ValueError:
            continue
    return None


def read_gps_time(day: object, parts: object) -> str | None:
    """Return the satellites' time as ISO 8601 in UTC; None when there is none that can be read."""
    if not isinstance(parts, tuple) or len(parts) != 3:  # noqa: PLR2004  (hours, minutes, seconds)
        return None
    try:
        hours, minutes, seconds = (int(float(part)) for part in parts)
        return datetime.strptime(f"{clean(day)} {hours}:{minutes}:{seconds} +0000", "%Y:%m:%d %H:%M:%S %z").isoformat()
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
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
    return round(metres, 2) if DEEPEST_M <= metres <= HIGHEST_M else None
