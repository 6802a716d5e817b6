import cancel from "icon:cancel";
import check from "icon:check_circle";
import help from "icon:help";
import security from "icon:security";
import { t } from "@lingui/core/macro";
import type { LineTest, Way } from "../live/state";
import { Tag, type TagTone } from "../ui/Tag";

/** The words for the ways to the media port, in the language shown. */

export function wayWord(way: Way): string {
  return {
    direct: t`Direct (UDP)`,
    relay_udp: t`Relay over UDP`,
    relay_tcp: t`Relay over TCP`,
    relay_tls: t`Relay over TLS`,
  }[way];
}

/** What a whole test says: the way that media will take. */
export function pathWord(path: Way | null): string {
  switch (path) {
    case "direct":
      return t`Direct`;
    case "relay_udp":
      return t`Through the relay`;
    case "relay_tcp":
    case "relay_tls":
      return t`Relay over TLS/TCP only`;
    case null:
      return t`No way through`;
  }
}

const TONES: Record<Way, TagTone> = { direct: "good", relay_udp: "good", relay_tcp: "warn", relay_tls: "warn" };

export function LineTag({ line }: { line: Pick<LineTest, "path"> | null }) {
  if (line === null) {
    return (
      <Tag tone="calm" icon={help}>
        {t`Not tested`}
      </Tag>
    );
  }
  const { path } = line;
  const tone = path === null ? "bad" : TONES[path];
  return (
    <Tag long tone={tone} icon={{ good: check, warn: security, bad: cancel, info: help, calm: help }[tone]}>
      {pathWord(path)}
    </Tag>
  );
}
