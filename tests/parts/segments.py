"""Segments as the recorder makes them: WebM of VP8 or MP4 of H.264, and Opus, with their own timestamps from 0."""

import array
import math
from fractions import Fraction
from pathlib import Path

import av
from av.video.stream import VideoStream
from PIL import Image

RATE_HZ, FRAMES_A_S, SAMPLES_A_PACKET = 48_000, 10, 960
ENCODERS = {
    "webm": ("libvpx", {"deadline": "realtime", "auto-alt-ref": "0"}),
    "mp4": ("libx264", {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "repeat-headers=1"}),
}
FRAGMENTS = {"movflags": "frag_keyframe+empty_moov+default_base_moof+frag_discont", "avoid_negative_ts": "disabled"}


def write(
    path: Path, *, seconds: float, tone_hz: int | None, size: tuple[int, int] | None, key_every: int = 1_000
) -> None:
    """Write a segment.

    Args:
        path: the file to write; a WebM or, by its name, an MP4.
        seconds: its length.
        tone_hz: pitch of its sound, None for no sound track.
        size: width and height of its pictures, 10 a second and each of another grey; None for no picture track.
        key_every: distance of key frames, in pictures.
    """
    form = path.suffix.removeprefix(".")
    codec, options = ENCODERS[form]
    with av.open(str(path), "w", format=form, container_options=FRAGMENTS if form == "mp4" else {}) as container:
        packets = []
        if size is not None:
            video = container.add_stream(codec, rate=FRAMES_A_S, options=options)
            assert isinstance(video, VideoStream)
            video.width, video.height, video.pix_fmt, video.gop_size = *size, "yuv420p", key_every
            for number in range(int(seconds * FRAMES_A_S)):
                shown = Image.new("L", size, number * 7 % 256).convert("RGB")
                frame = av.VideoFrame.from_image(shown).reformat(format="yuv420p")  # type: ignore[no-untyped-call]
                frame.pts, frame.time_base = number, Fraction(1, FRAMES_A_S)
                packets += video.encode(frame)
            packets += video.encode(None)
        if tone_hz is not None:
            audio = container.add_stream("libopus", rate=RATE_HZ, layout="mono")
            for start in range(0, int(seconds * RATE_HZ), SAMPLES_A_PACKET):
                packets += audio.encode(_tone(tone_hz, start))
            packets += audio.encode(None)
        for packet in sorted(packets, key=lambda packet: float((packet.pts or 0) * (packet.time_base or 0))):
            container.mux(packet)


def _tone(tone_hz: int, start: int) -> av.AudioFrame:
    wave = (math.sin(2 * math.pi * tone_hz * (start + at) / RATE_HZ) for at in range(SAMPLES_A_PACKET))
    frame = av.AudioFrame(format="s16", layout="mono", samples=SAMPLES_A_PACKET)
    frame.planes[0].update(array.array("h", (int(12_000 * value) for value in wave)).tobytes())
    frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, start, Fraction(1, RATE_HZ)
    return frame
