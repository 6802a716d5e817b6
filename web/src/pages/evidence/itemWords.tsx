import check from "icon:check_circle";
import erase from "icon:delete";
import flag from "icon:flag";
import lock from "icon:lock";
import lockOpen from "icon:lock_open";
import report from "icon:report";
import schedule from "icon:schedule";
import { t } from "@lingui/core/macro";
import { type ItemState, SOURCE_TYPES } from "../../live/state";
import { Tag, type TagTone } from "../../ui/Tag";
import { sourceTypeWord } from "../room/words";

export function itemKindWord(kind: string): string {
  const words: Readonly<Record<string, string>> = {
    still: t`Still`,
    photo: t`Photo`,
    document: t`Document`,
    video: t`Video`,
  };
  return words[kind] ?? kind;
}

export function cameraWord(camera: string | null): string {
  const words: Readonly<Record<string, string>> = {
    full: t`Full camera resolution`,
    frame: t`A frame of the video, taken by the phone`,
    server_frame: t`A frame of the video, taken by the server`,
  };
  return words[camera ?? ""] ?? "–";
}

/** Where the picture of a still comes from: equipment by its name and type, else the type. */
export function stillSourceWord(item: Pick<ItemState, "source_type" | "source_name">): string {
  const type = SOURCE_TYPES.find((one) => one === item.source_type);
  if (type === undefined) return "–";
  return item.source_name === null ? sourceTypeWord(type) : `${item.source_name} (${sourceTypeWord(type)})`;
}

/** Why a file was kept apart, by the stable code of the refusal. */
export function refusalWord(reason: string | null): string {
  const words: Readonly<Record<string, string>> = {
    digest_mismatch: t`The bytes that arrived are not those that were sent.`,
    type_mismatch: t`The content is of another type than the file says.`,
    type_not_allowed: t`Files of this type are not taken.`,
    not_accepted: t`The file is not taken.`,
    unreadable_file: t`The file is damaged or cannot be opened.`,
  };
  return words[reason ?? ""] ?? t`The file was refused.`;
}

interface StateWord {
  tone: TagTone;
  icon: string;
  word: string;
}

/** Where an item is in its life, as icon, word and colour. */
export function stateWord(state: string): StateWord {
  const words: Readonly<Record<string, StateWord>> = {
    filed: { tone: "good", icon: check, word: t`Filed` },
    sealed: { tone: "good", icon: lock, word: t`Sealed` },
    released: { tone: "calm", icon: lockOpen, word: t`Released` },
    disposing: { tone: "warn", icon: erase, word: t`Being destroyed` },
    disposed: { tone: "calm", icon: erase, word: t`Destroyed` },
    quarantined: { tone: "bad", icon: report, word: t`Refused, kept apart` },
  };
  return words[state] ?? { tone: "info", icon: schedule, word: t`Received` };
}

/** Whether the bytes are gone, or going: nobody is given them any more. */
export function isGone(item: Pick<ItemState, "state">): boolean {
  return item.state === "disposing" || item.state === "disposed";
}

export function ItemStateTag({ state, held = false }: { state: string; held?: boolean }) {
  const { tone, icon, word } = stateWord(state);
  return (
    <>
      <Tag long tone={tone} icon={icon}>
        {word}
      </Tag>
      {held && (
        <Tag tone="warn" icon={flag}>
          {t`Legal hold`}
        </Tag>
      )}
    </>
  );
}
