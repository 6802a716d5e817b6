/** A page for trying lines: the product's own publisher and watcher, and what they have come to, without a room around. */

import { PhotoSender } from "../live/photoSender";
import { Publisher } from "../live/publisher";
import type { Slots } from "../live/slots";
import { Watcher } from "../live/watcher";

type Report = Readonly<Record<string, unknown>>;

async function reports(connection: RTCPeerConnection | null): Promise<readonly Report[]> {
  const found: Report[] = [];
  (await connection?.getStats())?.forEach((report: Report) => {
    found.push(report);
  });
  return found;
}

/** Fields of the first report of a type that has all of `which`; null where the browser has none. */
function pick(all: readonly Report[], type: string, which: Report, names: readonly string[]): Report {
  const fits = (one: Report) => Object.entries(which).every(([name, value]) => one[name] === value);
  const report = all.find((one) => one.type === type && fits(one)) ?? {};
  return Object.fromEntries(names.map((name) => [name, report[name] ?? null]));
}

let publisher: Publisher | null = null;
let watcher: Watcher | null = null;
let played: MediaStream | null = null;
/** When each picture was shown, in ms since 1970. */
const shownAt: number[] = [];
const states: (readonly [number, string])[] = [];

/** Changes between video and photos, and the photos: when begun, how long each took in ms, and its bytes. */
const modes: (readonly [number, boolean])[] = [];
const photos: (readonly [number, number, number])[] = [];

function noteState(state: string): void {
  states.push([Date.now(), state]);
}

function tone(): MediaStreamTrack {
  const sound = new AudioContext();
  const out = new MediaStreamAudioDestinationNode(sound);
  const oscillator = new OscillatorNode(sound, { frequency: 660 });
  oscillator.connect(out);
  oscillator.start();
  const [track] = out.stream.getAudioTracks();
  if (track === undefined) {
    throw new Error("no sound");
  }
  return track;
}

async function publish(video: MediaTrackConstraints): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video });
  stream.addTrack(tone());
  publisher = new Publisher({ validationSessionId: "line", kind: "camera" }, stream, noteState);
  void publisher.run();
  new PhotoSender({
    connection: () => publisher?.connection ?? null,
    sourceId: () => publisher?.sourceId ?? null,
    track: () => stream.getVideoTracks()[0] ?? null,
    state: (_, on) => modes.push([Date.now(), on]),
    send: async (_source, _travelMs, data) => {
      const beganAt = Date.now();
      const { ok } = await fetch("/photo", { method: "POST", body: data });
      photos.push([beganAt, Date.now() - beganAt, data.byteLength]);
      return ok;
    },
  });
}

function watch(source: string): void {
  const video = document.createElement("video");
  Object.assign(video, { autoplay: true, playsInline: true, muted: true });
  document.body.append(video);
  const note = () => {
    shownAt.push(Date.now());
    video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);
  const show = (slots: Slots) => {
    played = watcher?.played(slots.indexOf(source))?.stream ?? null;
    video.srcObject = played;
  };
  watcher = new Watcher({ validationSessionId: "line", voicesOnly: false }, show, noteState);
  watcher.watch([{ id: source, picture: true }]);
  void watcher.run();
}

async function sent(): Promise<Report> {
  const all = await reports(publisher?.connection ?? null);
  return {
    sourceId: publisher?.sourceId ?? null,
    ...pick(all, "candidate-pair", { nominated: true }, ["availableOutgoingBitrate", "currentRoundTripTime"]),
    ...pick(all, "outbound-rtp", { kind: "video" }, [
      "bytesSent",
      "frameHeight",
      "framesPerSecond",
      "qualityLimitationReason",
      "framesEncoded",
    ]),
    ...pick(all, "remote-inbound-rtp", { kind: "video" }, ["fractionLost"]),
  };
}

async function seen(): Promise<Report> {
  const all = await reports(watcher?.connection ?? null);
  const of = (kind: string) => ({
    kind,
    trackIdentifier: played?.getTracks().find((track) => track.kind === kind)?.id,
  });
  return {
    frames: shownAt.length,
    ...pick(all, "inbound-rtp", of("video"), [
      "bytesReceived",
      "frameHeight",
      "freezeCount",
      "totalFreezesDuration",
      "framesDropped",
      "jitterBufferDelay",
      "jitterBufferEmittedCount",
      "nackCount",
      "pliCount",
    ]),
    ...pick(all, "inbound-rtp", of("audio"), ["concealedSamples", "totalSamplesReceived", "concealmentEvents"]),
  };
}

Object.assign(globalThis, { line: { publish, watch, sent, seen, shownAt, states, modes, photos } });
