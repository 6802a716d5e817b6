"""The other ends of the media process: publishers with a real encoder, viewers that decode, all on the loopback."""

import asyncio
import math
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from uuid import uuid4

import aioice.ice
from aiortc import (
    AudioStreamTrack,
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
    VideoStreamTrack,
    rtcrtpreceiver,
)
from aiortc.jitterbuffer import JitterFrame
from aiortc.mediastreams import MediaStreamError
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from av import AudioFrame, CodecContext, VideoFrame
from av.packet import Packet
from av.stream import Stream

from server.media.frames import VideoCodec
from tests.parts.running import LOOPBACK

RATE = 48_000
FRAME_SAMPLES = 960


class MovingPicture(VideoStreamTrack):
    """A grey ramp that moves with time, 30 pictures a second, in one colour that a test can look for."""

    def __init__(self, *, width: int = 320, height: int = 240, red: int = 0) -> None:
        super().__init__()
        self.size = (width, height)
        self.sent = 0
        self._red = red

    async def recv(self) -> VideoFrame:
        """Return the next picture when its time has come."""
        pts, time_base = await self.next_timestamp()
        width, height = self.size
        frame = VideoFrame(width, height, "yuv420p")
        luma = bytes((x + self.sent * 4) & 0xFF for x in range(frame.planes[0].line_size))
        frame.planes[0].update(luma * height)
        frame.planes[1].update(b"\x80" * frame.planes[1].buffer_size)
        frame.planes[2].update(bytes([128 + self._red // 2]) * frame.planes[2].buffer_size)
        frame.pts, frame.time_base = pts, time_base
        self.sent += 1
        return frame


class Tone(AudioStreamTrack):
    """A sine of one pitch, 48 kHz stereo, 20 ms a frame."""

    def __init__(self, hertz: float) -> None:
        super().__init__()
        self._hertz = hertz
        self._samples = 0

    def pause(self) -> None:
        """Begin anew with the next frame: the time until then is not counted, as in a browser whose track was taken."""
        self.__dict__.pop("_timestamp", None)

    async def recv(self) -> AudioFrame:
        """Return the next 20 ms when their time has come."""
        await super().recv()
        step = 2 * math.pi * self._hertz / RATE
        mono = [int(8000 * math.sin(step * (self._samples + n))) for n in range(FRAME_SAMPLES)]
        frame = AudioFrame(format="s16", layout="stereo", samples=FRAME_SAMPLES)
        frame.planes[0].update(array("h", [value for value in mono for _ in range(2)]).tobytes())
        frame.sample_rate = RATE
        frame.pts, frame.time_base = self._samples, Fraction(1, RATE)
        self._samples += FRAME_SAMPLES
        return frame


class KeepsEncoded:
    """Stands where a viewer's decoder would, so that a test sees the very bytes that arrived."""

    def __init__(self, codec: RTCRtpCodecParameters) -> None:
        self.codec = codec

    def decode(self, frame: JitterFrame) -> "list[Packet[Stream]]":
        """Return the frame as it is."""
        return [Packet(frame.data)]


# test leaves the machine.
setattr(rtcrtpreceiver, "get_decoder", KeepsEncoded)  # noqa: B010
_HOSTS: ContextVar[tuple[str, ...]] = ContextVar("_HOSTS", default=(LOOPBACK,))
setattr(aioice.ice, "get_host_addresses", lambda **_families: list(_HOSTS.get()))  # noqa: B010


@contextmanager
def at_hosts(*hosts: str) -> Iterator[None]:
    """Let peers that offer within the block have these addresses in place of IPv4's loopback."""
    token = _HOSTS.set(hosts)
    try:
        yield
    finally:
        _HOSTS.reset(token)


def _prefer(pc: RTCPeerConnection, video: VideoCodec | None) -> None:
    """Offer one codec of pictures alone."""
    if video is None:
        return
    known = RTCRtpSender.getCapabilities("video").codecs
    chosen = [one for one in known if one.mimeType.lower() in {f"video/{video.lower()}", "video/rtx"}]
    for transceiver in pc.getTransceivers():
        if transceiver.kind == "video":
            transceiver.setCodecPreferences(chosen)


class PublishingPeer:
    """A browser that publishes. Its pictures are of the given codec alone when there is one."""

    def __init__(self, *tracks: MediaStreamTrack, video: VideoCodec | None = None) -> None:
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.senders = [self.pc.addTrack(track) for track in tracks]
        for transceiver in self.pc.getTransceivers():
            transceiver.direction = "sendonly"
        _prefer(self.pc, video)

    async def offer(self) -> str:
        """Return its offer, candidates included."""
        await self.pc.setLocalDescription()
        return str(self.pc.localDescription.sdp)

    async def accept(self, answer_sdp: str) -> None:
        """Take the answer and connect."""
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp=answer_sdp, type="answer"))


class WatchingPeer:
    """A browser that watches. It keeps the encoded frames, and can decode them."""

    def __init__(self, *kinds: str, video: VideoCodec | None = None) -> None:
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.received: dict[str, list[bytes]] = {kind: [] for kind in kinds}
        self.ended = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        for kind in kinds:
            self.pc.addTransceiver(kind, direction="recvonly")
        _prefer(self.pc, video)
        self.pc.on("track", lambda track: self._tasks.append(asyncio.ensure_future(self._keep(track))))

    async def offer(self) -> str:
        """Return its offer, candidates included."""
        await self.pc.setLocalDescription()
        return str(self.pc.localDescription.sdp)

    async def accept(self, answer_sdp: str) -> None:
        """Take the answer and connect."""
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp=answer_sdp, type="answer"))

    async def ask_key_frame(self) -> None:
        """Send a picture loss indication, as a browser does whose decoder is stuck."""
        receiver = next(t.receiver for t in self.pc.getTransceivers() if t.kind == "video")
        source = receiver.getSynchronizationSources()[0].source
        await receiver._send_rtcp_pli(source)  # noqa: SLF001  (aiortc sends one by itself only)

    def decoded_size(self) -> tuple[int, int] | None:
        """Decode the pictures received so far and return the size of the last one."""
        return decoded_size(self.received["video"])

    async def close(self) -> None:
        """Hang up."""
        await self.pc.close()
        await asyncio.gather(*self._tasks)

    async def _keep(self, track: MediaStreamTrack) -> None:
        await _keep(track, self.received[track.kind])
        self.ended.set()


class RoomPeer:
    """A browser that watches a whole room in slots. It keeps the encoded frames of each slot."""

    def __init__(self, *, audio: int, video: int) -> None:
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.peer_id = uuid4()
        self.sound: list[list[bytes]] = [[] for _ in range(audio)]
        self.pictures: list[list[bytes]] = [[] for _ in range(video)]
        self._tasks: list[asyncio.Task[None]] = []
        for kind in ["audio"] * audio + ["video"] * video:
            self.pc.addTransceiver(kind, direction="recvonly")

    async def offer(self) -> str:
        """Return its offer, candidates included."""
        await self.pc.setLocalDescription()
        return str(self.pc.localDescription.sdp)

    async def accept(self, answer_sdp: str) -> None:
        """Take the answer and connect."""
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp=answer_sdp, type="answer"))
        for transceiver, kept in zip(self.pc.getTransceivers(), [*self.sound, *self.pictures], strict=True):
            self._tasks.append(asyncio.ensure_future(_keep(transceiver.receiver.track, kept)))

    async def close(self) -> None:
        """Hang up."""
        await self.pc.close()
        for task in self._tasks:
            task.cancel()  # a slot that never showed anything has nobody to tell it
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _keep(track: MediaStreamTrack, kept: list[bytes]) -> None:
    while True:
        try:
            packet = await track.recv()
        except MediaStreamError:
            return
        assert isinstance(packet, Packet)
        kept.append(bytes(packet))


def decoded_size(pictures: list[bytes]) -> tuple[int, int] | None:
    """Decode pictures and return the size of the last one."""
    is_h264 = bool(pictures) and pictures[0].startswith(b"\x00\x00\x00\x01")
    codec = CodecContext.create("h264" if is_h264 else "vp8", "r")
    size: tuple[int, int] | None = None
    for payload in pictures:
        for picture in codec.decode(Packet(payload)):
            size = (picture.width, picture.height)
    return size
