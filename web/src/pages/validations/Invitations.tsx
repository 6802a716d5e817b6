import done from "icon:check_circle";
import block from "icon:do_not_disturb";
import mail from "icon:mail";
import clock from "icon:schedule";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Invitation } from "../../api/types";
import { revokeInvitation, sendInvitation, useInvitations } from "../../api/validations";
import { roleWord } from "../../app/words";
import type { CaseState, ParticipantState, SessionState } from "../../live/state";
import { toast } from "../../ui/announce";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Copyable } from "../../ui/Copyable";
import { DataTable } from "../../ui/DataTable";
import { EmptyState } from "../../ui/EmptyState";
import { Loaded } from "../../ui/Loaded";
import { Modal } from "../../ui/Modal";
import { ProblemAlert } from "../../ui/Problem";
import { Tag } from "../../ui/Tag";
import { dayAndClockIn, myZone } from "../../ui/time";

interface InvitationsProps {
  state: CaseState;
  session: SessionState;
}

/** Who has a link for this session; links are sent, copied once and revoked here. */
export function Invitations({ state, session }: InvitationsProps) {
  const { t } = useLingui();
  const invitations = useInvitations(session.id);
  const [revoking, setRevoking] = useState<{ invitation: Invitation; name: string } | null>(null);
  const [link, setLink] = useState<{ url: string; name: string } | null>(null);
  const sending = useMutation({
    mutationFn: (participant: ParticipantState) => sendInvitation(session.id, participant.id),
    onSuccess: (sent, participant) => setLink({ url: sent.link, name: participant.name }),
  });
  const invitable = session.state === "planned" || session.state === "live";
  const people = Object.values(state.participants).filter((participant) => participant.role !== "scss_lead");
  return (
    <section className="card" aria-labelledby="invitations">
      <div className="card__head">
        <h2 id="invitations">
          <Trans>Invitations</Trans>
        </h2>
      </div>
      {sending.error && <ProblemAlert error={sending.error} />}
      <Loaded query={invitations}>
        {(sent) =>
          people.length === 0 ? (
            <EmptyState heading={<Trans>Nobody to invite yet</Trans>}>
              <Trans>Add people to the validation first; then send them their links from here.</Trans>
            </EmptyState>
          ) : (
            <DataTable
              caption={t`Invitations`}
              rows={people.map((participant) => ({ participant, invitation: lastOf(sent, participant.id) }))}
              rowKey={({ participant }) => participant.id}
              columns={[
                { key: "name", header: t`Name`, cell: ({ participant }) => participant.name },
                { key: "role", header: t`Role`, cell: ({ participant }) => roleWord(participant.role) },
                { key: "state", header: t`Link`, cell: ({ invitation }) => <LinkStateTag invitation={invitation} /> },
                {
                  key: "until",
                  header: t`Works until`,
                  cell: ({ invitation }) =>
                    invitation && !invitation.revoked_at
                      ? dayAndClockIn(new Date(invitation.expires_at), myZone())
                      : "–",
                },
                {
                  key: "act",
                  header: t`Action`,
                  cell: ({ participant, invitation }) => (
                    <div className="actions">
                      {invitable && (
                        <Button
                          look="outline"
                          small
                          busy={sending.isPending && sending.variables.id === participant.id}
                          onClick={() => sending.mutate(participant)}
                        >
                          {invitation ? <Trans>Send a new link</Trans> : <Trans>Send invitation</Trans>}
                        </Button>
                      )}
                      {invitation && !invitation.revoked_at && (
                        <Button look="quiet" small onClick={() => setRevoking({ invitation, name: participant.name })}>
                          <Trans>Revoke</Trans>
                        </Button>
                      )}
                    </div>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
      {link && (
        <Modal heading={<Trans>Invitation sent to {link.name}</Trans>} onClose={() => setLink(null)}>
          <p>
            <Trans>The message is on its way. You can also hand over the link yourself; it is not shown again.</Trans>
          </p>
          <p>
            <Copyable text={link.url} what={t`Copy join link`} />
          </p>
          <div className="actions">
            <Button onClick={() => setLink(null)}>
              <Trans>Close</Trans>
            </Button>
          </div>
        </Modal>
      )}
      {revoking && (
        <Confirm
          heading={<Trans>Revoke the link of {revoking.name}?</Trans>}
          verb={<Trans>Revoke link</Trans>}
          onClose={() => setRevoking(null)}
          onConfirm={async () => {
            await revokeInvitation(session.id, revoking.invitation.id);
            toast(t`The link no longer works.`);
          }}
        >
          <p>
            <Trans>It stops working at once, also for a browser that is already in. You can send a new one.</Trans>
          </p>
        </Confirm>
      )}
    </section>
  );
}

/** The latest invitation of a participant that still counts, else the latest of all. */
function lastOf(sent: readonly Invitation[], participantId: string): Invitation | undefined {
  const theirs = sent.filter((invitation) => invitation.participant_id === participantId);
  return theirs.findLast((invitation) => !invitation.revoked_at) ?? theirs.at(-1);
}

function LinkStateTag({ invitation }: { invitation: Invitation | undefined }) {
  const { t } = useLingui();
  if (!invitation) {
    return (
      <Tag tone="calm" icon={mail}>
        <Trans>Not sent</Trans>
      </Tag>
    );
  }
  const look = invitation.revoked_at
    ? ({ tone: "calm", icon: block, word: t`Revoked` } as const)
    : new Date(invitation.expires_at) < new Date()
      ? ({ tone: "warn", icon: clock, word: t`Expired` } as const)
      : invitation.opened_at
        ? ({ tone: "good", icon: done, word: t`Opened` } as const)
        : ({ tone: "info", icon: mail, word: t`Sent` } as const);
  return (
    <Tag tone={look.tone} icon={look.icon}>
      {look.word}
    </Tag>
  );
}
