import { t } from "@lingui/core/macro";
import type { Cause } from "../../live/interruptions";
import type { LineQuality } from "../../live/quality";
import type { Method, SourceKind, SourceType, Verdict } from "../../live/state";

/** Words of the room for the codes of the wire. */

export function verdictWord(verdict: Verdict): string {
  return {
    met: t`Met`,
    partly_met: t`Partly met`,
    not_met: t`Not met`,
    not_applicable: t`Not applicable`,
    not_verifiable_remotely: t`Not remotely`,
  }[verdict];
}

export function methodWord(method: Method): string {
  return {
    live: t`Live video`,
    recorded: t`Recorded video`,
    document: t`Document`,
    interview: t`Interview`,
    cctv: t`CCTV`,
    in_person: t`In person`,
  }[method];
}

export function levelWord(level: "must" | "should"): string {
  return { must: t`Must`, should: t`Should` }[level];
}

export function sourceWord(kind: SourceKind): string {
  return { camera: t`Camera`, microphone: t`Microphone`, screen: t`Screen` }[kind];
}

export function causeWord(cause: Cause): string {
  return {
    call: t`phone call`,
    screen_locked: t`screen locked`,
    hidden: t`page in the background`,
    frozen: t`page stood still`,
    mute_audio: t`voice muted`,
    mute_video: t`picture paused by hand`,
    camera_swap: t`changing the camera`,
    track_ended: t`camera lost`,
    network: t`line broken`,
    relay_change: t`changing the network`,
  }[cause];
}

export function sourceTypeWord(type: SourceType): string {
  return {
    live_device: t`phone or computer`,
    fixed_camera: t`fixed camera`,
    drone: t`drone`,
    screen: t`screen`,
    prerecorded: t`prerecorded`,
  }[type];
}

/** What a source is: equipment by its name and type, a person's own page by theirs. */
export function sourceTitle(
  source: { readonly kind: SourceKind; readonly source_type: SourceType; readonly name: string | null },
  person: string,
): string {
  return source.name === null
    ? t`${sourceWord(source.kind)} of ${person}`
    : t`${source.name} (${sourceTypeWord(source.source_type)})`;
}

export function qualityWord(quality: LineQuality): string {
  return { good: t`Line good`, weak: t`Line weak`, bad: t`Line bad`, still: t`Nothing arrives` }[quality];
}

/** How to verify a criterion, as the criteria file words it; an unknown word is shown as it is. */
export function verifyWord(word: string): string {
  const words: Readonly<Record<string, string>> = {
    document: t`document`,
    interview: t`interview`,
    record_sample: t`sample of records`,
    tour: t`tour`,
    live_demo: t`live demonstration`,
    photo: t`photo`,
    cctv: t`CCTV`,
    system_demo: t`system shown live`,
  };
  return words[word] ?? word.replaceAll("_", " ");
}

export function fitWord(fit: string): string {
  const words: Readonly<Record<string, string>> = {
    strong: t`Well shown from afar`,
    partial: t`Partly shown from afar`,
    weak: t`Poorly shown from afar`,
  };
  return words[fit] ?? fit;
}

/** Why a still was not taken, as the phone words it on the wire. */
export function declineWord(reason: string): string {
  const words: Readonly<Record<string, string>> = {
    camera_off: t`the camera was off`,
    private: t`“Show, do not store” was on`,
    no_frame: t`the camera gave no picture`,
    missed: t`the request came too late`,
    refused: t`the member declined`,
  };
  return words[reason] ?? reason;
}

export function bytesWord(bytes: number): string {
  return bytes < 1_000_000 ? t`${Math.max(1, Math.round(bytes / 1000))} kB` : t`${(bytes / 1_000_000).toFixed(1)} MB`;
}
