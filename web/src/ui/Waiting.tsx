import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

/**
 * Shown while something is on its way; it appears after half a second, so that quick answers do not flicker.
 *
 * `quiet`: what is around it is a live region already.
 */
export function Waiting({ children, quiet = false }: { children?: ReactNode; quiet?: boolean }) {
  return (
    <p className="waiting" role={quiet ? undefined : "status"}>
      <span className="waiting__dot" aria-hidden="true" />
      {children ?? <Trans>Loading…</Trans>}
    </p>
  );
}

/** How far a long act is, 0..1. */
export function Progress({ label, done }: { label: string; done: number }) {
  const percent = Math.round(done * 100);
  return (
    <div className="progress">
      <div className="progress__words">
        <span>{label}</span>
        <span>{percent} %</span>
      </div>
      <progress aria-label={label} max={100} value={percent} />
    </div>
  );
}
