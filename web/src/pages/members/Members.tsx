import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Link } from "wouter";
import { useMembers } from "../../api/queries";
import { Page } from "../../app/Page";
import { entityWord } from "../../app/words";
import { Button } from "../../ui/Button";
import { DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { Loaded } from "../../ui/Loaded";
import { Modal } from "../../ui/Modal";
import { MemberForm } from "./MemberForm";

export default function Members() {
  const { t } = useLingui();
  const members = useMembers();
  const [adding, setAdding] = useState(false);
  const add = (
    <Button onClick={() => setAdding(true)}>
      <Trans>Add member</Trans>
    </Button>
  );
  return (
    <Page title={t`Members`} lead={<Trans>The companies in the program, their sites and people.</Trans>} actions={add}>
      <Loaded query={members}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState heading={<Trans>No member yet</Trans>}>
              <Trans>Add the company first, then its sites and the people you invite.</Trans>
            </EmptyState>
          ) : (
            <div className="card">
              <DataTable
                caption={t`Members`}
                rows={rows}
                rowKey={(member) => member.id}
                columns={[
                  {
                    key: "name",
                    header: t`Company`,
                    cell: (member) => <Link to={`/members/${member.id}`}>{member.name}</Link>,
                  },
                  {
                    key: "entities",
                    header: t`Entity types`,
                    cell: (member) => member.entity_types.map(entityWord).join(", "),
                  },
                  { key: "account", header: t`Account number`, cell: (member) => member.account_number || "–" },
                ]}
              />
            </div>
          )
        }
      </Loaded>
      {adding && (
        <Modal heading={<Trans>Add member</Trans>} onClose={() => setAdding(false)}>
          <MemberForm onDone={() => setAdding(false)} />
        </Modal>
      )}
    </Page>
  );
}
