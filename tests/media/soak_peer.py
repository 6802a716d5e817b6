"""Cheap peers of a media process: one that sends a tiny clip, and one that watches a room without decoding it."""

import struct
import time
from fractions import Fraction

from av import CodecContext, VideoFrame
from av.video.codeccontext import VideoCodecContext

from server.media.transport.ice import new_credentials
from tests.bench.media.load import Keys
from tests.bench.media.peer import AUDIO, TWCC, VIDEO, LoadPeer
from tests.parts.running import LOOPBACK

SIZE = (160, 120)
PICTURES, PICTURE_EVERY = 20, 5
"""Pictures of the clip, the first of them a key frame; one goes with each fifth sound, ten a second."""
SOUND = b"\xf8\xff\xfe"
"""20 ms of silence (RFC 6716, 3)."""
CHECK_EVERY_S = 2.5
"""As a browser does."""
LOSE_EVERY = 997
"""Of its packets a sender loses one on the way: a prime, so that it hits sound, key frames and others in turn."""
_HEAD = struct.Struct("!BBHIIHHBBH")
_EXTENDED, _ONE_BYTE = 0x90, 0xBEDE


def make_clip() -> list[bytes]:
    """Encode a grey bar that moves; each picture fits a packet."""
    codec = CodecContext.create("libvpx", "w")
    assert isinstance(codec, VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt, codec.time_base = *SIZE, "yuv420p", Fraction(1, 10)
    codec.bit_rate, codec.gop_size = 60_000, PICTURES
    codec.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
    clip = list[bytes]()
    for number in range(PICTURES):
        frame = VideoFrame(*SIZE, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([100 + 4 * number]) * plane.buffer_size)
        frame.pts = number
        clip += [bytes(packet) for packet in codec.encode(frame)]
    assert len(clip) == PICTURES
    assert max(map(len, clip)) < 1_100
    return clip


class SoakPeer(LoadPeer):
    """A peer from its offer until it hangs up; `beat` every 20 ms."""

    def __init__(self, *, sends: bool, slots: int = 1) -> None:
        super().__init__(LOOPBACK, sends=sends)
        self.got = 0
        """Packets of media that came."""
        self._slots = slots
        self._keys: Keys | None = None
        self._proof = b""
        self._checked_s = 0.0

    def offer(self) -> str:
        """Offer sound and pictures in each slot."""
        kinds = [(kind, str(2 * slot + n)) for slot in range(self._slots) for n, kind in enumerate(("audio", "video"))]
        return self._describe(kinds, "active")

    async def join(self, answer_sdp: str) -> None:
        """Take the answer and connect."""
        self.accept(answer_sdp)
        self._keys, self._proof = await self.connect()

    def fragment(self) -> str:
        """Return what restarts our ICE, with new credentials."""
        self._ice = new_credentials()
        return f"a=ice-ufrag:{self._ice.ufrag}\r\na=ice-pwd:{self._ice.password}\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n"

    def restart(self, fragment: str) -> None:
        """Go on with the server's credentials of the new ICE session."""
        told = dict(line.split(":", 1) for line in fragment.splitlines() if ":" in line)
        ice = self._remote.media[0].ice
        assert ice is not None
        ice.usernameFragment, ice.password = told["a=ice-ufrag"], told["a=ice-pwd"]
        self._proof, self._checked_s = self._check(), 0.0

    def beat(self) -> None:
        """Say that we are there when it is time, and take what came."""
        now_s = time.monotonic()
        if now_s - self._checked_s > CHECK_EVERY_S:
            self._checked_s = now_s
            self._send(self._proof)
        while True:
            try:
                datagram = self.socket.recv(2048)
            except (BlockingIOError, ConnectionRefusedError):
                return
            self.got += datagram[0] >> 6 == 2

    def protect(self, packet: bytes) -> None:
        """Send a packet."""
        assert self._keys is not None
        self._send(self._keys.outbound.protect(packet))

    def hang_up(self) -> None:
        """Be gone, without a word."""
        self.socket.close()


class SoakSender(SoakPeer):
    """One that sends."""

    def __init__(self, clip: list[bytes]) -> None:
        super().__init__(sends=True)
        self._clip = clip
        self._beats = self._pictures = self._sent = 0

    def beat(self) -> None:
        """Send what is due: sound, and now and then a picture."""
        super().beat()
        if not self._beats % PICTURE_EVERY:
            picture = b"\x10" + self._clip[self._pictures % PICTURES]
            self._out(VIDEO, self._pictures, 90 * 100 * self._pictures, picture)
            self._pictures += 1
        self._out(AUDIO, self._beats, 960 * self._beats, SOUND)
        self._beats += 1

    def _out(self, number: int, seq: int, timestamp: int, payload: bytes) -> None:
        """Send a packet with a transport-wide number (RFC 8285, 4.2), or lose it."""
        marker, ssrc = (0x80, self.ssrcs[0]) if number == VIDEO else (0, self.ssrcs[1])
        self._sent += 1
        head = _HEAD.pack(
            _EXTENDED,
            number | marker,
            seq % 65_536,
            timestamp % (1 << 32),
            ssrc,
            _ONE_BYTE,
            1,
            TWCC << 4 | 1,
            self._sent >> 8 & 0xFF,
            (self._sent & 0xFF) << 8,
        )
        if self._sent % LOSE_EVERY:
            self.protect(head + payload)
