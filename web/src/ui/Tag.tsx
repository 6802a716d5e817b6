import type { ReactNode } from "react";
import { Icon } from "./Icon";

export type TagTone = "good" | "bad" | "warn" | "info" | "calm";

/** A state: icon, word and colour together, never colour alone. */
export function Tag({
  tone,
  icon,
  long = false,
  children,
}: {
  tone: TagTone;
  icon: string;
  /** It may need two lines on a phone. */
  long?: boolean;
  children: ReactNode;
}) {
  return (
    <span className={`tag tag--${tone}${long ? " tag--long" : ""}`}>
      <Icon outline={icon} size="1.1em" />
      {children}
    </span>
  );
}
