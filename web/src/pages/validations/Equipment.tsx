import done from "icon:check_circle";
import block from "icon:do_not_disturb";
import clock from "icon:schedule";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { makeMediaToken, revokeMediaToken, useMediaTokens } from "../../api/mediaTokens";
import type { MadeMediaToken, MediaToken } from "../../api/types";
import { FormModal } from "../../app/FormModal";
import { type SessionState, SOURCE_TYPES } from "../../live/state";
import { toast } from "../../ui/announce";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Copyable } from "../../ui/Copyable";
import { DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { Select, TextField } from "../../ui/inputs";
import { Loaded } from "../../ui/Loaded";
import { Modal } from "../../ui/Modal";
import { Tag } from "../../ui/Tag";
import { dayAndClockIn, myZone } from "../../ui/time";
import { sourceTypeWord } from "../room/words";

const HOURS = [1, 4, 12, 24];
const WATCHES = "watch";

interface EquipmentProps {
  session: SessionState;
  /** Whether a token that watches may be made: only who holds the door lets somebody in who sees the room. */
  mayLetWatch: boolean;
}

/** Cameras, drones, encoders and players of their own: each connects with a token that is made and withdrawn here. */
export function Equipment({ session, mayLetWatch }: EquipmentProps) {
  const { t } = useLingui();
  const tokens = useMediaTokens(session.id);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<MadeMediaToken | null>(null);
  const [revoking, setRevoking] = useState<MediaToken | null>(null);
  const open = session.state === "planned" || session.state === "live";
  return (
    <section className="card" aria-labelledby="equipment">
      <div className="card__head">
        <h2 id="equipment">
          <Trans>Equipment</Trans>
        </h2>
        {open && (
          <Button look="outline" small onClick={() => setAdding(true)}>
            <Trans>Connect equipment</Trans>
          </Button>
        )}
      </div>
      <Loaded query={tokens}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState heading={<Trans>No equipment yet</Trans>}>
              <Trans>
                A fixed camera, a drone or an encoder such as OBS can send into the session. It gets an address and a
                token from here.
              </Trans>
            </EmptyState>
          ) : (
            <DataTable
              caption={t`Equipment`}
              rows={[...all]}
              rowKey={(token) => token.id}
              columns={[
                { key: "name", header: t`Name`, cell: (token) => token.name },
                { key: "type", header: t`Type`, cell: (token) => <What type={token.source_type} /> },
                { key: "by", header: t`Made by`, cell: (token) => token.made_by },
                { key: "used", header: t`Last used`, cell: (token) => moment(token.last_used_at) },
                { key: "state", header: t`Token`, cell: (token) => <TokenStateTag token={token} /> },
                {
                  key: "act",
                  header: t`Action`,
                  cell: (token) =>
                    !token.revoked_at && (
                      <Button look="quiet" small onClick={() => setRevoking(token)}>
                        <Trans>Withdraw</Trans>
                      </Button>
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
      {adding && (
        <NewEquipment session={session} mayLetWatch={mayLetWatch} onMade={setMade} onClose={() => setAdding(false)} />
      )}
      {made && <ShownOnce made={made} onClose={() => setMade(null)} />}
      {revoking && (
        <Confirm
          heading={<Trans>Withdraw the token of {revoking.name}?</Trans>}
          verb={<Trans>Withdraw token</Trans>}
          onClose={() => setRevoking(null)}
          onConfirm={async () => {
            await revokeMediaToken(session.id, revoking.id);
            toast(t`The token no longer works.`);
          }}
        >
          <p>
            <Trans>What it sends or watches ends at once. You can make a new one.</Trans>
          </p>
        </Confirm>
      )}
    </section>
  );
}

function What({ type }: { type: MediaToken["source_type"] }) {
  const { t } = useLingui();
  return type === null ? t`watches` : sourceTypeWord(type);
}

function moment(at: string | null): string {
  return at === null ? "–" : dayAndClockIn(new Date(at), myZone());
}

function TokenStateTag({ token }: { token: MediaToken }) {
  const { t } = useLingui();
  if (token.revoked_at) {
    return (
      <Tag tone="calm" icon={block}>
        {t`Withdrawn`}
      </Tag>
    );
  }
  const over = new Date(token.expires_at) < new Date();
  const until = moment(token.expires_at);
  return (
    <Tag tone={over ? "warn" : "good"} icon={over ? clock : done}>
      {over ? t`Expired` : t`Works until ${until}`}
    </Tag>
  );
}

interface NewEquipmentProps extends EquipmentProps {
  onMade: (made: MadeMediaToken) => void;
  onClose: () => void;
}

function NewEquipment({ session, mayLetWatch, onMade, onClose }: NewEquipmentProps) {
  const { t } = useLingui();
  const equipment = SOURCE_TYPES.map((type) => ({ value: type, label: t`Sends: ${sourceTypeWord(type)}` }));
  const watching = mayLetWatch ? [{ value: WATCHES, label: t`Watches the session` }] : [];
  async function send(form: FormData) {
    const type = SOURCE_TYPES.find((one) => one === form.get("type")) ?? null;
    const wish = { name: String(form.get("name")), source_type: type, hours: Number(form.get("hours")) };
    onMade(await makeMediaToken(session.id, wish));
  }
  return (
    <FormModal
      heading={<Trans>Connect equipment</Trans>}
      verb={<Trans>Make the token</Trans>}
      send={send}
      onClose={onClose}
    >
      <TextField label={t`Name`} hint={t`As it is called at the site: Dock camera 3.`} name="name" maxLength={60} />
      <Select label={t`What it does`} name="type" options={[...equipment, ...watching]} defaultValue="fixed_camera" />
      <Select
        label={t`Works after the planned end`}
        name="hours"
        options={HOURS.map((hours) => ({ value: String(hours), label: t`${hours} h` }))}
        defaultValue="4"
      />
      <p className="quiet">
        <Trans>
          It sends on your behalf: only while you are in the room, and it is recorded if you agreed to be recorded.
        </Trans>
      </p>
    </FormModal>
  );
}

/** The only time the secret is on a page. */
function ShownOnce({ made, onClose }: { made: MadeMediaToken; onClose: () => void }) {
  const { t } = useLingui();
  const { name } = made.token;
  return (
    <Modal heading={<Trans>Token of {name}</Trans>} onClose={onClose}>
      <p>
        <Trans>Enter both in the equipment. The token is not shown again; whoever has it can connect.</Trans>
      </p>
      <dl className="facts">
        <div>
          <dt>{made.token.source_type === null ? t`Address (WHEP)` : t`Address (WHIP)`}</dt>
          <dd>
            <Copyable text={made.url} what={t`Copy the address`} />
          </dd>
        </div>
        <div>
          <dt>
            <Trans>Bearer token</Trans>
          </dt>
          <dd>
            <Copyable text={made.secret} what={t`Copy the token`} />
          </dd>
        </div>
      </dl>
      <div className="actions">
        <Button onClick={onClose}>
          <Trans>Close</Trans>
        </Button>
      </div>
    </Modal>
  );
}
