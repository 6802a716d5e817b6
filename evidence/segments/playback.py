"""One file of many segments: a lane, whose time 0 is the start of the session. Packets are moved, never transcoded.

Blocks for as long as reading and writing the segments takes; runs in an executor.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final, Literal, NamedTuple

import av
from av.container import OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream

from evidence.segments.rules import Container, SegmentMediaType

_OPTIONS: Final[Mapping[Container, dict[str, str]]] = {
    "webm": {"cluster_time_limit": "1000", "cues_to_front": "1"},
    "mp4": {"movflags": "faststart", "movie_timescale": "48000", "video_track_timescale": "48000"},
}
"""Clusters of a second, and the index before the frames, so that a player seeks with two small Range requests.

In an MP4 all times are in one unit, that of Opus: Firefox reads how much later than the sound a picture begins, which
is in the file's unit, as if it were in the track's.
"""
_TICKS: Final[Mapping[Container, int]] = {"webm": 1, "mp4": 48}
"""Ticks of a lane's times in a millisecond."""
SILENCE: Final = b"\xf8\xff\xfe"
"""20 ms of digital silence in Opus: fullband CELT, one mono frame (RFC 6716, 3.1)."""
_SILENCE_MS: Final = 20.0
_EARLY_MS: Final = 10.0
"""How far a sound packet may begin before the end of the one before it: clocks of two segments differ by some ms."""
_OVERLAP_MS: Final = 100
"""How far a picture may be before the last one and is still moved behind it; an older one is left out."""
Track = Literal["audio", "video"]


class LanePiece(NamedTuple):
    """A segment's file and when it was, in ms from the start of the session; below 0 is before it."""

    path: Path
    start_ms: int
    end_ms: int


class _Frame(NamedTuple):
    at_ms: float
    track: Track
    payload: bytes
    is_key: bool


def build_lane(
    pieces: Sequence[LanePiece], *, duration_ms: int, out_path: Path, container: Container = "webm"
) -> SegmentMediaType:
    """Put segments into one file that starts with the session and lasts as long.

    Where nothing was recorded the sound is silence and the picture stays as it was. The file always has a sound track,
    for its silence carries the clock through gaps; it has a picture track when any piece has one. What lies before
    the session or after its end is left out. A piece that breaks off is used up to there.

    Args:
        pieces: in the order of their times; they do not overlap by more than some ms. All of VP8 and Opus for a WebM,
            all of H.264 and Opus for an MP4.
        duration_ms: length of the session, > 0.
        out_path: the file to write.
        container: of which kind pieces and file are.

    Returns: the media type of the file.
    Raises: OSError, av.error.FFmpegError when the file cannot be written.
    """
    with av.open(str(out_path), "w", format=container, container_options=_OPTIONS[container]) as out:
        video = _vp8_track(out, pieces) if container == "webm" else _h264_track(out, pieces)
        # The encoder is never fed: it is there for the OpusHead that players demand.
        lane = _Lane(out.add_stream("libopus", rate=48_000, layout="stereo"), video, _TICKS[container])
        for piece in pieces:
            for frame in _frames(piece):
                if 0 <= frame.at_ms < duration_ms:
                    out.mux(list(lane.take(frame)))
        out.mux(list(lane.fill(duration_ms)))
    if container == "mp4":
        return "audio/mp4" if video is None else "video/mp4"
    return "audio/webm" if video is None else "video/webm"


class _Lane:
    """Where the two tracks are, and the packets that take them on."""

    def __init__(self, audio: Stream, video: Stream | None, ticks: int) -> None:
        self._audio = audio
        self._video = video
        self._ticks = ticks
        self._audio_end_ms = 0.0
        self._video_last_ms = -1
        self._needs_key = True

    def take(self, frame: _Frame) -> "Iterator[Packet[Stream]]":
        """Yield the silence up to the frame, then the frame when it fits behind what was there."""
        yield from self.fill(frame.at_ms)
        if frame.track == "audio":
            yield from self._take_sound(frame)
        else:
            yield from self._take_picture(frame)

    def fill(self, until_ms: float) -> "Iterator[Packet[Stream]]":
        """Yield silence as long as a whole packet of it fits in before `until_ms`, less the play of two clocks."""
        while until_ms - self._audio_end_ms >= _SILENCE_MS + _EARLY_MS:
            yield self._sound(SILENCE, self._audio_end_ms, _SILENCE_MS)

    def _take_sound(self, frame: _Frame) -> "Iterator[Packet[Stream]]":
        length_ms = opus_duration_ms(frame.payload)
        if length_ms > 0 and frame.at_ms >= self._audio_end_ms - _EARLY_MS:
            yield self._sound(frame.payload, max(frame.at_ms, self._audio_end_ms), length_ms)

    def _sound(self, payload: bytes, at_ms: float, length_ms: float) -> "Packet[Stream]":
        self._audio_end_ms = at_ms + length_ms
        packet = self._packet(payload, self._audio, at_ms=at_ms, is_key=True)
        packet.duration = round(length_ms * self._ticks)
        return packet

    def _take_picture(self, frame: _Frame) -> "Iterator[Packet[Stream]]":
        at_ms = round(frame.at_ms)
        if self._video is None or at_ms < self._video_last_ms - _OVERLAP_MS:
            # Without this frame the ones that build on it cannot be read, up to the next key frame.
            self._needs_key = True
            return
        self._needs_key = self._needs_key and not frame.is_key
        if not self._needs_key:
            self._video_last_ms = max(at_ms, self._video_last_ms + 1)
            yield self._packet(frame.payload, self._video, at_ms=self._video_last_ms, is_key=frame.is_key)

    def _packet(self, payload: bytes, stream: Stream, *, at_ms: float, is_key: bool) -> "Packet[Stream]":
        packet = Packet(payload)
        packet.stream = stream
        packet.time_base = Fraction(1, 1000 * self._ticks)
        packet.pts = packet.dts = round(at_ms * self._ticks)
        packet.is_keyframe = is_key
        return packet


def opus_duration_ms(payload: bytes) -> float:
    """Return how long an Opus packet plays, 0.0 for one that is none.

    Returns: 2.5 to 120 ms.
    Source: RFC 6716, 3.1 (frame sizes by configuration) and 3.2 (frames of a packet).
    """
    if not payload:
        return 0.0
    config, code = payload[0] >> 3, payload[0] & 3
    if config < 12:  # noqa: PLR2004  (SILK)
        frame_ms = (10.0, 20.0, 40.0, 60.0)[config & 3]
    elif config < 16:  # noqa: PLR2004  (hybrid)
        frame_ms = (10.0, 20.0)[config & 1]
    else:
        frame_ms = (2.5, 5.0, 10.0, 20.0)[config & 3]
    if code == 3:  # noqa: PLR2004  (the next byte has the number of frames)
        return frame_ms * (payload[1] & 0x3F) if len(payload) > 1 else 0.0
    return frame_ms * (1 if code == 0 else 2)


def _frames(piece: LanePiece) -> list[_Frame]:
    """Return the frames of one segment by time, sound before the picture of the same moment."""
    found: list[_Frame] = []
    try:
        with av.open(str(piece.path)) as container:
            for packet in container.demux():
                if packet.pts is None or packet.time_base is None:
                    continue  # the demuxer's mark of the end
                track: Track = "video" if packet.stream.type == "video" else "audio"
                at_ms = piece.start_ms + float(packet.pts * packet.time_base * 1000)
                found.append(_Frame(at_ms, track, bytes(packet), packet.is_keyframe))
    except FFmpegError:
        # A recovered segment ends where the recorder died, inside a frame: what came before it is whole.
        pass
    return sorted(found, key=lambda frame: (frame.at_ms, frame.track))


def _picture_size(pieces: Sequence[LanePiece]) -> tuple[int, int] | None:
    """Return the largest width and height of any piece; players take the true size from each key frame."""
    sizes: list[tuple[int, int]] = []
    for piece in pieces:
        try:
            with av.open(str(piece.path)) as container:
                sizes.extend((video.width, video.height) for video in container.streams.video)
        except FFmpegError:
            # Not even a header: the piece has no frame that `_frames` could give either.
            continue
    return (max(width for width, _ in sizes), max(height for _, height in sizes)) if sizes else None


def _vp8_track(out: OutputContainer, pieces: Sequence[LanePiece]) -> Stream | None:
    size = _picture_size(pieces)
    return None if size is None else out.add_mux_stream("vp8", width=size[0], height=size[1])


def _h264_track(out: OutputContainer, pieces: Sequence[LanePiece]) -> Stream | None:
    """Add a track like that of the first piece with pictures; later ones bring their own parameters along in them."""
    for piece in pieces:
        try:
            with av.open(str(piece.path)) as first:
                if first.streams.video:
                    return out.add_stream_from_template(first.streams.video[0])
        except FFmpegError:
            continue
    return None
