"""Opening pictures with Pillow, and what their pixels say of them."""

import struct
from itertools import pairwise

import pi_heif
from PIL import ExifTags, Image, ImageChops, ImageFilter, ImageOps, ImageStat, JpegImagePlugin

from evidence.intake.decoding.exif import read_claims, read_signals
from evidence.intake.decoding.jobs import Found, Job, RefusedError
from evidence.intake.decoding.opened import Opened

THUMBNAIL_PX = 320
PAGE_PX = 1600
"""Longest side of a page that is drawn to be read."""
FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/heic": "HEIF",
    "image/avif": "AVIF",
    "image/webp": "WEBP",
    "image/tiff": "TIFF",
    "image/gif": "GIF",
}
HASH_SIDE = 16
LOOKED_AT_PX = 512
"""Longest side at which sharpness is measured, and side of the part whose pixels are looked at as they are."""
DARK = 40
"""Grey levels of 0 to 255 below this are dark."""
SMALLEST_STEP = 2
"""Grey levels between two neighbours of the hash that are more than noise."""
CLEARLY = 0.02
"""Share of the picture's contrast (standard deviation) that a step must have to count."""
LONGEST_PERIOD = 24
"""Pixels between two lines of a filmed screen's raster that are looked for."""
STANDARD_LUMINANCE = 3688
"""Sum of the example quantization table of ITU-T T.81, annex K.1, which libjpeg calls quality 50."""


def register() -> None:
    """Make Pillow open HEIC."""
    pi_heif.register_heif_opener()


def open_picture(job: Job) -> Opened:
    """Decode a picture; every bit of it is looked at, also when a smaller copy is all that is wanted.

    Raises: RefusedError; anything that a decoder raises.
    """
    Image.MAX_IMAGE_PIXELS = job["max_pixels"]
    with Image.open(job["path"], formats=[FORMATS[job["media_type"]]]) as picture:
        if picture.width * picture.height > job["max_pixels"]:
            raise RefusedError("too_many_pixels")
        exif = picture.getexif()
        # The metadata first: it is read from the file when it is asked for, and a TIFF's pages are counted by going on.
        claims = read_claims(exif)
        signals = read_signals(exif) if job["task"] == "examine" else {}
        found = Opened(job["media_type"], facts=_facts(picture, exif), claims=claims)
        if job["task"] == "draw" and job["page"] > 0:
            picture.seek(job["page"])
        if job["task"] != "examine":
            # A JPEG is read at a smaller scale, which costs a quarter.
            side = 2 * (PAGE_PX if job["task"] == "draw" else THUMBNAIL_PX)
            picture.draft("RGB", (side, side))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        if job["task"] == "examine":
            found.signals = signals | _coding(picture) | measure(upright)
        found.picture = upright
        return found


def _facts(picture: Image.Image, exif: Image.Exif) -> Found:
    orientation = exif.get(ExifTags.Base.Orientation, 1)
    facts: Found = {"width_px": picture.width, "height_px": picture.height}
    facts["orientation"] = orientation if orientation in range(1, 9) else 1
    if picture.format == "TIFF":
        pages: int = getattr(picture, "n_frames", 1)
        if pages > 1:
            facts["pages"] = pages
    return facts


def _coding(picture: Image.Image) -> Found:
    """Return how a JPEG was compressed: its quality as libjpeg counts, and whether it is progressive."""
    if not isinstance(picture, JpegImagePlugin.JpegImageFile) or not picture.quantization:
        return {}
    scale = sum(picture.quantization[min(picture.quantization)]) / STANDARD_LUMINANCE * 100
    quality = (200 - scale) / 2 if scale < 100 else 5000 / scale  # noqa: PLR2004  (libjpeg, jpeg_quality_scaling)
    return {"jpeg_quality": round(min(max(quality, 1), 100)), "jpeg_progressive": int("progressive" in picture.info)}


def measure(picture: Image.Image) -> Found:
    """Return sharpness, darkness, raster and hash of a picture, see `intake.signals`."""
    grey = _grey(picture)
    small = grey.copy()
    small.thumbnail((LOOKED_AT_PX, LOOKED_AT_PX), Image.Resampling.BOX)
    edges = small.filter(ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128))
    inner = edges.crop((1, 1, max(edges.width - 1, 2), max(edges.height - 1, 2)))
    dark = sum(small.histogram()[:DARK]) / (small.width * small.height)
    digest, steps = difference_hash(grey)
    return {
        "sharpness": round(ImageStat.Stat(inner).var[0], 2),
        "dark_share": round(dark, 4),
        "raster": round(max(_raster(grey), _raster(grey.transpose(Image.Transpose.TRANSPOSE))), 4),
        "picture_hash": digest,
        "hash_steps": steps,
    }


def _grey(picture: Image.Image) -> Image.Image:
    return flatten(picture).convert("L")


def flatten(picture: Image.Image) -> Image.Image:
    """Return the picture in RGB, on white where it is transparent."""
    if picture.mode.startswith("I"):  # 16 bits a pixel, of a scanner; Pillow would cut them off at 255
        return picture.convert("I").point(lambda level: level / 256).convert("L").convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    flat = Image.new("RGB", picture.size, "white")
    seen = picture.convert("RGBA")
    flat.paste(seen, mask=seen.getchannel("A"))
    return flat


def difference_hash(grey: Image.Image) -> tuple[str, int]:
    """Return 256 bits as 64 hexadecimal digits, and how many neighbours differ by more than noise.

    Bit by bit, row by row: whether a field of a 17 by 16 copy is clearly brighter than its right neighbour. Fields are
    not rounded to whole grey levels, and 'clearly' is measured by the picture's own contrast, so that recompression,
    size and brightness turn few bits, also where there is only sky.
    """
    width = HASH_SIDE + 1
    small = grey.resize((8 * width, 8 * HASH_SIDE), Image.Resampling.BILINEAR).convert("F")
    small = small.resize((width, HASH_SIDE), Image.Resampling.BILINEAR)
    fields = struct.unpack(f"{width * HASH_SIDE}f", small.tobytes())
    clearly, bits, steps = CLEARLY * ImageStat.Stat(small).stddev[0], 0, 0
    for at, (left, right) in enumerate(pairwise(fields)):
        if at % width < HASH_SIDE:
            bits = bits << 1 | (left - right > clearly)
            steps += abs(left - right) >= SMALLEST_STEP
    return f"{bits:064x}", steps


def _raster(grey: Image.Image) -> float:
    """Return how strongly the picture repeats itself across, 0 to 1: how far the differences to itself fall again.

    A scene differs from itself the more, the further it is moved. A filmed screen differs least when it is moved by
    the distance of its lines.
    """
    side = LOOKED_AT_PX // 2
    if min(grey.size) < 2 * side:
        return 0.0
    left, top = (grey.width - 2 * side) // 2, (grey.height - 2 * side) // 2
    part = grey.crop((left, top, left + 2 * side, top + 2 * side))
    # Without the large shapes, or they hide the fine ones.
    fine = ImageChops.subtract(part, part.filter(ImageFilter.BoxBlur(LONGEST_PERIOD)), 1, 128)
    window = (0, 0, 2 * side - LONGEST_PERIOD - 1, 2 * side)
    base, highest, deepest = fine.crop(window), 0.0, 0.0
    for shift in range(1, LONGEST_PERIOD + 1):
        moved = fine.crop((window[0] + shift, window[1], window[2] + shift, window[3]))
        differs = ImageStat.Stat(ImageChops.difference(base, moved)).mean[0]
        highest = max(highest, differs)
        if highest > 2:  # noqa: PLR2004  (below two grey levels it is noise)
            deepest = max(deepest, (highest - differs) / highest)
    return deepest
