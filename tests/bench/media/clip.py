"""The clip that every publisher sends: two seconds of 1280x720 at 30 pictures a second, about 1.5 Mb/s of VP8."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from random import Random

from av import VideoFrame
from av.codec import CodecContext
from av.video.codeccontext import VideoCodecContext

WIDTH, HEIGHT, PICTURES, RATE = 1280, 720, 60, 30
BITS_A_S = 1_500_000
PAYLOAD_BYTES = 1084
"""With descriptor, header and extension a packet has 1,100 to 1,108 bytes."""
GRAINS = 1500
"""Bytes of noise in a picture: enough that the encoder needs its whole bit rate."""


@dataclass(frozen=True)
class Clip:
    """The encoded pictures, cut for packets. `packets` are offsets into `content`, `frames` numbers of packets."""

    content: bytes
    packets: tuple[int, ...]
    frames: tuple[int, ...]

    @property
    def packets_a_s(self) -> float:
        """Video packets a second."""
        return (len(self.packets) - 1) * RATE / PICTURES


def make_clip() -> Clip:
    """Encode the clip; it begins with its only key frame, so that a loop has one every two seconds."""
    encoded = _encode()
    lengths = [min(PAYLOAD_BYTES, len(one) - at) for one in encoded for at in range(0, len(one), PAYLOAD_BYTES)]
    counts = [-(-len(one) // PAYLOAD_BYTES) for one in encoded]
    packets, frames = (tuple(accumulate(each, initial=0)) for each in (lengths, counts))
    return Clip(b"".join(encoded), packets, frames)


def _encode() -> list[bytes]:
    codec = CodecContext.create("libvpx", "w")
    assert isinstance(codec, VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    codec.bit_rate, codec.gop_size = BITS_A_S, PICTURES
    codec.time_base, codec.framerate = Fraction(1, RATE), Fraction(RATE)
    codec.options = {
        "deadline": "realtime",
        "cpu-used": "8",
        "lag-in-frames": "0",
        "minrate": "1.5M",
        "maxrate": "1.5M",
    }
    random = Random(1)
    encoded: list[bytes] = []
    for number in range(PICTURES):
        encoded += [bytes(packet) for packet in codec.encode(_picture(number, random))]
    return encoded + [bytes(packet) for packet in codec.encode(None)]


def _picture(number: int, random: Random) -> VideoFrame:
    frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
    line = frame.planes[0].line_size
    luma = bytearray(bytes((x + number * 4) & 0xFF for x in range(line)) * HEIGHT)
    for _ in range(GRAINS):
        luma[random.randrange(len(luma))] = random.randrange(256)
    frame.planes[0].update(bytes(luma))
    for plane in frame.planes[1:]:
        plane.update(b"\x80" * plane.buffer_size)
    frame.pts = number
    return frame
