import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { signIn } from "../../api/me";
import { Page } from "../../app/Page";
import { textOf, useSubmit } from "../../app/useSubmit";
import { Button } from "../../ui/Button";
import { Checkbox, TextField } from "../../ui/inputs";
import { ProblemAlert } from "../../ui/Problem";

/** Only a path of this site is followed after signing in. */
function placeToGo(next: string | null): string {
  return next?.startsWith("/") && !next.startsWith("//") ? next : "/";
}

export default function SignIn() {
  const { t } = useLingui();
  const [, navigate] = useLocation();
  const [search] = useSearchParams();
  const [shown, setShown] = useState(false);
  const { onSubmit, busy, error } = useSubmit(
    (form) => signIn(textOf(form, "email"), String(form.get("password"))),
    () => navigate(placeToGo(search.get("next")), { replace: true }),
  );
  return (
    <Page title={t`Sign in`} lead={<Trans>Virtual validation sessions: live tour, checklist and evidence.</Trans>}>
      <form className="card" onSubmit={onSubmit}>
        {error && <ProblemAlert error={error} />}
        <TextField label={t`E-mail address`} name="email" type="email" autoComplete="username" autoCapitalize="none" />
        <TextField
          label={t`Password`}
          name="password"
          type={shown ? "text" : "password"}
          autoComplete="current-password"
        />
        <Checkbox label={t`Show password`} checked={shown} onChange={() => setShown(!shown)} />
        <div className="actions">
          <Button type="submit" busy={busy}>
            <Trans>Sign in</Trans>
          </Button>
        </div>
      </form>
      <p className="quiet door-note">
        <Trans>Invited to a session? Open the link in your invitation; you need no account.</Trans>
      </p>
    </Page>
  );
}
