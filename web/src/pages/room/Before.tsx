import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { DoorFrame } from "../../app/frame";
import { Page } from "../../app/Page";

/** The frame of what stands before the room: waiting, refusals, the roster. */
export function Before({ children }: { children: ReactNode }) {
  const { t } = useLingui();
  return (
    <DoorFrame>
      <Page title={t`Room`}>{children}</Page>
    </DoorFrame>
  );
}
