import type { ReactNode } from "react";
import { Icon } from "./Icon";

export type TagTone = "good" | "bad" | "warn" | "info" | "calm";

/** A state: icon, word and colour together, never colour alone. */
export function Tag({ tone, icon, children }: { tone: TagTone; icon: string; children: ReactNode }) {
  return (
    <span className={`tag tag--${tone}`}>
      <Icon outline={icon} size="1.1em" />
      {children}
    </span>
  );
}
