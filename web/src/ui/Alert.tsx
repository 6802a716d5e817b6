import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";

export type AlertKind = "info" | "success" | "warning" | "error";

interface AlertProps {
  kind: AlertKind;
  heading?: ReactNode;
  children?: ReactNode;
  /** Read out at once because it appeared after an act of the person. */
  announced?: boolean;
}

/** A message in the flow of the page. */
export function Alert({ kind, heading, children, announced = false }: AlertProps) {
  const { t } = useLingui();
  const word = { info: t`Note`, success: t`Done`, warning: t`Attention`, error: t`Problem` }[kind];
  return (
    <div
      className={`usa-alert usa-alert--slim usa-alert--${kind}`}
      role={announced ? (kind === "error" ? "alert" : "status") : undefined}
    >
      <div className="usa-alert__body">
        <div className="usa-alert__text">
          <span className="sr-only">{word}: </span>
          {heading && <strong className="alert-heading">{heading}</strong>}
          {children}
        </div>
      </div>
    </div>
  );
}
