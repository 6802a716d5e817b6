import cancel from "icon:cancel";
import check from "icon:check_circle";
import eventIcon from "icon:event";
import flag from "icon:flag";
import lock from "icon:lock";
import lockOpen from "icon:lock_open";
import person from "icon:person";
import star from "icon:star";
import videocam from "icon:videocam";
import videocamOff from "icon:videocam_off";
import { t } from "@lingui/core/macro";
import type { EntityType, Language, OfficeRole, Phase, Role, Side, ValidationMethod } from "../api/types";
import type { FindingKind, SessionPhase } from "../live/state";
import { Tag, type TagTone } from "../ui/Tag";

/** The words people use for the codes of the wire, in the language shown. */

export function roleWord(role: Role): string {
  return {
    scss_lead: t`Lead specialist`,
    scss: t`Specialist`,
    supervisor: t`Supervisor`,
    reviewer: t`Reviewer`,
    member_poc: t`Member contact`,
    member_expert: t`Member expert`,
    camera_operator: t`Camera operator`,
    partner: t`Business partner`,
    interpreter: t`Interpreter`,
    observer: t`Observer`,
  }[role];
}

export function officeWord(office: OfficeRole): string {
  return {
    scss: t`Specialist (SCSS)`,
    supervisor: t`Supervisor`,
    reviewer: t`Reviewer`,
    operator: t`Operator`,
    member: t`Member`,
  }[office];
}

export function sideWord(side: Side): string {
  return { government: t`Government`, member: t`Member` }[side];
}

export function entityWord(entity: string): string {
  const words: Record<EntityType, string> = {
    importer: t`Importer`,
    exporter: t`Exporter`,
    foreign_manufacturer: t`Foreign manufacturer`,
    highway_carrier: t`Highway carrier`,
    mexican_long_haul_carrier: t`Mexican long-haul carrier`,
    customs_broker: t`Customs broker`,
    consolidator: t`Consolidator`,
    third_party_logistics: t`Third-party logistics provider`,
    sea_carrier: t`Sea carrier`,
    air_carrier: t`Air carrier`,
    rail_carrier: t`Rail carrier`,
    marine_port_terminal_operator: t`Marine port or terminal operator`,
  };
  const known = ENTITY_TYPES.find((one) => one === entity);
  return known ? words[known] : entity;
}

export const ENTITY_TYPES = [
  "importer",
  "exporter",
  "foreign_manufacturer",
  "highway_carrier",
  "mexican_long_haul_carrier",
  "customs_broker",
  "consolidator",
  "third_party_logistics",
  "sea_carrier",
  "air_carrier",
  "rail_carrier",
  "marine_port_terminal_operator",
] as const satisfies readonly EntityType[];

export const VALIDATION_METHODS = ["virtual", "hybrid", "in_person"] as const satisfies readonly ValidationMethod[];

export function methodWord(method: string): string {
  const words: Record<ValidationMethod, string> = { virtual: t`Virtual`, hybrid: t`Hybrid`, in_person: t`In person` };
  const known = VALIDATION_METHODS.find((one) => one === method);
  return known ? words[known] : method;
}

export function languageWord(language: Language): string {
  return { en: t`English`, es: t`Spanish` }[language];
}

interface Look {
  tone: TagTone;
  icon: string;
  word: string;
}

function tag({ tone, icon, word }: Look) {
  return (
    <Tag tone={tone} icon={icon}>
      {word}
    </Tag>
  );
}

export function PhaseTag({ phase }: { phase: Phase }) {
  return tag(
    {
      open: { tone: "info", icon: lockOpen, word: t`Open` } as const,
      closed: { tone: "calm", icon: lock, word: t`Closed` } as const,
    }[phase],
  );
}

export function SessionStateTag({ state }: { state: SessionPhase }) {
  return tag(
    {
      planned: { tone: "info", icon: eventIcon, word: t`Planned` } as const,
      live: { tone: "bad", icon: videocam, word: t`Live now` } as const,
      ended: { tone: "good", icon: check, word: t`Ended` } as const,
      cancelled: { tone: "calm", icon: cancel, word: t`Cancelled` } as const,
      no_show: { tone: "warn", icon: person, word: t`No-show` } as const,
    }[state],
  );
}

export function FindingKindTag({ kind }: { kind: FindingKind }) {
  return tag(
    {
      action_required: { tone: "bad", icon: flag, word: t`Action required` } as const,
      recommendation: { tone: "warn", icon: flag, word: t`Recommendation` } as const,
      best_practice: { tone: "good", icon: star, word: t`Best practice` } as const,
    }[kind],
  );
}

export function FindingStateTag({ state }: { state: "open" | "closed" }) {
  return tag(
    {
      open: { tone: "warn", icon: lockOpen, word: t({ context: "finding", message: "Open" }) } as const,
      closed: { tone: "good", icon: check, word: t({ context: "finding", message: "Closed" }) } as const,
    }[state],
  );
}

export function RecordingTag({ recording }: { recording: boolean }) {
  return recording
    ? tag({ tone: "info", icon: videocam, word: t`With recording` })
    : tag({ tone: "calm", icon: videocamOff, word: t`Without recording` });
}
