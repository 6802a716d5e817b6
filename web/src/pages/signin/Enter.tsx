import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Link, useLocation } from "wouter";
import { ME, signInByLink } from "../../api/me";
import { takeTokenFromAddress } from "../../app/linkToken";
import { Page } from "../../app/Page";
import { ProblemAlert } from "../../ui/Problem";
import { Waiting } from "../../ui/Waiting";

/** The landing of a single-use sign-in link: /enter#token. */
export default function Enter() {
  const { t } = useLingui();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const used = useRef(false);
  const { mutate, error } = useMutation({
    mutationFn: signInByLink,
    onSuccess: (me) => {
      client.setQueryData(ME, me);
      navigate("/", { replace: true });
    },
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
