"""Offers read and answers written: RFC 8829 (JSEP), RFC 9143 (bundle), RFC 5761 (mux), RFC 8445, 5.4 (lite)."""

from dataclasses import replace

import pytest
from aiortc.sdp import MediaDescription, SessionDescription
from hypothesis import example, given
from hypothesis import strategies as st

from server.media.errors import OfferRefused
from server.media.frames import TrackKind, VideoCodec
from server.media.transport.ice import Credentials
from server.media.transport.sdp import MID, TRANSPORT_CC, Local, Offer, SentMedia, read_offer, write_answer
from tests.media.offers import DIGEST, chromium, chromium_h264, ffmpeg
from tests.media.peers import MovingPicture, PublishingPeer, Tone

AUDIO, VIDEO = TrackKind.AUDIO, TrackKind.VIDEO
SENDS, RECEIVES = frozenset({"sendonly", "sendrecv"}), frozenset({"recvonly", "sendrecv"})
ANY = SENDS | RECEIVES
LOCAL = Local(Credentials("ours", "secret-of-24-characters-"), ("sha-256", "AA:BB"), "passive", (("127.0.0.1", 5000),))
PUBLISHING, WATCHING = chromium("sendonly"), chromium("recvonly")


def altered(offer: str, *changes: tuple[str, str]) -> str:
    """Return an offer with pieces replaced."""
    for old, new in changes:
        assert old in offer
        offer = offer.replace(old, new)
    return offer


def answered(
    offer: Offer, local: Local = LOCAL, sent: dict[str, SentMedia] | None = None
) -> tuple[SessionDescription, list[MediaDescription]]:
    """Return our answer as aiortc's parser reads it."""
    parsed = SessionDescription.parse(write_answer(offer, local, sent=sent))
    return parsed, parsed.media


def test_chromiums_offer_is_read() -> None:
    """Codec, retransmission, extensions, credentials and role, of each section."""
    offer = read_offer(PUBLISHING, directions=SENDS)
    audio, video = offer.medias
    assert (offer.ice, offer.setup) == (("Gmv3", "axz8myxA5DjrTNLrGMUO89tZ"), "auto")
    assert offer.fingerprints == {("sha-256", DIGEST)}
    assert (audio.kind, audio.mid) == (AUDIO, "0")
    assert (audio.codec.name, audio.codec.payload_type, audio.codec.rtx_type) == ("opus", 111, None)
    assert (video.kind, video.mid) == (VIDEO, "1")
    assert (video.codec.name, video.codec.payload_type, video.codec.rtx_type) == ("VP8", 96, 97)
    assert (video.extensions[TRANSPORT_CC], video.extensions[MID]) == (3, 4)
    assert video.codec.feedback >= {"nack", "nack pli", "transport-cc", "ccm fir"}


async def test_aiortcs_offer_is_read() -> None:
    """The peers of this suite: several fingerprints, two setups of numbers."""
    peer = PublishingPeer(MovingPicture(), Tone(440))
    offer = read_offer(await peer.offer(), directions=SENDS)
    await peer.pc.close()
    assert [media.kind for media in offer.medias] == [VIDEO, AUDIO]
    assert {name for name, _ in offer.fingerprints} >= {"sha-256"}


def test_ffmpegs_offer_is_read() -> None:
    """A DTLS server that retransmits nothing: we are the client, and NACK is not agreed for pictures."""
    offer = read_offer(ffmpeg(), directions=SENDS)
    assert (offer.setup, [media.codec.rtx_type for media in offer.medias]) == ("server", [None, None])
    _, (audio, video) = answered(offer, Local(LOCAL.ice, LOCAL.fingerprint, "active", LOCAL.addresses))
    assert [media.dtls.role for media in (audio, video) if media.dtls is not None] == ["client", "client"]
    assert ([codec.name for codec in video.rtp.codecs], video.rtp.codecs[0].rtcpFeedback) == (["VP8"], [])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ([("m=audio", "m=au dio")], "unreadable"),
        ([("a=setup:actpass\r\n", "")], "unreadable"),
        ([("a=setup:actpass", "a=setup:holdconn")], "unreadable"),
        ([("a=fingerprint:sha-256 " + DIGEST + "\r\n", "")], "unreadable"),
        ([("a=ice-ufrag:", "a=ice-")], "unreadable"),
        ([("a=ice-pwd:", "a=ice-")], "unreadable"),
        ([("a=rtpmap:96 VP8/90000", "a=rtpmap:111 VP8/90000"), ("RTP/SAVPF 96", "RTP/SAVPF 111")], "unreadable"),
        ([("m=audio", "m=application"), ("m=video", "m=application")], "no_media"),
        ([("m=audio", "m=application")], "too_many_tracks"),
        ([("m=audio", "m=video")], "too_many_tracks"),
        ([("a=group:BUNDLE 0 1\r\n", "")], "not_bundled"),
        ([("a=group:BUNDLE 0 1", "a=group:BUNDLE 0")], "not_bundled"),
        ([("a=group:BUNDLE 0 1", "a=group:LS 0 1")], "not_bundled"),
        ([("a=mid:1\r\n", "a=mid:0\r\n")], "not_bundled"),
        ([("a=mid:0\r\n", ""), ("a=mid:1\r\n", "")], "not_bundled"),
        ([("opus", "pcma")], "no_common_codec"),
        ([("VP8", "VP9")], "no_common_codec"),
        ([("VP8/90000", "VP8/48000")], "no_common_codec"),
        ([("RTP/SAVPF 96 97", "RTP/SAVPF 97")], "no_common_codec"),
        ([("a=rtpmap:96", "a=rtpmap:200"), ("RTP/SAVPF 96", "RTP/SAVPF 200")], "no_common_codec"),
        ([("a=rtpmap:96", "a=rtpmap:64"), ("RTP/SAVPF 96", "RTP/SAVPF 64")], "no_common_codec"),
        ([("a=sendonly", "a=recvonly")], "wrong_direction"),
        ([("a=sendonly", "a=inactive")], "wrong_direction"),
        ([("a=sendonly\r\n", "")], "wrong_direction"),
    ],
)
def test_offer_is_refused_with_its_reason(changes: list[tuple[str, str]], reason: str) -> None:
    with pytest.raises(OfferRefused) as refusal:
        read_offer(altered(PUBLISHING, *changes), directions=SENDS)
    assert refusal.value.fields == {"reason": reason}


def test_one_section_needs_a_mid_too() -> None:
    """An answer has to name it (RFC 9143, 7.3), and an empty name is none."""
    alone = altered(ffmpeg().partition("m=video")[0], ("a=group:BUNDLE 0 1", "a=group:BUNDLE 0"))
    assert [media.mid for media in read_offer(alone, directions=SENDS).medias] == ["0"]
    with pytest.raises(OfferRefused) as refusal:
        read_offer(altered(alone, ("a=mid:0\r\n", "")), directions=SENDS)
    assert refusal.value.fields == {"reason": "unreadable"}


@pytest.mark.parametrize(
    ("parameters", "is_taken"),
    [
        ("level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42c01f", True),
        ("packetization-mode=1;profile-level-id=42e01f;sprop-parameter-sets=Z0LAH9kA,aM4C", True),
        ("level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42000c", True),
        ("packetization-mode=0;profile-level-id=42e01f", False),
        ("packetization-mode=1;profile-level-id=4200", False),
        ("packetization-mode=1;profile-level-id=4d001f", False),
        ("profile-level-id=42e01f", False),
        ("packetization-mode=1;profile-level-id=64001f", False),
        ("packetization-mode=1", False),
        ("", False),
    ],
)
def test_h264_is_taken_as_baseline_in_mode_1(
    parameters: str,
    is_taken: bool,  # noqa: FBT001  (a table's column)
) -> None:
    """The answer echoes profile, mode and asymmetry, and nothing that describes the offerer's own stream."""
    if not is_taken:
        with pytest.raises(OfferRefused) as refusal:
            read_offer(ffmpeg("H264", parameters), directions=SENDS)
        assert refusal.value.fields == {"reason": "no_common_codec"}
        return
    offer = read_offer(ffmpeg("H264", parameters), directions=SENDS)
    _, (_, video) = answered(offer)
    told = {key: str(value) for key, value in video.rtp.codecs[0].parameters.items()}
    assert told.pop("x-google-start-bitrate") == "1500"
    assert ";".join(f"{key}={value}" for key, value in told.items()) == parameters.partition(";sprop")[0]
    assert offer.video is VideoCodec.H264


@pytest.mark.parametrize(
    ("wanted", "name", "types"),
    [
        ((VideoCodec.VP8, VideoCodec.H264), "VP8", (96, 97)),
        ((VideoCodec.H264, VideoCodec.VP8), "H264", (106, 107)),
        ((VideoCodec.H264,), "H264", (106, 107)),
        ((VideoCodec.VP8,), "VP8", (96, 97)),
    ],
)
def test_first_wanted_codec_of_the_offer_is_answered(
    wanted: tuple[VideoCodec, ...], name: str, types: tuple[int, int]
) -> None:
    """Of several forms of H.264 the one that every browser has, with its own retransmissions."""
    codec = read_offer(chromium_h264("sendonly"), directions=SENDS, video=wanted).medias[1].codec
    assert (codec.name, (codec.payload_type, codec.rtx_type)) == (name, types)


def test_offer_without_the_wanted_codec_is_refused() -> None:
    """A viewer gets the source's codec or a reason, never another one."""
    with pytest.raises(OfferRefused) as refusal:
        read_offer(WATCHING, directions=RECEIVES, video=(VideoCodec.H264,))
    assert refusal.value.fields == {"reason": "no_common_codec"}


def test_retransmission_is_not_agreed_when_its_type_cannot_be_sent() -> None:
    """With the marker bit 64 to 95 look like RTCP (RFC 5761, 4), and there are seven bits."""
    for number in ("72", "95", "140"):
        offer = read_offer(
            altered(PUBLISHING, ("rtpmap:97", f"rtpmap:{number}"), ("fmtp:97", f"fmtp:{number}")), directions=SENDS
        )
        assert offer.medias[1].codec.rtx_type is None


def test_extension_is_left_out_when_its_id_needs_two_bytes() -> None:
    """We read one-byte elements; 15 is reserved."""
    for number in ("0", "15", "200"):
        offer = read_offer(altered(PUBLISHING, ("a=extmap:3 ", f"a=extmap:{number} ")), directions=SENDS)
        assert TRANSPORT_CC not in offer.medias[1].extensions


@pytest.mark.parametrize("offer_sdp", [PUBLISHING, WATCHING, ffmpeg()])
def test_answer_has_what_both_sides_need(offer_sdp: str) -> None:
    """Same sections in the same order with the same mids in one bundle, muxed, with a candidate and a role each."""
    offer = read_offer(offer_sdp, directions=ANY)
    asked = SessionDescription.parse(offer_sdp)
    parsed, medias = answered(offer)
    text = write_answer(offer, LOCAL)
    assert [(media.kind, media.rtp.muxId) for media in medias] == [(one.kind, one.rtp.muxId) for one in asked.media]
    assert [(group.semantic, group.items) for group in parsed.group] == [("BUNDLE", ["0", "1"])]
    for media, before in zip(medias, asked.media, strict=True):
        assert (media.profile, media.port, media.rtcp_mux) == (before.profile, 9, True)
        assert set(media.fmt) <= set(before.fmt)
        assert media.fmt == [codec.payloadType for codec in media.rtp.codecs]
        assert media.ice is not None
        assert (media.ice.iceLite, media.ice.usernameFragment, media.ice.password) == (True, *LOCAL.ice)
        assert media.dtls is not None
        assert ([one.value for one in media.dtls.fingerprints], media.dtls.role) == (["AA:BB"], "server")
        assert [(one.ip, one.port, one.type) for one in media.ice_candidates] == [("127.0.0.1", 5000, "host")]
        assert media.ice_candidates_complete
    assert text.endswith("\r\n")
    assert text.count("\r\n") == text.count("\n")


def test_answer_tells_the_addresses_of_both_families_in_their_order() -> None:
    """RFC 8839, 5.1: IPv6 without brackets; the first that the operator named is the best."""
    addresses = (("2001:db8::1", 5000), ("192.0.2.1", 5000), ("2001:db8::2", 5000))
    text = write_answer(read_offer(PUBLISHING, directions=SENDS), replace(LOCAL, addresses=addresses))
    for media in SessionDescription.parse(text).media:
        assert [(one.ip, one.port) for one in media.ice_candidates] == list(addresses)
        priorities = [one.priority for one in media.ice_candidates]
        assert priorities == sorted(set(priorities), reverse=True)


def test_publishers_answer_receives() -> None:
    """Only extensions of the offer under its ids, feedback that it has, and error correction for sound."""
    _, (audio, video) = answered(read_offer(PUBLISHING, directions=SENDS))
    assert [audio.direction, video.direction] == ["recvonly", "recvonly"]
    assert {(one.id, one.uri) for one in video.rtp.headerExtensions} == {(3, TRANSPORT_CC), (4, MID)}
    vp8, rtx = video.rtp.codecs
    assert (vp8.name, rtx.name, rtx.parameters) == ("VP8", "rtx", {"apt": 96})
    told = {f"{one.type} {one.parameter or ''}".strip() for one in vp8.rtcpFeedback}
    assert told == {"transport-cc", "nack", "nack pli", "ccm fir"}
    assert audio.rtp.codecs[0].parameters == {"minptime": 10, "useinbandfec": 1}
    assert (audio.ssrc, video.ssrc) == ([], [])


def test_viewers_answer_sends_what_there_is() -> None:
    """Our SSRCs, paired with those of retransmissions; a kind that the source has not is inactive."""
    offer = read_offer(WATCHING, directions=RECEIVES)
    _, (audio, video) = answered(offer, sent={"1": SentMedia(77, 88)})
    assert (audio.direction, audio.ssrc, video.direction) == ("inactive", [], "sendonly")
    assert [(group.semantic, group.items) for group in video.ssrc_group] == [("FID", [77, 88])]
    assert [one.ssrc for one in video.ssrc] == [77, 88]
    _, (audio, video) = answered(offer, sent={"0": SentMedia(5, None), "1": SentMedia(77, None)})
    assert (audio.direction, [one.ssrc for one in audio.ssrc]) == ("sendonly", [5])
    assert (video.ssrc_group, [one.ssrc for one in video.ssrc]) == ([], [77])


OFFERS = (PUBLISHING, WATCHING, ffmpeg(), chromium_h264("sendonly"))
LINES = sorted({line for text in OFFERS for line in text.split("\r\n")})
WORDS = ["", "a=", "m=video 9 UDP/TLS/RTP/SAVPF 96", "a=rtpmap:96 VP8/90000", "a=mid:", "a=ssrc-group:FID", "-1", "٣"]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Draw an offer of which lines are dropped, doubled, moved, cut, or filled with something else."""
    lines = draw(st.sampled_from(OFFERS)).split("\r\n")
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(lines) - 1))
        place = draw(st.integers(0, len(lines[at])))
        piece = draw(st.one_of(st.sampled_from(WORDS), st.text(max_size=12)))
        choices = [[], [lines[at]] * 2, [lines[at][:place]], [lines[at][:place] + piece + lines[at][place:]]]
        choices += [[lines[at], draw(st.sampled_from(LINES))], [lines[at].replace(":", piece, 1)]]
        lines[at : at + 1] = draw(st.sampled_from(choices))
        lines = lines or [""]
    return "\r\n".join(lines)


@given(st.one_of(mutated(), st.text(max_size=200)))
@example("")
@example("m=audio 9 A/B 0")
@example(PUBLISHING.replace("111", "9" * 5000))
@example(PUBLISHING.replace("a=ssrc-group:FID 11 22", "a=ssrc-group:FID"))
@example(PUBLISHING.replace("a=ssrc-group:FID 11 22", "a=ssrc-group:FID 22 11"))
def test_any_offer_is_refused_or_answered(offer_sdp: str) -> None:
    """Nothing else escapes, and the answer is one that parses and whose packets can be written."""
    try:
        offer = read_offer(offer_sdp, directions=ANY)
    except OfferRefused:
        return
    sent = {media.mid: SentMedia(1, 2) for media in offer.medias}
    for answer in (write_answer(offer, LOCAL), write_answer(offer, LOCAL, sent=sent)):
        assert len(SessionDescription.parse(answer).media) == len(offer.medias)
    for media in offer.medias:
        types = {media.codec.payload_type, media.codec.rtx_type} - {None}
        assert all(0 <= one < 64 or 96 <= one < 128 for one in types if one is not None)
