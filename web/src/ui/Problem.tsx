import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { ProblemError } from "../api/client";
import { Alert } from "./Alert";
import { sentenceFor } from "./problemSentences";

/** Say in the reader's language what a failed request means. */
export function useProblemWords(): (error: Error) => string {
  const { t } = useLingui();
  return (error) => {
    if (error instanceof ProblemError) return sentenceFor(error.problem);
    return t`The server cannot be reached. Check your connection; nothing was sent.`;
  };
}

/** A failed request in the flow of the page, read out at once. */
export function ProblemAlert({ error, children }: { error: Error; children?: ReactNode }) {
  const say = useProblemWords();
  return (
    <Alert kind="error" announced>
      {say(error)}
      {children}
    </Alert>
  );
}

/** What keeps a page from being shown at all, with a way to try again. */
export function ProblemPage({ error, retry }: { error: Error; retry: () => void }) {
  return (
    <ProblemAlert error={error}>
      <p>
        <button type="button" className="usa-button usa-button--unstyled" onClick={retry}>
          <Trans>Try again</Trans>
        </button>
      </p>
    </ProblemAlert>
  );
}
