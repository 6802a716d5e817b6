"""Opening videos with FFmpeg: every packet is read, one frame is decoded for the poster."""

import re
from datetime import datetime
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from evidence.intake.decoding.exif import clean, read_altitude
from evidence.intake.decoding.jobs import Found, Job, RefusedError
from evidence.intake.decoding.opened import Opened

DEMUXERS = {"video/mp4": "mov", "video/quicktime": "mov", "video/webm": "matroska"}
CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mjpeg"})
"""What phones, cameras and browsers record with; the hundreds of other decoders stay closed."""
POSTER_AT_S = 1.0
"""The first frames are often black."""
POSTER_PACKETS = 120
"""Packets that are decoded at most for it."""
WHOLE = 0.9
"""Share of the frames the index names that must be there; some phones count one or two too many."""
MOMENT_LENGTH = 40
PLACE = re.compile(r"([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)(?:([+-]\d{1,6}(?:\.\d+)?))?/?")
"""ISO 6709 as phones write it: degrees north, degrees east, metres."""


def open_video(job: Job) -> Opened:
    """Read a video whole and decode its poster.

    The demuxer is given an open file and its name, so that nothing inside can make it open another file or address.

    Raises: RefusedError; anything that a demuxer or decoder raises.
    """
    with Path(job["path"]).open("rb") as file, av.open(file, mode="r", format=DEMUXERS[job["media_type"]]) as container:
        if not container.streams.video:
            raise RefusedError("damaged")
        stream = container.streams.video[0]
        coded = stream.codec_context
        if coded.codec.canonical_name not in CODECS:
            raise RefusedError("unknown_codec")
        if coded.width * coded.height > job["max_pixels"]:
            raise RefusedError("too_many_pixels")
        coded.thread_count = 1  # each thread keeps pictures of its own
        found = Opened(job["media_type"], claims=_claims(container))
        found.facts = {"width_px": coded.width, "height_px": coded.height}
        _read(container, stream, found)
        return found


def _read(container: InputContainer, stream: VideoStream, found: Opened) -> None:
    """Read every packet, and decode until the poster's frame."""
    packets, shown, first, last = 0, None, None, 0.0
    for packet in container.demux(stream):
        if packet.dts is None:  # the end
            break
        packets += 1
        if packet.pts is not None and packet.time_base is not None:
            at = float(packet.pts * packet.time_base)
            first = at if first is None else min(first, at)
            last = max(last, at + float((packet.duration or 0) * packet.time_base))
        if shown is None or ((shown.time or 0.0) < POSTER_AT_S and packets < POSTER_PACKETS):
            shown = next(iter(packet.decode()), shown)
    if shown is None:
        shown = next(iter(stream.codec_context.decode(None)), None)
    if shown is None or packets < WHOLE * stream.frames:
        raise RefusedError("damaged")
    found.facts["duration_ms"] = round((last - (first or 0.0)) * 1000)
    found.picture = shown.to_image().rotate(  # type: ignore[no-untyped-call]
        shown.rotation, expand=True
    )


def _claims(container: InputContainer) -> Found:
    told = {name.lower(): value for name, value in container.metadata.items()}
    claims: Found = {
        "exif_captured_at": _moment(told.get("com.apple.quicktime.creationdate") or told.get("creation_time")),
        "device": clean(" ".join(told.get(f"com.apple.quicktime.{part}", "") for part in ("make", "model")).strip()),
        "software": clean(told.get("com.apple.quicktime.software") or told.get("encoder")),
    }
    place = PLACE.fullmatch(told.get("com.apple.quicktime.location.iso6709") or told.get("location") or "")
    if place:
        north, east, up = (None if part is None else float(part) for part in place.groups())
        if north is not None and east is not None and abs(north) <= 90 and abs(east) <= 180:  # noqa: PLR2004
            claims |= {"latitude_deg": north, "longitude_deg": east, "altitude_m": read_altitude(up, None)}
    return claims


def _moment(told: str | None) -> str | None:
    """Return a time as it is told, when it is one (ISO 8601)."""
    if told is None or len(told) > MOMENT_LENGTH:
        return None
    try:
        datetime.fromisoformat(told)
    except ValueError:
        return None
    return told
