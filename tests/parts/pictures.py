"""Pictures of H.264 as an encoder makes them, for what needs real ones without a connection."""

from collections.abc import Iterator
from fractions import Fraction

import av
from av.video.codeccontext import VideoCodecContext


def h264_pictures(count: int, *, key_every: int, size: tuple[int, int] = (320, 240)) -> Iterator[tuple[bytes, bool]]:
    """Give grey pictures with start codes, and whether each is a key frame with its parameters.

    Args:
        count: how many.
        key_every: distance of key frames, in pictures.
        size: width and height.
    """
    codec = av.CodecContext.create("libx264", "w")
    assert isinstance(codec, VideoCodecContext)
    codec.width, codec.height = size
    codec.pix_fmt, codec.time_base, codec.framerate = "yuv420p", Fraction(1, 30), Fraction(30, 1)
    codec.options = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": f"keyint={key_every}:scenecut=0"}
    codec.profile = "Baseline"
    for number in range(count):
        frame = av.VideoFrame(*size, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([number * 5 & 0xFF]) * plane.buffer_size)
        frame.pts = number
        for packet in codec.encode(frame):
            picture = bytes(packet).replace(b"\x00\x00\x00\x01", b"\x00\x00\x01").replace(b"\x00\x00\x01", START)
            yield picture, packet.is_keyframe


START = b"\x00\x00\x00\x01"
