import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useMe } from "../../api/me";
import { useAccounts, useMembers } from "../../api/queries";
import { Page } from "../../app/Page";
import { languageWord, officeWord } from "../../app/words";
import { Button } from "../../ui/Button";
import { DataTable } from "../../ui/DataTable";
import { Loaded } from "../../ui/Loaded";
import { Modal } from "../../ui/Modal";
import { AccountForm } from "./AccountForm";

export default function Accounts() {
  const { t } = useLingui();
  const accounts = useAccounts();
  // An operator adds accounts of the office alone, since no member is theirs to see.
  const members = useMembers(useMe().data?.office_role === "supervisor");
  const [adding, setAdding] = useState(false);
  const company = (memberId: string | null) => members.data?.find((member) => member.id === memberId)?.name;
  return (
    <Page
      title={t`Accounts`}
      lead={<Trans>Who can sign in, and for which office or company.</Trans>}
      actions={
        <Button onClick={() => setAdding(true)}>
          <Trans>Add account</Trans>
        </Button>
      }
    >
      <Loaded query={accounts}>
        {(rows) => (
          <div className="card">
            <DataTable
              caption={t`Accounts`}
              rows={rows}
              rowKey={(account) => account.id}
              columns={[
                { key: "name", header: t`Name`, cell: (account) => account.name },
                { key: "email", header: t`E-mail address`, cell: (account) => account.email },
                { key: "office", header: t`Office`, cell: (account) => officeWord(account.office_role) },
                { key: "company", header: t`Company`, cell: (account) => company(account.member_id) ?? "–" },
                { key: "language", header: t`Language`, cell: (account) => languageWord(account.language) },
              ]}
            />
          </div>
        )}
      </Loaded>
      {adding && (
        <Modal heading={<Trans>Add account</Trans>} onClose={() => setAdding(false)}>
          <AccountForm members={members.data ?? []} onDone={() => setAdding(false)} />
        </Modal>
      )}
    </Page>
  );
}
