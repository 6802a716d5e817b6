import { Trans, useLingui } from "@lingui/react/macro";
import { addPerson } from "../../api/queries";
import { LANGUAGES } from "../../app/language";
import { textOf, useSubmit } from "../../app/useSubmit";
import { languageWord } from "../../app/words";
import { Button } from "../../ui/Button";
import { Select, TextField } from "../../ui/inputs";
import { ProblemAlert } from "../../ui/Problem";

export function PersonForm({ memberId, onDone }: { memberId: string; onDone: () => void }) {
  const { t } = useLingui();
  const { onSubmit, busy, error, wrong } = useSubmit(
    (form) =>
      addPerson(memberId, {
        name: textOf(form, "name"),
        title: textOf(form, "title"),
        email: textOf(form, "email"),
        language: form.get("language") === "es" ? "es" : "en",
      }),
    onDone,
  );
  return (
    <form onSubmit={onSubmit}>
      {error && <ProblemAlert error={error} />}
      <TextField label={t`Name`} name="name" maxLength={200} autoComplete="off" />
      <TextField label={t`Position`} name="title" maxLength={200} autoComplete="off" optional />
      <TextField
        label={t`E-mail address`}
        hint={t`Invitations go there.`}
        name="email"
        type="email"
        maxLength={254}
        autoComplete="off"
        error={wrong("email") && t`Check this address.`}
      />
      <Select
        label={t`Language of the invitation`}
        name="language"
        options={LANGUAGES.map((language) => ({ value: language, label: languageWord(language) }))}
      />
      <div className="actions">
        <Button type="submit" busy={busy}>
          <Trans>Add person</Trans>
        </Button>
        <Button look="quiet" onClick={onDone}>
          <Trans>Go back</Trans>
        </Button>
      </div>
    </form>
  );
}
