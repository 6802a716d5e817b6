"""One peer of a server under load: its offer or answer, its ICE and its handshake; media goes on in the load.

It lies about nothing and does what a browser does: a check every 2.5 s, answers to the checks of the other side.
"""

import asyncio
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress

from aioice import stun
from aiortc.sdp import SessionDescription

from server.media.transport.dtls import LABEL, fingerprint_of
from server.media.transport.ice import Address, new_credentials
from server.media.transport.sdp import TRANSPORT_CC
from server.media.transport.srtp import PROFILES
from tests.bench.media.load import Keys, keys_of
from tests.media.dtls_peer import THEIRS, Peer

AUDIO, VIDEO, RTX = 111, 96, 97
TWCC = 3
AGAIN_S, CONNECT_S = 0.1, 15.0
BUFFER_BYTES = 4 * 1024 * 1024
SO_TIMESTAMPNS, SO_RCVBUFFORCE = 35, 33
CONTROL_FIRST = 20
"""STUN's first bytes are below it (RFC 7983)."""


class LoadPeer:
    """A socket of its own, connected to the server once its address is known."""

    def __init__(self, host: str, *, sends: bool) -> None:
        self.ssrcs = secrets.randbits(31) + 1, secrets.randbits(31) + 1
        self.types = (VIDEO, AUDIO, RTX)
        """Of video, sound and video sent again; 0 for none."""
        self.twcc_id = 0
        self.number = -1
        """Its number in the load."""
        self.began_ns = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)  # noqa: FBT003  (the library's own form)
        with suppress(PermissionError):  # root's alone; what overflows is counted
            self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.bind((host, 0))
        self._host = host
        self._sends = sends
        self._ice = new_credentials()
        self._remote = SessionDescription()
        self._is_offerer = True

    def offer(self) -> str:
        """Return an offer of sound and pictures, as a browser's is in short."""
        return self._describe([("audio", "0"), ("video", "1")], "active")

    def accept(self, answer_sdp: str) -> None:
        """Take the answer to our offer."""
        self._remote = SessionDescription.parse(answer_sdp)
        media = self._remote.media[-1]
        self.twcc_id = TWCC if any(one.uri == TRANSPORT_CC for one in media.rtp.headerExtensions) else 0
        if RTX not in media.fmt:
            self.types = (VIDEO, AUDIO, 0)

    def answer(self, offer_sdp: str) -> str:
        """Take an offer and return our answer under the same numbers."""
        self._is_offerer = False
        self._remote = SessionDescription.parse(offer_sdp)
        found = {
            str(codec.mimeType).lower(): codec.payloadType or 0
            for media in self._remote.media
            for codec in media.rtp.codecs
        }
        self.types = (found["video/vp8"], found["audio/opus"], found.get("video/rtx", 0))
        return self._describe([(media.kind, str(media.rtp.muxId)) for media in self._remote.media], "active")

    async def connect(self) -> tuple[Keys, bytes]:
        """Prove ourselves and shake hands. Returns: the keys, and the check to repeat. Raises: TimeoutError."""
        first = self._remote.media[0]
        assert first.dtls is not None
        self.socket.connect(self._target())
        is_client = first.dtls.role != "client"
        dtls = Peer(is_client=is_client)
        check = self._check()
        async with asyncio.timeout(CONNECT_S):
            await self._until(lambda: dtls.is_done, dtls, check)
        profile = PROFILES[0]
        assert dtls.ssl.get_selected_srtp_profile() == profile.name
        material = dtls.ssl.export_keying_material(LABEL, profile.exported_bytes)
        return keys_of(profile, material, is_client=is_client), check

    def take_other(self, datagram: bytes) -> None:
        """Answer the other side's check; what else comes beside media says nothing."""
        if datagram[0] >= CONTROL_FIRST:
            return
        message = stun.parse_message(datagram)
        if message.message_class is not stun.Class.REQUEST:
            return
        attributes = {"XOR-MAPPED-ADDRESS": self._target()}
        reply = stun.Message(
            message.message_method, stun.Class.RESPONSE, transaction_id=message.transaction_id, attributes=attributes
        )
        reply.add_message_integrity(self._ice.password.encode())
        self._send(bytes(reply))

    async def _until(self, is_done: Callable[[], bool], dtls: Peer, check: bytes) -> None:
        loop = asyncio.get_running_loop()
        proved = False
        while not is_done():
            if not proved:
                self._send(check)
            try:
                async with asyncio.timeout(AGAIN_S):
                    datagram = await loop.sock_recv(self.socket, 2048)
            except TimeoutError:
                if proved:
                    dtls.shake()
                    self._flush(dtls)
                continue
            except ConnectionRefusedError:
                continue
            if datagram[0] < CONTROL_FIRST:
                self.take_other(datagram)
                proved = proved or stun.parse_message(datagram).message_class is stun.Class.RESPONSE
            else:
                dtls.to_peer.append(datagram)
            if proved:
                dtls.shake()
                self._flush(dtls)

    def _flush(self, dtls: Peer) -> None:
        for datagram in dtls.to_us:
            self._send(datagram)
        dtls.to_us.clear()

    def _send(self, datagram: bytes) -> None:
        try:
            self.socket.send(datagram)
        except (BlockingIOError, ConnectionRefusedError):
            return

    def _target(self) -> Address:
        candidate = next(one for one in self._remote.media[0].ice_candidates if one.ip == self._host)
        return candidate.ip, candidate.port

    def _check(self) -> bytes:
        ice = self._remote.media[0].ice
        assert ice is not None
        role = "ICE-CONTROLLING" if self._is_offerer else "ICE-CONTROLLED"
        attributes = {"USERNAME": f"{ice.usernameFragment}:{self._ice.ufrag}", "PRIORITY": 1_845_501_695, role: 1}
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes=attributes)
        if self._is_offerer:
            message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity(str(ice.password).encode())
        return bytes(message)

    def _describe(self, medias: list[tuple[str, str]], setup: str) -> str:
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"]
        lines.append(f"a=group:BUNDLE {' '.join(mid for _, mid in medias)}")
        for kind, mid in medias:
            lines += self._section(kind, mid, setup)
        return "\r\n".join(lines) + "\r\n"

    def _section(self, kind: str, mid: str, setup: str) -> list[str]:
        name, digest = fingerprint_of(THEIRS, "sha-256")
        video, audio, rtx = self.types
        codecs = [(audio, "opus/48000/2")] if kind == "audio" else [(video, "VP8/90000"), (rtx, "rtx/90000")]
        numbers = [number for number, _ in codecs if number]
        host, port = self.socket.getsockname()
        lines = [
            f"m={kind} 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, numbers))}",
            "c=IN IP4 0.0.0.0",
            "a=rtcp-mux",
            "a=rtcp-rsize",
            f"a=mid:{mid}",
            f"a=ice-ufrag:{self._ice.ufrag}",
            f"a=ice-pwd:{self._ice.password}",
            f"a=fingerprint:{name} {digest}",
            f"a=setup:{setup}",
            f"a=candidate:1 1 udp 2130706431 {host} {port} typ host",
            "a=end-of-candidates",
            "a=sendonly" if self._sends else "a=recvonly",
            *(f"a=rtpmap:{number} {codec}" for number, codec in codecs if number),
            f"a=rtcp-fb:{numbers[0]} transport-cc" if self._sends else f"a=rtcp-fb:{numbers[0]} goog-remb",
            f"a=extmap:{TWCC} {TRANSPORT_CC}",
        ]
        if kind == "audio":
            return lines + ([f"a=ssrc:{self.ssrcs[1]} cname:load"] if self._sends else [])
        lines += [f"a=rtcp-fb:{video} {one}" for one in ("nack", "nack pli", "ccm fir")]
        lines += [f"a=fmtp:{rtx} apt={video}"] if rtx else []
        return lines + ([f"a=ssrc:{self.ssrcs[0]} cname:load"] if self._sends else [])
