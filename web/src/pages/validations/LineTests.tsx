import { Trans, useLingui } from "@lingui/react/macro";
import { LineTag } from "../../app/lineWords";
import { roleWord } from "../../app/words";
import type { CaseState, SessionState } from "../../live/state";
import { LinkButton } from "../../ui/Button";
import { DataTable } from "../../ui/DataTable";
import { dayAndClockIn, myZone } from "../../ui/time";

/** Before the day: whose network lets picture and sound through, and who has not tried. */
export function LineTests({ state, session }: { state: CaseState; session: SessionState }) {
  const { t } = useLingui();
  const people = Object.values(state.participants).filter((participant) => participant.role !== "reviewer");
  return (
    <section className="card" aria-labelledby="line-tests">
      <div className="card__head">
        <h2 id="line-tests">
          <Trans>Connection tests</Trans>
        </h2>
        <LinkButton look="outline" small to={`/connection/${state.validation?.id}/${session.id}`}>
          <Trans>Test my connection</Trans>
        </LinkButton>
      </div>
      <DataTable
        caption={t`Connection tests`}
        rows={people}
        rowKey={(participant) => participant.id}
        columns={[
          { key: "name", header: t`Name`, cell: (participant) => participant.name },
          { key: "role", header: t`Role`, cell: (participant) => roleWord(participant.role) },
          { key: "line", header: t`Connection`, cell: (participant) => <LineTag line={participant.line} /> },
          {
            key: "at",
            header: t`Tested`,
            cell: ({ line }) => (line ? dayAndClockIn(new Date(line.at), myZone()) : "–"),
          },
        ]}
      />
    </section>
  );
}
