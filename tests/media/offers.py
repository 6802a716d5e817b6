"""Offers as browsers and encoders write them, shortened to one codec of each sort."""

ICE = ("a=ice-ufrag:Gmv3", "a=ice-pwd:axz8myxA5DjrTNLrGMUO89tZ")
DIGEST = "36:57:CD:1F:07:83:53:E7:58:87:04:52:67:5C:03:79:E5:68:1A:70:CD:AE:BE:84:D9:C8:27:86:29:9A:52:72"


def chromium(direction: str) -> str:
    """Return an offer of Chromium; one that sends tells its SSRCs."""
    sends = direction == "sendonly"
    audio_ssrc = ["a=msid:s t", "a=ssrc:3735928559 cname:c", "a=ssrc:3735928559 msid:s t"] if sends else []
    video_ssrc = ["a=ssrc-group:FID 11 22", "a=ssrc:11 cname:c", "a=ssrc:22 cname:c"] if sends else []
    lines = [
        *("v=0", "o=- 6980004574136016696 2 IN IP4 127.0.0.1", "s=-", "t=0 0"),
        *("a=group:BUNDLE 0 1", "a=extmap-allow-mixed", "a=msid-semantic: WMS"),
        *("m=audio 9 UDP/TLS/RTP/SAVPF 111 63 0", "c=IN IP4 0.0.0.0", "a=rtcp:9 IN IP4 0.0.0.0"),
        "a=candidate:1 1 udp 2122260223 0c2f9e2e-5f0c-4d4e-9f2e-1d2c3b4a5f60.local 50000 typ host generation 0",
        *(*ICE, "a=ice-options:trickle", f"a=fingerprint:sha-256 {DIGEST}", "a=setup:actpass", "a=mid:0"),
        "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
        "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
        "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
        *(f"a={direction}", "a=rtcp-mux", "a=rtcp-rsize", "a=rtcp-xr:rcvr-rtt=all"),
        *("a=rtpmap:111 opus/48000/2", "a=rtcp-fb:111 transport-cc", "a=fmtp:111 minptime=10;useinbandfec=1"),
        *("a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111", "a=rtpmap:0 PCMU/8000", *audio_ssrc),
        *("m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99 49", "c=IN IP4 0.0.0.0", "a=rtcp:9 IN IP4 0.0.0.0"),
        *(*ICE, "a=ice-options:trickle", f"a=fingerprint:sha-256 {DIGEST}", "a=setup:actpass", "a=mid:1"),
        *("a=extmap:14 urn:ietf:params:rtp-hdrext:toffset", "a=extmap:13 urn:3gpp:video-orientation"),
        "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
        "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
        *(f"a={direction}", "a=rtcp-mux", "a=rtcp-rsize", "a=rtcp-xr:rcvr-rtt=all", "a=rtpmap:96 VP8/90000"),
        *(f"a=rtcp-fb:96 {one}" for one in ("goog-remb", "transport-cc", "ccm fir", "nack", "nack pli")),
        *("a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96", "a=rtpmap:98 VP9/90000", "a=fmtp:98 profile-id=0"),
        *("a=rtpmap:99 rtx/90000", "a=fmtp:99 apt=98", "a=rtpmap:49 flexfec-03/90000"),
        *("a=fmtp:49 repair-window=10000000", *video_ssrc),
    ]
    return "\r\n".join([*lines, ""])


H264_FORMS = (
    (102, 103, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f"),
    (104, 105, "level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f"),
    (106, 107, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"),
    (112, 113, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=64001f"),
)
"""Payload types of H.264 and of its retransmissions in an offer of Chromium, and their parameters."""


def chromium_h264(direction: str) -> str:
    """Return an offer of Chromium that has H.264 after its other codecs."""
    lines = list[str]()
    for number, again, parameters in H264_FORMS:
        lines += [f"a=rtpmap:{number} H264/90000", f"a=fmtp:{number} {parameters}"]
        lines += [f"a=rtcp-fb:{number} {one}" for one in ("transport-cc", "ccm fir", "nack", "nack pli")]
        lines += [f"a=rtpmap:{again} rtx/90000", f"a=fmtp:{again} apt={number}"]
    types = " ".join(f"{number} {again}" for number, again, _ in H264_FORMS)
    head, mid, tail = chromium(direction).partition("a=rtpmap:49 ")
    return "\r\n".join([head.removesuffix("\r\n"), *lines, mid + tail]).replace(" 99 49", f" 99 {types} 49")


def ffmpeg(codec: str = "VP8", parameters: str = "") -> str:
    """Return an offer as FFmpeg's WHIP muxer writes it: passive, and without retransmission."""
    audio = ["m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=mid:0", "a=msid:FFmpeg audio", "a=rtpmap:111 opus/48000/2"]
    video = ["m=video 9 UDP/TLS/RTP/SAVPF 106", "a=mid:1", "a=msid:FFmpeg video", f"a=rtpmap:106 {codec}/90000"]
    video += [f"a=fmtp:106 {parameters}"] * bool(parameters)
    shared = ["c=IN IP4 0.0.0.0", *ICE, f"a=fingerprint:sha-256 {DIGEST}", "a=setup:passive", "a=sendonly"]
    lines = [
        *("v=0", "o=FFmpeg 4489045141692799359 2 IN IP4 127.0.0.1", "s=FFmpegPublishSession", "t=0 0"),
        *("a=group:BUNDLE 0 1", "a=extmap-allow-mixed", "a=msid-semantic: WMS"),
        *(*audio, *shared, "a=rtcp-mux", "a=ssrc:1 cname:FFmpeg", "a=ssrc:1 msid:FFmpeg audio"),
        *(*video, *shared, "a=rtcp-mux", "a=rtcp-rsize", "a=ssrc:2 cname:FFmpeg", "a=ssrc:2 msid:FFmpeg video"),
    ]
    return "\r\n".join([*lines, ""])
