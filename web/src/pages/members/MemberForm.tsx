import { Trans, useLingui } from "@lingui/react/macro";
import { useLocation } from "wouter";
import { addMember } from "../../api/queries";
import type { EntityType } from "../../api/types";
import { textOf, useSubmit } from "../../app/useSubmit";
import { ENTITY_TYPES, entityWord } from "../../app/words";
import { Button } from "../../ui/Button";
import { Checkbox, Choices, TextField } from "../../ui/inputs";
import { ProblemAlert } from "../../ui/Problem";

function chosenEntities(form: FormData): EntityType[] {
  const names = form.getAll("entity_types");
  return ENTITY_TYPES.filter((entity) => names.includes(entity));
}

export function MemberForm({ onDone }: { onDone: () => void }) {
  const { t } = useLingui();
  const [, navigate] = useLocation();
  const { onSubmit, busy, error, wrong } = useSubmit(
    (form) =>
      addMember({
        name: textOf(form, "name"),
        entity_types: chosenEntities(form),
        account_number: textOf(form, "account_number"),
      }),
    (member) => {
      onDone();
      navigate(`/members/${member.id}`);
    },
  );
  return (
    <form onSubmit={onSubmit}>
      {error && <ProblemAlert error={error} />}
      <TextField label={t`Company name`} name="name" maxLength={200} autoComplete="off" />
      <TextField
        label={t`Account number`}
        hint={t`As the program knows the company.`}
        name="account_number"
        maxLength={40}
        autoComplete="off"
        optional
      />
      <Choices
        legend={t`Entity types`}
        hint={
          wrong("entity_types") ? t`Choose at least one.` : t`They decide which criteria apply. Choose all that fit.`
        }
      >
        <div className="form-grid">
          {ENTITY_TYPES.map((entity) => (
            <Checkbox key={entity} name="entity_types" value={entity} label={entityWord(entity)} />
          ))}
        </div>
      </Choices>
      <div className="actions">
        <Button type="submit" busy={busy}>
          <Trans>Add member</Trans>
        </Button>
        <Button look="quiet" onClick={onDone}>
          <Trans>Go back</Trans>
        </Button>
      </div>
    </form>
  );
}
