"""The one door to aiortc and aioice, and the only place of their private names. Replaced by our own transport later.

Encoded frames pass through undecoded: aiortc has no interface for that, so the queue to the receiver's decoder is
replaced by one that hands frames on, and the key-frame requests of viewers are taken from the sender (docs/adr/0001).
"""

# ruff: noqa: SLF001, B010
# SLF001: reaching into aiortc is what this file is for. B010: a plain assignment would be a type error, which setattr
# says openly.

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
    RTCRtpTransceiver,
    RTCSessionDescription,
)
from aiortc.exceptions import OperationError
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtp import RtpPacket
from aiortc.sdp import MediaDescription, SessionDescription
from av.packet import Packet

from server.media.errors import OfferRefused
from server.media.frames import CLOCK_RATES, ArrivalClock, EncodedFrame, TrackKind, UpListener, vp8_key_size
from server.media.queues import ViewerQueue
from server.media.wire import OfferFault

START_KBPS = 1500
"""Where a publishing browser begins, in kb/s; it goes down by itself where the line is worse."""
CODECS = {TrackKind.AUDIO: {"audio/opus"}, TrackKind.VIDEO: {"video/VP8", "video/rtx"}}
_MAPPER = "_RTCRtpReceiver__timestamp_mapper"
_DECODER_QUEUE = "_RTCRtpReceiver__decoder_queue"
PRIVATE_NAMES: dict[str, tuple[str, ...]] = {
    "aioice.ice": ("get_host_addresses",),
    "receiver": (_DECODER_QUEUE, _MAPPER, "_handle_rtp_packet", "_send_rtcp_pli"),
    "sender": ("_send_keyframe",),
    "transport": ("_role", "_set_role"),
}
"""Every private name used below and where it is looked up; `missing_names` checks them against what is installed."""


def install(addresses: Iterable[str]) -> None:
    """Make this interpreter's aioice offer only these addresses of the machine.

    By itself it offers every address but the loopback; we say which: the embedded default is 127.0.0.1.
    """
    offered = list(addresses)
    setattr(aioice.ice, "get_host_addresses", lambda **_families: offered)


def missing_names() -> list[str]:
    """Return the private names that the installed aiortc and aioice do not have. Needs a running event loop."""
    transceiver = _connection().addTransceiver("video", direction="recvonly")
    places: dict[str, Any] = {
        "aioice.ice": aioice.ice,
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
        self._connected = connected
        self._closed: Callable[[str], None] | None = closed
        self._pc.on("connectionstatechange", self._state_changed)

    async def close(self) -> None:
        """End the connection. Safe to repeat; the owner who calls it is not told."""
        self._closed = None
        await self._pc.close()

    async def _agree(
        self, offer_sdp: str, medias: list[MediaDescription], transceivers: list[RTCRtpTransceiver]
    ) -> str:
        for transceiver in transceivers:
            _prefer_codecs(transceiver)
        try:
            await self._pc.setRemoteDescription(RTCSessionDescription(sdp=_without_candidates(offer_sdp), type="offer"))
        except OperationError as error:
            raise OfferRefused(reason=OfferFault.NO_COMMON_CODEC) from error
        except (ValueError, AssertionError) as error:
            raise OfferRefused(reason=OfferFault.UNREADABLE) from error
        if all(media.dtls is not None and media.dtls.role == "auto" for media in medias):
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
        self._payload_types: dict[str, int] = {}
        self._video_ssrc: int | None = None
        self._send_pli: Callable[[int], Coroutine[Any, Any, None]] | None = None

    @property
    def tracks(self) -> frozenset[TrackKind]:
        """The kinds the offer has."""
        return frozenset(TrackKind(kind) for kind in self._payload_types)

    async def answer(self, offer_sdp: str) -> str:
        """Answer the offer as `UpTrack` says."""
        medias = _read_offer(offer_sdp, directions={"sendonly", "sendrecv"})
        transceivers = [self._pc.addTransceiver(media.kind, direction="recvonly") for media in medias]
        for transceiver in transceivers:
            self._listen(transceiver.receiver, TrackKind(transceiver.kind))
        answer = await self._agree(offer_sdp, medias, transceivers)
        for media in SessionDescription.parse(answer).media:
            self._payload_types[media.kind] = media.fmt[0]
        return answer

    async def ask_key_frame(self) -> None:
        """Send one PLI; nothing can be asked before the first video packet told its SSRC."""
        if self._send_pli is not None and self._video_ssrc is not None:
            await self._send_pli(self._video_ssrc)

    def _listen(self, receiver: RTCRtpReceiver, kind: TrackKind) -> None:
        clock = ArrivalClock(CLOCK_RATES[kind])
        handle = receiver._handle_rtp_packet
        if kind is TrackKind.VIDEO:
            self._send_pli = receiver._send_rtcp_pli

        async def see_packet(packet: RtpPacket, arrival_time_ms: int) -> None:
            # A retransmission has a payload type and SSRC of its own, and tells nothing of the time it took.
            if packet.payload_type == self._payload_types.get(kind):
                clock.note(clock.unwrap(packet.timestamp), time.monotonic() * 1000)
                if kind is TrackKind.VIDEO:
                    self._video_ssrc = packet.ssrc
            await handle(packet, arrival_time_ms)

        async def see_loss(_media_ssrc: int) -> None:
            self._listener.lost(kind)

        def deliver(frame: JitterFrame) -> None:
            size = vp8_key_size(frame.data) if kind is TrackKind.VIDEO else None
            at_ms = clock.to_ms(frame.timestamp)
            self._listener.frame(EncodedFrame(kind, frame.data, frame.timestamp, at_ms, size))

        setattr(receiver, _DECODER_QUEUE, _InsteadOfDecoder(deliver))
        setattr(receiver, _MAPPER, _Unwrapped(clock))
        setattr(receiver, "_handle_rtp_packet", see_packet)
        setattr(receiver, "_send_rtcp_pli", see_loss)


class Subscriber(_Peer):
    """A `DownLink`: the connection to one viewer, fed from one queue a track."""

    def __init__(
        self,
        queues: Iterable[ViewerQueue],
        *,
        ask_key_frame: Callable[[], None],
        connected: Callable[[], None],
        closed: Callable[[str], None],
    ) -> None:
        super().__init__(connected=connected, closed=closed)
        self._queues = {queue.track: queue for queue in queues}
        self._ask_key_frame = ask_key_frame

    async def answer(self, offer_sdp: str) -> str:
        """Answer the offer as `DownLink` says; a kind that the source has not is answered inactive."""
        medias = _read_offer(offer_sdp, directions={"recvonly", "sendrecv"})
        return await self._agree(offer_sdp, medias, [self._add(TrackKind(media.kind)) for media in medias])

    def _add(self, kind: TrackKind) -> RTCRtpTransceiver:
        if kind not in self._queues:
            return self._pc.addTransceiver(kind, direction="inactive")
        transceiver = self._pc.addTransceiver(_QueueTrack(self._queues[kind]), direction="sendonly")
        # What a viewer's PLI or FIR would do is force an encoder we do not have; the publisher has it.
        setattr(transceiver.sender, "_send_keyframe", self._ask_key_frame)
        return transceiver


class _QueueTrack(MediaStreamTrack):
    """What aiortc sends from: the frames of a viewer's queue, as the packets they are."""

    def __init__(self, queue: ViewerQueue) -> None:
        super().__init__()
        self.kind = str(queue.track)
        self._queue = queue
        self._time_base = Fraction(1, CLOCK_RATES[queue.track])

    async def recv(self) -> "Packet[Any]":
        frame = await self._queue.next()
        packet = Packet(frame.payload)
        packet.pts = frame.timestamp
        packet.time_base = self._time_base
        return packet


class _InsteadOfDecoder:
    """Stands where aiortc queues frames for a decoder thread: hands them on at once, on the loop, bytes as they are."""

    def __init__(self, deliver: Callable[[JitterFrame], None]) -> None:
        self._deliver = deliver

    def put(self, item: tuple[RTCRtpCodecParameters, JitterFrame] | None) -> None:
        if item is not None:
            self._deliver(item[1])

    def get(self) -> None:
        """Tell the decoder thread, which calls this, that there is nothing to do for ever: it ends."""
        return


class _Unwrapped:
    """Stands where aiortc maps timestamps, which it does relative to the first frame; the clock needs the real ones."""

    def __init__(self, clock: ArrivalClock) -> None:
        self._clock = clock

    def map(self, timestamp: int) -> int:
        return self._clock.unwrap(timestamp)


def _connection() -> RTCPeerConnection:
    # Without an empty list aiortc asks a public STUN server.
    return RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))


def _prefer_codecs(transceiver: RTCRtpTransceiver) -> None:
    kind = TrackKind(transceiver.kind)
    known = RTCRtpReceiver.getCapabilities(transceiver.kind)
    codecs = known.codecs if known else []
    transceiver.setCodecPreferences([codec for codec in codecs if codec.mimeType in CODECS[kind]])


def _read_offer(offer_sdp: str, *, directions: set[str]) -> list[MediaDescription]:
    """Return the offer's media. Raises: OfferRefused."""
    try:
        medias = SessionDescription.parse(offer_sdp).media
    except (ValueError, AssertionError, LookupError, TypeError, AttributeError, StopIteration) as error:
        # The parser has no error of its own: it fails wherever the text stops making sense.
        raise OfferRefused(reason=OfferFault.UNREADABLE) from error
    kinds = [media.kind for media in medias]
    if not set(kinds) & set(TrackKind):
        raise OfferRefused(reason=OfferFault.NO_MEDIA)
    if len(kinds) != len(set(kinds)) or set(kinds) - set(TrackKind):
        raise OfferRefused(reason=OfferFault.TOO_MANY_TRACKS)
    if any(media.direction not in directions for media in medias):
        raise OfferRefused(reason=OfferFault.WRONG_DIRECTION)
    if any(media.dtls is None or not media.dtls.fingerprints for media in medias):
        raise OfferRefused(reason=OfferFault.UNREADABLE)
    return medias


def _without_candidates(offer_sdp: str) -> str:
    """Leave out where the peer says it is: it comes to us, and we learn its address from its own checks.

    Otherwise an offer could make us send to any address of our own network, or look a name up.
    """
    lines = offer_sdp.splitlines()
    kept = [line for line in lines if not line.startswith(("a=candidate", "a=end-of-candidates"))]
    return "\r\n".join(kept) + "\r\n"


def _with_hints(answer_sdp: str) -> str:
    """Add what aiortc leaves out: Opus forward error correction, and a start bitrate for the publisher's encoder.

    aiortc has no transport-wide congestion control, so a browser would take half a minute to reach a sharp picture.
    """
    lines: list[str] = []
    for line in answer_sdp.splitlines():
        lines.append(line)
        name, _, codec = line.partition(" ")
        if codec.startswith("opus/"):
            lines.append(name.replace("rtpmap", "fmtp") + " minptime=10;useinbandfec=1")
        elif codec.startswith("VP8/"):
            lines.append(name.replace("rtpmap", "fmtp") + f" x-google-start-bitrate={START_KBPS}")
    return "\r\n".join(lines) + "\r\n"
