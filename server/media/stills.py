"""A picture decoded from a source on request: a key frame and a few frames after it. The only decoding there is."""

import asyncio
from concurrent.futures import Executor
from datetime import timedelta
from fractions import Fraction
from io import BytesIO

from av import CodecContext, VideoFrame
from av.error import FFmpegError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from PIL import Image

from server.media.errors import StillUnavailable
from server.media.frames import EncodedFrame, TrackKind, VideoCodec
from server.media.source import Source
from server.media.wire import Still

FRAMES = 10
"""A key frame made on request is small and blurred; the third of a second after it sharpens the picture."""
KEY_FRAME_WITHIN_S = 4.0
FRAMES_WITHIN_S = 0.5
JPEG_QUALITY = 92


class _StillTap:
    """A `DownTrack` that keeps one key frame and up to FRAMES after it, and takes no more."""

    def __init__(self) -> None:
        self.frames: list[EncodedFrame] = []
        self.key_came = asyncio.Event()
        self.enough = asyncio.Event()

    @property
    def needs_key_frame(self) -> bool:
        return not self.frames

    def take(self, frame: EncodedFrame) -> None:
        if frame.track is not TrackKind.VIDEO or self.enough.is_set():
            return
        if self.frames or frame.key_size is not None:
            self.frames.append(frame)
            self.key_came.set()
        if len(self.frames) > FRAMES:
            self.enough.set()

    def lost(self, track: TrackKind) -> None:
        if track is TrackKind.VIDEO and self.frames:
            # What comes next refers to a picture we do not have; what we have is good.
            self.enough.set()


async def take_still(source: Source, *, executor: Executor) -> tuple[Still, bytes]:
    """Return a picture of the source as it is now, at the size it is sent, and its JPEG bytes.

    Raises: StillUnavailable when the source sends no pictures, no key frame in time, or one that does not decode.
    """
    codec = source.up.sent.video
    if codec is None:
        raise StillUnavailable(source_id=str(source.publish.source_id))
    tap = _StillTap()
    source.attach(tap)
    try:
        async with asyncio.timeout(KEY_FRAME_WITHIN_S):
            await tap.key_came.wait()
        async with asyncio.timeout(FRAMES_WITHIN_S):
            await tap.enough.wait()
    except TimeoutError:
        if not tap.frames:
            raise StillUnavailable(source_id=str(source.publish.source_id)) from None
    finally:
        source.detach(tap)
    frames = tap.frames
    loop = asyncio.get_running_loop()
    try:
        width, height, jpeg = await loop.run_in_executor(executor, _decode, codec, [frame.payload for frame in frames])
    except FFmpegError as error:
        raise StillUnavailable(source_id=str(source.publish.source_id)) from error
    began = source.began
    if began is None:
        raise StillUnavailable(source_id=str(source.publish.source_id))
    captured_at = began.at + timedelta(milliseconds=frames[-1].at_ms - began.at_ms)
    return Still(width=width, height=height, captured_at=captured_at), jpeg


def _decode(coded: VideoCodec, payloads: list[bytes]) -> tuple[int, int, bytes]:
    """Return width, height and JPEG of the last picture. Raises: FFmpegError when there is none."""
    codec = CodecContext.create(coded.lower(), "r")
    if not isinstance(codec, VideoCodecContext):
        raise TypeError(codec)
    codec.thread_count = 1
    picture: VideoFrame | None = None
    for number, payload in enumerate(payloads):
        packet = Packet(payload)
        packet.pts = number
        packet.time_base = Fraction(1, 30)
        for decoded in codec.decode(packet):
            picture = decoded
    for decoded in codec.decode(None):  # an H.264 decoder may keep one back
        picture = decoded
    if picture is None:
        raise FFmpegError(0, "no picture came out")
    pixels = picture.reformat(format="rgb24").planes[0]
    size = (picture.width, picture.height)
    file = BytesIO()
    # The plane's lines are padded; the length of one is the raw decoder's stride.
    image = Image.frombytes("RGB", size, bytes(pixels), "raw", "RGB", pixels.line_size, 1)
    image.save(file, "JPEG", quality=JPEG_QUALITY)
    return picture.width, picture.height, file.getvalue()
