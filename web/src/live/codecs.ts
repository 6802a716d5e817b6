/** What this browser can send and show, measured at the door: a room's pictures are in what everybody can show. */

export type VideoCodec = "VP8" | "H264";

export interface MeasuredCodecs {
  readonly decodes: VideoCodec[];
  readonly encodes: VideoCodec[];
}

interface ListedCodec {
  readonly mimeType: string;
  readonly sdpFmtpLine?: string;
}

/** The form of each codec that the server answers. */
const FORMS: Record<VideoCodec, string> = {
  VP8: "video/VP8",
  H264: "video/H264;level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
};
const CODECS: readonly VideoCodec[] = ["VP8", "H264"];
const PICTURE = { width: 1280, height: 720, bitrate: 2_500_000, framerate: 30 };

function isListed(codec: VideoCodec, listed: readonly ListedCodec[]): boolean {
  return listed.some(({ mimeType, sdpFmtpLine = "" }) => {
    if (mimeType.toLowerCase() !== `video/${codec.toLowerCase()}`) return false;
    return (
      codec !== "H264" ||
      (sdpFmtpLine.includes("packetization-mode=1") && /profile-level-id=42[ce]0/i.test(sdpFmtpLine))
    );
  });
}

/** The codecs that are listed and that the browser says it can do; one that cannot be asked is taken at its list's word. */
export async function supported(
  listed: readonly ListedCodec[],
  ask: (contentType: string) => Promise<boolean>,
): Promise<VideoCodec[]> {
  const found: VideoCodec[] = [];
  for (const codec of CODECS) {
    if (isListed(codec, listed) && (await ask(FORMS[codec]).catch(() => true))) {
      found.push(codec);
    }
  }
  return found;
}

/** Measure both directions for a picture of 1280 by 720, 30 times a second. */
export async function measureCodecs(): Promise<MeasuredCodecs> {
  if (!("RTCRtpReceiver" in window)) {
    return { decodes: [], encodes: [] };
  }
  const able = navigator.mediaCapabilities;
  return {
    decodes: await supported(
      RTCRtpReceiver.getCapabilities("video")?.codecs ?? [],
      async (contentType) =>
        (await able.decodingInfo({ type: "webrtc", video: { contentType, ...PICTURE } })).supported,
    ),
    encodes: await supported(
      RTCRtpSender.getCapabilities("video")?.codecs ?? [],
      async (contentType) =>
        (await able.encodingInfo({ type: "webrtc", video: { contentType, ...PICTURE } })).supported,
    ),
  };
}
