"""Writing MP4 with H.264 and Opus as they are: containers only, no codec runs. Blocks; for an executor."""

from fractions import Fraction
from io import SEEK_END, BytesIO
from pathlib import Path

import av
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream

from server.media.cutting import FRAME_MS
from server.media.frames import CLOCK_RATES, EncodedFrame, TrackKind

OPTIONS = {
    "movflags": "frag_keyframe+empty_moov+default_base_moof+frag_discont",
    "frag_duration": "500000",
    "flush_packets": "1",
    "max_interleave_delta": "300000",
    "avoid_negative_ts": "disabled",
}
"""A fragment reaches the disk every 500 ms, and no track waits more than 300 ms for the other: what a crash can lose.
Fragments say when they begin (`frag_discont`), and nothing is moved to begin at 0: a track that starts later than the
other one stays there."""
BUFFER_BYTES = 1 << 20
"""More than a fragment has, so that it reaches the disk with one write: one cut off inside is worse than none."""
_BOX_HEAD_BYTES = 8


class Mp4File:
    """One fragmented MP4 being written. Times are ms from its start, never going back within a track."""

    def __init__(self, path: Path, *, pictures: bool, sound: bool) -> None:
        """Create the file with H.264 when it has pictures, of which the first is a key frame, and Opus for sound."""
        self._file = path.open("wb", buffering=0)
        self._kinds = {TrackKind.VIDEO} if pictures else set[TrackKind]()
        if sound:
            self._kinds.add(TrackKind.AUDIO)
        self._container: OutputContainer | None = None
        self._streams: dict[TrackKind, Stream] = {}
        self._held: dict[TrackKind, tuple[EncodedFrame, int]] = {}
        """The last frame of each track and its time: how long it lasts, the next one tells."""

    def write(self, frame: EncodedFrame, at_ms: float) -> None:
        """Add a frame. Raises: FFmpegError, an OSError among them when the disk is full."""
        if self._container is None:
            self._container = self._opened(frame)
        held = self._held.get(frame.track)
        at = max(0, round(at_ms * CLOCK_RATES[frame.track] / 1000))
        if held is not None:
            at = max(at, held[1] + 1)
            self._mux(self._container, *held, until=at)
        self._held[frame.track] = frame, at

    def close(self) -> None:
        """Write the last frames and the index, and close the file."""
        if self._container is None:
            self._file.close()
            return
        for kind, (frame, at) in sorted(self._held.items(), key=lambda item: item[1][1] / CLOCK_RATES[item[0]]):
            self._mux(self._container, frame, at, until=at + round(FRAME_MS[kind] * CLOCK_RATES[kind] / 1000))
        self._container.close()
        self._file.close()

    def _opened(self, first: EncodedFrame) -> OutputContainer:
        container = av.open(self._file, "w", format="mp4", container_options=OPTIONS, buffer_size=BUFFER_BYTES)
        if TrackKind.VIDEO in self._kinds:
            # The muxer takes the picture's parameters from a stream: the first key frame alone is one.
            with av.open(BytesIO(first.payload), format="h264") as picture:
                self._streams[TrackKind.VIDEO] = container.add_stream_from_template(picture.streams.video[0])
        if TrackKind.AUDIO in self._kinds:
            # Not a mux-only stream: the encoder that is never fed writes the OpusHead that players demand.
            self._streams[TrackKind.AUDIO] = container.add_stream("libopus", rate=48_000, layout="stereo")
        return container

    def _mux(self, container: OutputContainer, frame: EncodedFrame, at: int, *, until: int) -> None:
        packet = Packet(frame.payload)
        packet.stream = self._streams[frame.track]
        packet.time_base = Fraction(1, CLOCK_RATES[frame.track])
        packet.pts = packet.dts = at
        packet.duration = until - at
        packet.is_keyframe = frame.track is TrackKind.AUDIO or frame.key_size is not None
        container.mux(packet)


def mend(path: Path) -> None:
    """Cut off what is behind the last whole fragment of a file whose writer died: readers give up the file for it."""
    end = at = 0
    with path.open("rb+") as file:
        size = file.seek(0, SEEK_END)
        while at + _BOX_HEAD_BYTES <= size:
            file.seek(at)
            head = file.read(_BOX_HEAD_BYTES)
            at += max(_BOX_HEAD_BYTES, int.from_bytes(head[:4]))
            if at <= size and head[4:] != b"moof":
                end = at
        file.truncate(end)
