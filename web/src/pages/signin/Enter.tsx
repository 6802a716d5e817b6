import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Link, useLocation } from "wouter";
import { signInByLink } from "../../api/me";
import { takeTokenFromAddress } from "../../app/linkToken";
import { Page } from "../../app/Page";
import { ProblemAlert } from "../../ui/Problem";
import { Waiting } from "../../ui/Waiting";

/** The landing of a single-use sign-in link: /enter#token. */
export default function Enter() {
  const { t } = useLingui();
  const [, navigate] = useLocation();
  const used = useRef(false);
  const { mutate, error } = useMutation({
    mutationFn: signInByLink,
    onSuccess: () => navigate("/", { replace: true }),
  });
  useEffect(() => {
    // The token works once, so a second run of this effect must not spend it.
    if (used.current) return;
    used.current = true;
    mutate(takeTokenFromAddress());
  }, [mutate]);
  return (
    <Page title={t`Signing in`}>
      {error ? (
        <ProblemAlert error={error}>
          <p>
            <Link to="/sign-in">
              <Trans>Go to the sign-in page</Trans>
            </Link>
          </p>
        </ProblemAlert>
      ) : (
        <Waiting>
          <Trans>Checking your link…</Trans>
        </Waiting>
      )}
    </Page>
  );
}
