/** Which lanes a browser can play, and what to call them. */

import type { Lane } from "../../api/review";
import { sourceTitle } from "../room/words";

/** What is inside each type of file; a browser asked for the type alone answers "maybe" for what it cannot decode. */
const INSIDE: Record<string, string> = {
  "video/mp4": 'video/mp4; codecs="avc1.42E01F, opus"',
  "audio/mp4": 'audio/mp4; codecs="opus"',
  "video/webm": 'video/webm; codecs="vp8, opus"',
  "audio/webm": 'audio/webm; codecs="opus"',
};

/** Ask the browser whether it plays this type of file. */
export function canPlay(mediaType: string, ask: (type: string) => string = asked): boolean {
  return ask(INSIDE[mediaType] ?? mediaType) !== "";
}

function asked(type: string): string {
  return document.createElement("video").canPlayType(type);
}

/** Whether an element's error means that the bytes cannot be played, and not that they did not come. */
export function isUnplayable(error: MediaError | null): boolean {
  return error !== null && error.code >= MediaError.MEDIA_ERR_DECODE;
}

function senderWord(lane: Lane): string {
  return sourceTitle({ ...lane, name: lane.source_name }, lane.name);
}

/**
 * "Camera of Ana Ruiz", and equipment by its name and type. Who changed the codec has two lanes, and then the kind of
 * file tells them apart.
 */
export function laneWord(lane: Lane, lanes: readonly Lane[]): string {
  const word = senderWord(lane);
  const twins = lanes.filter((one) => one.participant_id === lane.participant_id && senderWord(one) === word);
  return twins.length > 1 ? `${word} (${fileWord(lane)})` : word;
}

/** "MP4" or "WebM". */
export function fileWord(lane: Lane): string {
  return lane.media_type.endsWith("/mp4") ? "MP4" : "WebM";
}
