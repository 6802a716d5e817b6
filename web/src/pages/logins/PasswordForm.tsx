import { Trans, useLingui } from "@lingui/react/macro";
import { ProblemError } from "../../api/client";
import { setPassword } from "../../api/me";
import { useSubmit } from "../../app/useSubmit";
import { toast } from "../../ui/announce";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/inputs";
import { ProblemAlert } from "../../ui/Problem";

const LEAST = 12;

/** Set or change the own password; who came by a first link has none yet and leaves the present one empty. */
export function PasswordForm() {
  const { t } = useLingui();
  const { onSubmit, busy, error, wrong } = useSubmit(
    (form) => setPassword(String(form.get("current")), String(form.get("password"))),
    (_, form) => {
      form.reset();
      toast(t`Your password is saved.`);
    },
  );
  const refused = error instanceof ProblemError && error.problem.code === "sign_in_refused";
  return (
    <section className="card" aria-labelledby="password">
      <div className="card__head">
        <h2 id="password">
          <Trans>Password</Trans>
        </h2>
      </div>
      <form onSubmit={onSubmit}>
        {error && !refused && <ProblemAlert error={error} />}
        <div className="form-grid form-grid--hints">
          <TextField
            label={t`Present password`}
            hint={t`Leave it empty if you have none yet.`}
            name="current"
            type="password"
            autoComplete="current-password"
            error={refused && t`This is not your present password.`}
            optional
          />
          <TextField
            label={t`New password`}
            hint={t`At least ${LEAST} characters. A few words are good.`}
            name="password"
            type="password"
            autoComplete="new-password"
            minLength={LEAST}
            maxLength={1024}
            error={wrong("password") && t`Choose a longer password.`}
          />
        </div>
        <div className="actions">
          <Button type="submit" look="outline" busy={busy}>
            <Trans>Save password</Trans>
          </Button>
        </div>
      </form>
    </section>
  );
}
