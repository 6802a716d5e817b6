"""Which file a segment becomes, and how long one is that was left behind. Blocks; for an executor."""

from pathlib import Path
from typing import Protocol

import av
from av.error import FFmpegError

from server.media.cutting import FRAME_MS
from server.media.frames import EncodedFrame, TrackKind, VideoCodec
from server.media.mp4 import Mp4File
from server.media.reports import SegmentMediaType
from server.media.timeline import Sent
from server.media.webm import WebmFile


class SegmentFile(Protocol):
    """A file being written. Times are ms from its start."""

    def write(self, frame: EncodedFrame, at_ms: float) -> None:
        """Add a frame; the first picture is a key frame. Raises: FFmpegError."""
        ...

    def close(self) -> None:
        """Write what is left and close the file."""
        ...


def media_type_of(sent: Sent, size: tuple[int, int] | None) -> SegmentMediaType:
    """Return the type of a segment's file: MP4 where the pictures are H.264, WebM for all else.

    Args: size: of its pictures, None for sound alone, which goes into the kind of file that the pictures would.
    """
    if sent.video is VideoCodec.H264:
        return "audio/mp4" if size is None else "video/mp4"
    return "audio/webm" if size is None else "video/webm"


def open_segment(path: Path, sent: Sent, size: tuple[int, int] | None) -> SegmentFile:
    """Create a segment's file. Args: size: as for `media_type_of`."""
    sound = TrackKind.AUDIO in sent.tracks
    if sent.video is VideoCodec.H264:
        return Mp4File(path, pictures=size is not None, sound=sound)
    return WebmFile(path, size=size, sound=sound)


def measure(path: Path) -> float | None:
    """Return the length in ms of a segment that may lack its end, None when it has no frame at all."""
    end_ms: float | None = None
    try:
        with av.open(str(path)) as container:
            for packet in container.demux():
                if packet.pts is not None and packet.time_base is not None:
                    kind = TrackKind(packet.stream.type)
                    end_ms = max(end_ms or 0.0, float(packet.pts * packet.time_base * 1000) + FRAME_MS[kind])
    except FFmpegError:
        # It ends inside a frame, or before the first one: what was read until here is what there is.
        return end_ms
    return end_ms
