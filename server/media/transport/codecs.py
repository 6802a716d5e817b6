"""What differs between the codecs of pictures: how they lie in packets, and what a key frame tells."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from server.media.frames import VideoCodec, vp8_key_size
from server.media.transport import h264, vp8


class Pictures(Protocol):
    """Pictures put together from the packets of one stream, which come in order and without holes."""

    def breaks_off(self, payload: bytes, timestamp: int) -> bool:
        """Say whether this packet begins another picture before the last one had its end."""
        ...

    def take(self, payload: bytes, timestamp: int, *, marker: bool) -> Iterator[tuple[bytes, int]]:
        """Yield what the packet completes, with its 32-bit timestamp."""
        ...

    def clear(self) -> None:
        """Forget a picture that was begun."""
        ...


@dataclass(frozen=True)
class VideoFormat:
    """One codec."""

    starts_key_frame: Callable[[bytes], bool]
    """Of a packet's payload."""
    key_size: Callable[[bytes], tuple[int, int] | None]
    """Of a whole picture: width and height in pixels when it is a key frame."""
    pictures: Callable[[], Pictures]


FORMATS = {
    VideoCodec.VP8: VideoFormat(vp8.starts_key_frame, vp8_key_size, vp8.Vp8Pictures),
    VideoCodec.H264: VideoFormat(h264.starts_key_frame, h264.key_size, h264.H264Pictures),
}
