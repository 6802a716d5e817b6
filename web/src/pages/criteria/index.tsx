import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { ProblemError } from "../../api/client";
import { loadTexts } from "../../api/criteria";
import { Page } from "../../app/Page";
import { useSubmit } from "../../app/useSubmit";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { DataTable } from "../../ui/DataTable";
import { Field } from "../../ui/Field";
import { ProblemAlert } from "../../ui/Problem";
import { type LineProblem, lineProblems, reasonWord } from "./lineProblems";

const EDITION = "msc-2020";

/** The office loads the official wording of the criteria; the product ships only its own summaries. */
export default function CriteriaTexts() {
  const { t } = useLingui();
  const [loaded, setLoaded] = useState<number | null>(null);
  const { onSubmit, busy, error } = useSubmit(
    async (form) => {
      setLoaded(null);
      const file = form.get("file");
      if (!(file instanceof File)) throw new TypeError("the form has no file");
      return loadTexts(EDITION, file);
    },
    (texts, form) => {
      setLoaded(texts);
      form.reset();
    },
  );
  const lines = error instanceof ProblemError ? lineProblems(error.problem) : [];
  return (
    <Page
      title={t`Criteria texts`}
      lead={
        <Trans>
          Checklists show a summary of each criterion. Load the official wording to show it beside the summary.
        </Trans>
      }
    >
      <form className="card form" onSubmit={onSubmit}>
        {error && <ProblemAlert error={error} />}
        {lines.length > 0 && <LineProblems lines={lines} />}
        {loaded !== null && (
          <Alert kind="success" announced>
            <Trans>The edition has {loaded} official texts now. Checklists opened from now on show them.</Trans>
          </Alert>
        )}
        <Field
          label={<Trans>File for the edition {EDITION}</Trans>}
          hint={
            <Trans>CSV with the columns criterion_id and text, or JSON with a list of the same. Both in UTF-8.</Trans>
          }
        >
          {(ids) => (
            <input
              {...ids}
              className="usa-file-input"
              type="file"
              name="file"
              accept=".csv,.json,text/csv,application/json"
              required
            />
          )}
        </Field>
        <div className="actions">
          <Button type="submit" busy={busy}>
            <Trans>Load texts</Trans>
          </Button>
        </div>
      </form>
    </Page>
  );
}

function LineProblems({ lines }: { lines: readonly LineProblem[] }) {
  const { t } = useLingui();
  return (
    <DataTable
      caption={t`Lines to correct`}
      captionShown
      rows={lines}
      rowKey={(line) => `${line.line} ${line.field} ${line.reason}`}
      columns={[
        { key: "line", header: t`Line`, cell: (line) => line.line },
        { key: "field", header: t`Column`, cell: (line) => line.field },
        { key: "reason", header: t`What is wrong`, cell: (line) => reasonWord(line.reason) },
      ]}
    />
  );
}
