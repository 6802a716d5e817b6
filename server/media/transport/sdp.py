"""Offers read and answers written. Pure. Sources: RFC 8866, RFC 8829, RFC 9143 (bundle), RFC 8840, RFC 9725 (WHIP)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.sdp import MediaDescription, SessionDescription, parameters_to_sdp

from server.media.errors import OfferRefused
from server.media.frames import CLOCK_RATES, TrackKind, VideoCodec
from server.media.transport.dtls import Fingerprint
from server.media.transport.h264 import is_baseline, is_constrained_baseline
from server.media.transport.ice import Credentials, Host
from server.media.wire import OfferFault

TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
TAKEN_EXTENSIONS = (TRANSPORT_CC, MID, AUDIO_LEVEL)
"""What we read of a publisher's packets. Not the orientation: phones then turn the pictures themselves."""
HIGHEST_ONE_BYTE_ID = 14
START_KBPS = 1500
"""Where a publishing browser begins, in kb/s; it goes down by itself where the line is worse."""
FEEDBACK = {
    TrackKind.AUDIO: ("transport-cc", "nack"),
    TrackKind.VIDEO: ("transport-cc", "nack", "nack pli", "ccm fir"),
}
_H264_TOLD = ("level-asymmetry-allowed", "packetization-mode", "profile-level-id")
"""What an answer echoes of an H.264 offer (RFC 6184, 8.2.2); what else it has describes the offerer's own stream."""
PAYLOAD_TYPES = frozenset({*range(64), *range(96, 128)})
"""Those that fit their seven bits and, with the marker, are not taken for RTCP (RFC 5761, 4)."""
CNAME = "sightline"


class Codec(NamedTuple):
    """A codec of one offered media section, under the offer's numbers."""

    name: str
    payload_type: int
    rtx_type: int | None
    clock_rate: int
    channels: int | None
    parameters: str
    feedback: frozenset[str]


@dataclass(frozen=True)
class OfferedMedia:
    """One media section of an offer that we can take part in."""

    kind: TrackKind
    mid: str
    codecs: tuple[Codec, ...]
    """Those that may be used, the best first; at least one."""
    extensions: dict[str, int]
    """Ids of one-byte header extensions by URI."""

    @property
    def codec(self) -> Codec:
        """The best codec."""
        return self.codecs[0]


@dataclass(frozen=True)
class Offer:
    """What a peer offers, as far as it concerns us."""

    medias: tuple[OfferedMedia, ...]
    ice: Credentials
    fingerprints: frozenset[Fingerprint]
    setup: str
    """The peer's role in DTLS: actpass, active or passive."""

    @property
    def video(self) -> VideoCodec | None:
        """The codec of its pictures, None when it has none."""
        return next((VideoCodec(one.codec.name) for one in self.medias if one.kind is TrackKind.VIDEO), None)


def read_offer(
    sdp: str,
    *,
    directions: Collection[str],
    video: Sequence[VideoCodec] = tuple(VideoCodec),
    most: int = 1,
    every: bool = False,
) -> Offer:
    """Return what an offer says.

    Args:
        sdp: the offer.
        directions: those its media may have.
        video: codecs of its pictures that will do, the best first.
        most: how many media sections of a kind it may have.
        every: whether each section may use every codec we have in common, and not the best alone.

    Raises: OfferRefused.
    """
    try:
        parsed = SessionDescription.parse(sdp)
    except (ValueError, AssertionError, LookupError, TypeError, AttributeError, StopIteration) as error:
        # The parser has no error of its own: it fails wherever the text stops making sense.
        raise OfferRefused(reason=OfferFault.UNREADABLE) from error
    _check_shape(parsed.media, directions, most)
    first = parsed.media[0]
    ice, dtls = first.ice, first.dtls
    if ice is None or not ice.usernameFragment or not ice.password or dtls is None or not dtls.fingerprints:
        raise OfferRefused(reason=OfferFault.UNREADABLE)
    fingerprints = frozenset((one.algorithm.lower(), one.value.upper()) for one in dtls.fingerprints)
    mids = [str(media.rtp.muxId) for media in parsed.media]
    bundled = {str(mid) for group in parsed.group if group.semantic == "BUNDLE" for mid in group.items}
    if len(mids) > 1 and not (set(mids) <= bundled and len(mids) == len(set(mids))):
        raise OfferRefused(reason=OfferFault.NOT_BUNDLED)
    if any(mid.split() != [mid] for mid in mids):
        raise OfferRefused(reason=OfferFault.UNREADABLE)
    medias = tuple(_read_media(media, video, every=every) for media in parsed.media)
    _check_types(medias)
    return Offer(medias, Credentials(ice.usernameFragment, ice.password), fingerprints, dtls.role)


def _check_types(medias: Sequence[OfferedMedia]) -> None:
    """Refuse a payload type with two meanings: on one connection it says what a packet is."""
    meanings: dict[int, tuple[str, int | None]] = {}
    for codec in [codec for media in medias for codec in media.codecs]:
        for payload_type, apt in ((codec.payload_type, None), (codec.rtx_type, codec.payload_type)):
            meaning = codec.name, apt
            if payload_type is not None and meanings.setdefault(payload_type, meaning) != meaning:
                raise OfferRefused(reason=OfferFault.UNREADABLE)


def _check_shape(medias: Sequence[MediaDescription], directions: Collection[str], most: int) -> None:
    kinds = [media.kind for media in medias]
    if not set(kinds) & set(TrackKind):
        raise OfferRefused(reason=OfferFault.NO_MEDIA)
    if any(kinds.count(kind) > most for kind in kinds) or set(kinds) - set(TrackKind):
        raise OfferRefused(reason=OfferFault.TOO_MANY_TRACKS)
    if any(media.direction not in directions for media in medias):
        raise OfferRefused(reason=OfferFault.WRONG_DIRECTION)


def _read_media(media: MediaDescription, video: Sequence[VideoCodec], *, every: bool) -> OfferedMedia:
    kind = TrackKind(media.kind)
    offered = [codec for codec in media.rtp.codecs if codec.payloadType in media.fmt]
    both = _codecs_of_both(offered, video if kind is TrackKind.VIDEO else ("opus",), CLOCK_RATES[kind])
    codecs = both if every else both[:1]
    extensions = {
        extension.uri: extension.id
        for extension in media.rtp.headerExtensions
        if extension.uri in TAKEN_EXTENSIONS and 1 <= extension.id <= HIGHEST_ONE_BYTE_ID
    }
    return OfferedMedia(kind, str(media.rtp.muxId), codecs, extensions)


def _codecs_of_both(
    codecs: Iterable[RTCRtpCodecParameters], wanted: Sequence[str], clock_rate: int
) -> tuple[Codec, ...]:
    """Return the codecs both sides have, the best first. Raises: OfferRefused when there is none."""
    taken = [one for one in codecs if one.payloadType in PAYLOAD_TYPES and one.clockRate == clock_rate]
    known = sorted(taken, key=lambda one: not is_constrained_baseline(_profile(one)))
    rtx = {str(one.parameters.get("apt")): one.payloadType for one in known if _name(one) == "rtx"}
    found: dict[str, Codec] = {}
    for name in wanted:
        for one in known:
            if _name(one).lower() == name.lower() and one.payloadType is not None and _is_taken(one, name):
                told = {key: one.parameters[key] for key in _told(one, name)}
                codec = Codec(
                    name,
                    one.payloadType,
                    rtx.get(str(one.payloadType)),
                    one.clockRate,
                    one.channels,
                    parameters_to_sdp(told),
                    frozenset(f"{fb.type} {fb.parameter}" if fb.parameter else fb.type for fb in one.rtcpFeedback),
                )
                found.setdefault(name, codec)
    if not found:
        raise OfferRefused(reason=OfferFault.NO_COMMON_CODEC)
    return tuple(found.values())


def _is_taken(codec: RTCRtpCodecParameters, name: str) -> bool:
    """Say whether we take this form of a codec: of H.264 what every browser has, in packets that may be aggregated."""
    if name != VideoCodec.H264:
        return True
    return str(codec.parameters.get("packetization-mode")) == "1" and is_baseline(_profile(codec))


def _profile(codec: RTCRtpCodecParameters) -> str:
    return str(codec.parameters.get("profile-level-id"))


def _told(codec: RTCRtpCodecParameters, name: str) -> list[str]:
    return [key for key in codec.parameters if name != VideoCodec.H264 or key in _H264_TOLD]


def _name(codec: RTCRtpCodecParameters) -> str:
    return str(codec.mimeType).partition("/")[2]


class SentMedia(NamedTuple):
    """What we send in a media section: the SSRCs of the media and of its retransmissions.

    Sections of the same `stream` are played in step.
    """

    ssrc: int
    rtx_ssrc: int | None
    stream: str = CNAME


@dataclass(frozen=True)
class Local:
    """Our side of a connection, as an answer tells it."""

    ice: Credentials
    fingerprint: Fingerprint
    setup: str
    addresses: tuple[Host, ...]


def write_answer(offer: Offer, local: Local, *, sent: dict[str, SentMedia] | None = None) -> str:
    """Return the answer to an offer.

    Args:
        offer: what `read_offer` returned.
        local: our side.
        sent: when we send, what by mid; a section that is not in it is inactive. None when we receive.
    """
    lines = [
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        f"a=group:BUNDLE {' '.join(media.mid for media in offer.medias)}",
        "a=msid-semantic: WMS *",
    ]
    for media in offer.medias:
        lines += _section(media, local)
        if sent is None:
            lines += _received(media)
        else:
            lines += _sent(media, sent.get(media.mid))
    return "\r\n".join(lines) + "\r\n"


def _section(media: OfferedMedia, local: Local) -> list[str]:
    types = [one for codec in media.codecs for one in (codec.payload_type, codec.rtx_type) if one is not None]
    return [
        f"m={media.kind} 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, types))}",
        "c=IN IP4 0.0.0.0",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        f"a=mid:{media.mid}",
        f"a=ice-ufrag:{local.ice.ufrag}",
        f"a=ice-pwd:{local.ice.password}",
        f"a=fingerprint:{' '.join(local.fingerprint)}",
        f"a=setup:{local.setup}",
        *(candidate_line(number, address) for number, address in enumerate(local.addresses, 1)),
        "a=end-of-candidates",
        *(line for codec in media.codecs for line in _codec_lines(media.kind, codec)),
    ]


def _codec_lines(kind: TrackKind, codec: Codec) -> list[str]:
    channels = f"/{codec.channels}" if codec.channels and codec.channels > 1 else ""
    lines = [
        f"a=rtpmap:{codec.payload_type} {codec.name}/{codec.clock_rate}{channels}",
        *(f"a=rtcp-fb:{codec.payload_type} {one}" for one in FEEDBACK[kind] if _agreed(kind, codec, one)),
    ]
    if codec.rtx_type is not None:
        lines += [
            f"a=rtpmap:{codec.rtx_type} rtx/{codec.clock_rate}",
            f"a=fmtp:{codec.rtx_type} apt={codec.payload_type}",
        ]
    return lines


def _agreed(kind: TrackKind, codec: Codec, feedback: str) -> bool:
    # Browsers take a NACK for sound without offering it, and then send what was lost once more.
    return feedback in codec.feedback or (kind is TrackKind.AUDIO and feedback == "nack")


def candidate_line(number: int, address: Host) -> str:
    """Return the attribute that tells one of our addresses. Args: number: 1 for the best."""
    host, port = address
    priority = (126 << 24) | ((65_535 - number) << 8) | 255
    return f"a=candidate:{number} 1 udp {priority} {host} {port} typ host"


def _received(media: OfferedMedia) -> list[str]:
    lines = ["a=recvonly", *(f"a=extmap:{number} {uri}" for uri, number in media.extensions.items())]
    given = [part for part in media.codec.parameters.split(";") if part]
    if media.kind is TrackKind.AUDIO:
        given = [part for part in given if not part.startswith("useinbandfec")] + ["useinbandfec=1"]
    else:
        given.append(f"x-google-start-bitrate={START_KBPS}")
    return [*lines, f"a=fmtp:{media.codec.payload_type} {';'.join(given)}"]


def _sent(media: OfferedMedia, sent: SentMedia | None) -> list[str]:
    if sent is None:
        return ["a=inactive"]
    lines = ["a=sendonly", f"a=msid:{sent.stream} {sent.stream}-{media.kind}"]
    lines += [f"a=fmtp:{one.payload_type} {one.parameters}" for one in media.codecs if one.parameters]
    ssrcs = [sent.ssrc]
    if sent.rtx_ssrc is not None:
        lines.append(f"a=ssrc-group:FID {sent.ssrc} {sent.rtx_ssrc}")
        ssrcs.append(sent.rtx_ssrc)
    return lines + [f"a=ssrc:{ssrc} cname:{CNAME}" for ssrc in ssrcs]
