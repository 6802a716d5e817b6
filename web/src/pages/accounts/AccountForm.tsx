import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { addAccount } from "../../api/queries";
import type { AddedAccount, Member, OfficeRole } from "../../api/types";
import { LANGUAGES } from "../../app/language";
import { textOf, useSubmit } from "../../app/useSubmit";
import { languageWord, officeWord } from "../../app/words";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { Copyable } from "../../ui/Copyable";
import { Select, TextField } from "../../ui/inputs";
import { ProblemAlert } from "../../ui/Problem";
import { dayAndClockIn, myZone } from "../../ui/time";

const OFFICES: readonly OfficeRole[] = ["scss", "supervisor", "reviewer", "operator", "member"];

export function AccountForm({ members, onDone }: { members: readonly Member[]; onDone: () => void }) {
  const { t } = useLingui();
  const offices = members.length > 0 ? OFFICES : OFFICES.filter((one) => one !== "member");
  const [office, setOffice] = useState<OfficeRole>("scss");
  const [added, setAdded] = useState<AddedAccount | null>(null);
  const { onSubmit, busy, error, wrong } = useSubmit(
    (form) =>
      addAccount({
        name: textOf(form, "name"),
        email: textOf(form, "email"),
        office_role: office,
        member_id: office === "member" ? textOf(form, "member_id") : null,
        language: form.get("language") === "es" ? "es" : "en",
      }),
    setAdded,
  );
  if (added) return <FirstLink added={added} onDone={onDone} />;
  return (
    <form onSubmit={onSubmit}>
      {error && <ProblemAlert error={error} />}
      <TextField label={t`Name`} name="name" maxLength={200} autoComplete="off" />
      <TextField
        label={t`E-mail address`}
        name="email"
        type="email"
        maxLength={254}
        autoComplete="off"
        error={wrong("email") && t`Check this address.`}
      />
      <Select
        label={t`Office`}
        name="office_role"
        value={office}
        onChange={(event) => setOffice(offices.find((one) => one === event.target.value) ?? "scss")}
        options={offices.map((one) => ({ value: one, label: officeWord(one) }))}
      />
      {office === "member" && (
        <Select
          label={t`Company`}
          name="member_id"
          unset={t`Choose a company`}
          options={members.map((member) => ({ value: member.id, label: member.name }))}
        />
      )}
      <Select
        label={t`Language`}
        name="language"
        options={LANGUAGES.map((language) => ({ value: language, label: languageWord(language) }))}
      />
      <div className="actions">
        <Button type="submit" busy={busy}>
          <Trans>Add account</Trans>
        </Button>
        <Button look="quiet" onClick={onDone}>
          <Trans>Go back</Trans>
        </Button>
      </div>
    </form>
  );
}

function FirstLink({ added, onDone }: { added: AddedAccount; onDone: () => void }) {
  const { t } = useLingui();
  const { name } = added.account;
  const until = dayAndClockIn(new Date(added.link_expires_at), myZone());
  return (
    <div className="stack">
      <Alert kind="success" announced>
        <Trans>The account of {name} exists.</Trans>
      </Alert>
      <p>
        <Trans>Hand over this sign-in link. It works once, until {until}, and is not shown again.</Trans>
      </p>
      <Copyable text={added.link} what={t`Copy sign-in link`} />
      <div className="actions">
        <Button onClick={onDone}>
          <Trans>Close</Trans>
        </Button>
      </div>
    </div>
  );
}
