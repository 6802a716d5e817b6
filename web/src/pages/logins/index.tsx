import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { revokeLogin, useLogins } from "../../api/queries";
import type { Login } from "../../api/types";
import { browserName } from "../../app/browserName";
import { Page } from "../../app/Page";
import { toast } from "../../ui/announce";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { DataTable } from "../../ui/DataTable";
import { Loaded } from "../../ui/Loaded";
import { dayAndClockIn, myZone } from "../../ui/time";
import { PasswordForm } from "./PasswordForm";

function when(at: string): string {
  return dayAndClockIn(new Date(at), myZone());
}

export default function Logins() {
  const { t } = useLingui();
  const logins = useLogins();
  const [ending, setEnding] = useState<Login | null>(null);
  return (
    <Page title={t`My account`}>
      <div className="stack">
        <section className="card" aria-labelledby="logins">
          <div className="card__head">
            <h2 id="logins">
              <Trans>Logins</Trans>
            </h2>
            <p className="quiet">
              <Trans>Every browser in which you are signed in. End one that you do not know.</Trans>
            </p>
          </div>
          <Loaded query={logins}>
            {(rows) => (
              <DataTable
                caption={t`Logins`}
                rows={rows}
                rowKey={(login) => login.id}
                columns={[
                  { key: "browser", header: t`Browser`, cell: (login) => browserName(login.user_agent) },
                  { key: "address", header: t`Network address`, cell: (login) => login.address },
                  { key: "since", header: t`Signed in`, cell: (login) => when(login.created_at) },
                  { key: "seen", header: t`Last used`, cell: (login) => when(login.last_seen_at) },
                  {
                    key: "act",
                    header: t`Action`,
                    cell: (login) =>
                      login.current ? (
                        <Trans>This browser</Trans>
                      ) : (
                        <Button look="outline" small onClick={() => setEnding(login)}>
                          <Trans>End login</Trans>
                        </Button>
                      ),
                  },
                ]}
              />
            )}
          </Loaded>
        </section>
        <PasswordForm />
      </div>
      {ending && (
        <Confirm
          heading={t`End the login in ${browserName(ending.user_agent)}?`}
          verb={t`End login`}
          onClose={() => setEnding(null)}
          onConfirm={async () => {
            await revokeLogin(ending.id);
            toast(t`The login has ended.`);
          }}
        >
          <p>
            <Trans>Whoever uses it is signed out at once.</Trans>
          </p>
        </Confirm>
      )}
    </Page>
  );
}
