import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useAccounts, useMember } from "../../api/queries";
import type { OfficeRole, Role } from "../../api/types";
import { addParticipant } from "../../api/validations";
import { useSubmit } from "../../app/useSubmit";
import { officeWord, roleWord } from "../../app/words";
import type { ValidationState } from "../../live/state";
import { toast } from "../../ui/announce";
import { Button } from "../../ui/Button";
import { ComboBox } from "../../ui/ComboBox";
import { Select } from "../../ui/inputs";
import { ProblemAlert } from "../../ui/Problem";

const OF_MEMBER: readonly Role[] = [
  "camera_operator",
  "member_poc",
  "member_expert",
  "partner",
  "interpreter",
  "observer",
];
const OF_OFFICE: Record<OfficeRole, readonly Role[]> = {
  scss: ["scss", "reviewer", "interpreter", "observer"],
  supervisor: ["supervisor", "interpreter", "observer"],
  reviewer: ["reviewer", "interpreter", "observer"],
  operator: [],
  member: OF_MEMBER,
};

interface Candidate {
  value: string;
  label: string;
  name: string;
  roles: readonly Role[];
  as: { account_id: string; person_id: null } | { account_id: null; person_id: string };
}

/** Everybody who could take part: the member's contact people, its accounts, and the accounts of the office. */
function useCandidates(validation: ValidationState): Candidate[] {
  const people = useMember(validation.member_id).data?.people ?? [];
  const accounts = useAccounts().data ?? [];
  const contacts = people.map((person) => ({
    value: person.id,
    label: person.title ? `${person.name} · ${person.title}` : `${person.name} · ${person.email}`,
    name: person.name,
    roles: OF_MEMBER,
    as: { account_id: null, person_id: person.id },
  }));
  const holders = accounts
    .filter((account) => account.member_id === null || account.member_id === validation.member_id)
    .map((account) => ({
      value: account.id,
      label: `${account.name} · ${officeWord(account.office_role)}`,
      name: account.name,
      roles: OF_OFFICE[account.office_role],
      as: { account_id: account.id, person_id: null },
    }));
  return [...contacts, ...holders.filter((holder) => holder.roles.length > 0)];
}

export function ParticipantForm({ validation, onDone }: { validation: ValidationState; onDone: () => void }) {
  const { t } = useLingui();
  const candidates = useCandidates(validation);
  const [chosen, setChosen] = useState("");
  const candidate = candidates.find(({ value }) => value === chosen);
  const { onSubmit, busy, error } = useSubmit(
    async (form) => {
      const role = candidate?.roles.find((one) => one === form.get("role"));
      if (candidate && role) await addParticipant(validation.id, { role, ...candidate.as });
    },
    () => {
      const name = candidate?.name ?? "";
      toast(t`${name} takes part now.`);
      onDone();
    },
  );
  return (
    <form onSubmit={onSubmit}>
      {error && <ProblemAlert error={error} />}
      <ComboBox
        label={t`Person`}
        hint={t`Contact people of the member, or anybody with an account.`}
        name="person"
        options={candidates}
        value={chosen}
        onChange={setChosen}
      />
      <Select
        key={chosen}
        label={t`Role in this validation`}
        name="role"
        disabled={!candidate}
        options={(candidate?.roles ?? []).map((role) => ({ value: role, label: roleWord(role) }))}
      />
      <div className="actions">
        <Button type="submit" busy={busy} disabled={!candidate}>
          <Trans>Add person</Trans>
        </Button>
        <Button look="quiet" onClick={onDone}>
          <Trans>Go back</Trans>
        </Button>
      </div>
    </form>
  );
}
