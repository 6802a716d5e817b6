"""Writing WebM with VP8 and Opus as they are: containers only, no codec runs. Blocks; for an executor."""

from fractions import Fraction
from pathlib import Path

import av
from av.packet import Packet
from av.stream import Stream

from server.media.cutting import FRAME_MS
from server.media.frames import EncodedFrame, TrackKind

MS = Fraction(1, 1000)
OPTIONS = {
    "cluster_time_limit": "500",
    "flush_packets": "1",
    "max_interleave_delta": "300000",
}
"""A cluster reaches the disk every 500 ms, and no track waits more than 300 ms for the other: what a crash can lose."""


class WebmFile:
    """One WebM being written. Timestamps are ms from its start, never going back within a track."""

    def __init__(self, path: Path, *, size: tuple[int, int] | None, sound: bool) -> None:
        """Create the file with a VP8 track when `size` is given and an Opus track when `sound`."""
        self._container = av.open(str(path), "w", format="webm", container_options=OPTIONS)
        self._streams: dict[TrackKind, Stream] = {}
        self._last: dict[TrackKind, int] = {}
        if size is not None:
            width, height = size
            self._streams[TrackKind.VIDEO] = self._container.add_mux_stream("vp8", width=width, height=height)
        if sound:
            # Not a mux-only stream: the encoder that is never fed writes the OpusHead that players demand.
            self._streams[TrackKind.AUDIO] = self._container.add_stream("libopus", rate=48_000, layout="stereo")

    def write(self, frame: EncodedFrame, at_ms: float) -> None:
        """Add a frame. Raises: FFmpegError, an OSError among them when the disk is full."""
        pts = max(round(at_ms), self._last.get(frame.track, -1) + 1)
        self._last[frame.track] = pts
        packet = Packet(frame.payload)
        packet.stream = self._streams[frame.track]
        packet.time_base = MS
        packet.pts = packet.dts = pts
        packet.duration = round(FRAME_MS[frame.track]) if frame.track is TrackKind.AUDIO else 0
        packet.is_keyframe = frame.track is TrackKind.AUDIO or frame.key_size is not None
        self._container.mux(packet)

    def close(self) -> None:
        """Write the index and the length, and close the file."""
        self._container.close()
