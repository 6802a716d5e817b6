"""The one door to aiortc and aioice, and the only place of their private names. Replaced by our own transport later.

Encoded frames pass through undecoded: aiortc has no interface for that, so the receiver's decoder is replaced by one
that hands the frame on, and the key-frame requests of viewers are taken from the sender (docs/adr/0001).
"""

import asyncio
import re
import time
from collections.abc import Callable, Coroutine, Iterable
from fractions import Fraction
from typing import Any

import aioice.ice
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCRtpSender,
    RTCRtpTransceiver,
    RTCSessionDescription,
    rtcrtpreceiver,
)
from aiortc.exceptions import OperationError
from aiortc.jitterbuffer import JitterFrame
from aiortc.mediastreams import MediaStreamError
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtp import RtpPacket
from aiortc.sdp import MediaDescription, SessionDescription
from av.packet import Packet

from server.media.errors import OfferRefused
from server.media.frames import CLOCK_RATES, ArrivalClock, EncodedFrame, TrackKind, UpListener, vp8_key_size
from server.media.queues import ViewerQueue
from server.media.tasks import Tasks
from server.media.wire import OfferFault

CODECS = {TrackKind.AUDIO: {"audio/opus"}, TrackKind.VIDEO: {"video/VP8", "video/rtx"}}
_MAPPER = "_RTCRtpReceiver__timestamp_mapper"
PRIVATE_NAMES: dict[str, tuple[str, ...]] = {
    "aioice.ice": ("get_host_addresses",),
    "aiortc.rtcrtpreceiver": ("get_decoder", "decoder_worker"),
    "receiver": (_MAPPER, "_handle_rtp_packet", "_send_rtcp_pli"),
    "sender": ("_send_keyframe",),
    "transport": ("_role", "_set_role"),
}
"""Every private name used below and where it is looked up; `missing_names` checks them against what is installed."""


class _PassThrough:
    """Stands where a decoder would: makes the frame an `av.Packet` and leaves its bytes as they are."""

    def __init__(self, codec: RTCRtpCodecParameters) -> None:
        self._time_base = Fraction(1, codec.clockRate)

    def decode(self, frame: JitterFrame) -> list[Packet]:
        packet = Packet(frame.data)
        packet.pts = frame.timestamp
        packet.time_base = self._time_base
        return [packet]


def install(addresses: Iterable[str]) -> None:
    """Make this interpreter's aiortc hand frames on undecoded and offer only these addresses of the machine.

    aioice offers every address but the loopback by itself; we say which: the embedded default is 127.0.0.1.
    """
    offered = list(addresses)
    setattr(rtcrtpreceiver, "get_decoder", _PassThrough)
    setattr(aioice.ice, "get_host_addresses", lambda use_ipv4, use_ipv6: offered)  # noqa: ARG005  (called by keyword)


def missing_names() -> list[str]:
    """Return the private names that the installed aiortc and aioice do not have. Needs a running event loop."""
    transceiver = _connection().addTransceiver("video", direction="recvonly")
    places: dict[str, Any] = {
        "aioice.ice": aioice.ice,
        "aiortc.rtcrtpreceiver": rtcrtpreceiver,
        "receiver": transceiver.receiver,
        "sender": transceiver.sender,
        "transport": transceiver.receiver.transport,
    }
    return [
        f"{place}.{name}"
        for place, names in PRIVATE_NAMES.items()
        for name in names
        if not hasattr(places[place], name)
    ]


class _Peer:
    """What both directions share: the connection, its state, and its end."""

    def __init__(self, *, connected: Callable[[], None], closed: Callable[[str], None]) -> None:
        self._pc = _connection()
        self._tasks = Tasks()
        self._connected = connected
        self._closed: Callable[[str], None] | None = closed
        self._pc.on("connectionstatechange", self._state_changed)

    async def close(self) -> None:
        """End the connection. Safe to repeat; the owner who calls it is not told."""
        self._closed = None
        await self._tasks.close()
        await self._pc.close()

    async def _agree(
        self, offer_sdp: str, medias: list[MediaDescription], transceivers: list[RTCRtpTransceiver]
    ) -> str:
        for transceiver in transceivers:
            _prefer_codecs(transceiver)
        try:
            await self._pc.setRemoteDescription(RTCSessionDescription(sdp=offer_sdp, type="offer"))
        except OperationError as error:
            raise OfferRefused(reason=OfferFault.NO_COMMON_CODEC) from error
        except (ValueError, AssertionError) as error:
            raise OfferRefused(reason=OfferFault.UNREADABLE) from error
        if medias[0].dtls.role == "auto":
            # As DTLS server we choose the cipher: AES-GCM instead of what a browser takes by default.
            transceivers[0].receiver.transport._set_role("server")
        await self._pc.setLocalDescription()
        return _with_hints(self._pc.localDescription.sdp)

    def _state_changed(self) -> None:
        state = self._pc.connectionState
        if state == "connected":
            self._connected()
        elif state in {"failed", "closed"} and self._closed is not None:
            tell, self._closed = self._closed, None
            tell("connection_lost" if state == "failed" else "closed_by_peer")


class Publisher(_Peer):
    """An `UpTrack`: the connection of one publication, at most one audio and one video track."""

    def __init__(self, listener: UpListener) -> None:
        super().__init__(connected=listener.connected, closed=listener.closed)
        self._listener = listener
        self._video_ssrc: int | None = None
        self._send_pli: Callable[[int], Coroutine[Any, Any, None]] | None = None
        self.tracks: frozenset[TrackKind] = frozenset()

    async def answer(self, offer_sdp: str) -> str:
        """Answer the offer as `UpTrack` says."""
        medias = _read_offer(offer_sdp, directions={"sendonly", "sendrecv"})
        transceivers = [self._pc.addTransceiver(media.kind, direction="recvonly") for media in medias]
        for transceiver in transceivers:
            self._pc_hooks(transceiver.receiver, TrackKind(transceiver.kind))
        self.tracks = frozenset(TrackKind(media.kind) for media in medias)
        return await self._agree(offer_sdp, medias, transceivers)

    async def ask_key_frame(self) -> None:
        """Send one PLI; nothing can be asked before the first video packet told its SSRC."""
        if self._send_pli is not None and self._video_ssrc is not None:
            await self._send_pli(self._video_ssrc)

    def _pc_hooks(self, receiver: RTCRtpReceiver, kind: TrackKind) -> None:
        clock = ArrivalClock(CLOCK_RATES[kind])
        handle, send_pli = receiver._handle_rtp_packet, receiver._send_rtcp_pli

        async def see_packet(packet: RtpPacket, arrival_time_ms: int) -> None:
            media_packet = _clock_rate(receiver, packet) == CLOCK_RATES[kind] and packet.payload
            if media_packet:
                clock.note(clock.unwrap(packet.timestamp), time.monotonic() * 1000)
                self._video_ssrc = packet.ssrc if kind is TrackKind.VIDEO else self._video_ssrc
            await handle(packet, arrival_time_ms)

        async def see_loss(_media_ssrc: int) -> None:
            self._listener.lost(kind)

        for name, value in (
            (_MAPPER, _Unwrapped(clock)),
            ("_handle_rtp_packet", see_packet),
            ("_send_rtcp_pli", see_loss),
        ):
            setattr(receiver, name, value)
        if kind is TrackKind.VIDEO:
            self._send_pli = send_pli
        self._pc.on("track", lambda track: self._pump_when(track, kind, clock))

    def _pump_when(self, track: MediaStreamTrack, kind: TrackKind, clock: ArrivalClock) -> None:
        if track.kind == kind:
            self._tasks.spawn(self._pump(track, kind, clock))

    async def _pump(self, track: MediaStreamTrack, kind: TrackKind, clock: ArrivalClock) -> None:
        while True:
            try:
                packet: Any = await track.recv()
            except MediaStreamError:
                return
            payload = bytes(packet)
            size = vp8_key_size(payload) if kind is TrackKind.VIDEO else None
            self._listener.frame(EncodedFrame(kind, payload, packet.pts, clock.to_ms(packet.pts), size))
