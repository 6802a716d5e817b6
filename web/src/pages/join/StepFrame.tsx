import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Page } from "../../app/Page";

const STEPS = 4;

interface StepFrameProps {
  /** 1..4 */
  step: number;
  title: string;
  children: ReactNode;
  /** The buttons, always in reach of the thumb at the bottom. */
  foot: ReactNode;
}

/** One step on a phone: what is asked, and at the bottom what to press. */
export function StepFrame({ step, title, children, foot }: StepFrameProps) {
  return (
    <Page
      key={step}
      title={title}
      trail={
        <span className="step-count">
          <Trans>
            Step {step} of {STEPS}
          </Trans>
          <progress className="step-bar" aria-hidden="true" max={STEPS} value={step} />
        </span>
      }
    >
      <div className="step-body stack">{children}</div>
      {foot && <div className="step-foot">{foot}</div>}
    </Page>
  );
}
