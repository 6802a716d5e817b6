import download from "icon:file_download";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { makeExport, receiptUrl, useExport } from "../../api/exports";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { ProblemAlert } from "../../ui/Problem";
import { Progress } from "../../ui/Waiting";
import { useMayIn } from "./useMayIn";

/** What can be taken out: the receipt that each side keeps, and the whole case as a bundle. */
export function Downloads({ validationId }: { validationId: string }) {
  const may = useMayIn(validationId);
  if (!may("receipt") && !may("export")) return null;
  return (
    <section className="card" aria-labelledby="downloads">
      <div className="card__head">
        <h2 id="downloads">
          <Trans>Take with you</Trans>
        </h2>
      </div>
      <div className="stack">
        {may("receipt") && <Receipt validationId={validationId} />}
        {may("export") && <Export validationId={validationId} />}
      </div>
    </section>
  );
}

function Receipt({ validationId }: { validationId: string }) {
  return (
    <div>
      <p className="quiet">
        <Trans>
          The receipt is a signed statement of everything logged so far. Keep it outside of this system: with it anybody
          can check later that nothing was changed.
        </Trans>
      </p>
      <a className="usa-button usa-button--outline button--small" href={receiptUrl(validationId)} download>
        <Icon outline={download} />
        <Trans>Download receipt</Trans>
      </a>
    </div>
  );
}

function Export({ validationId }: { validationId: string }) {
  const { t } = useLingui();
  const [exportId, setExportId] = useState<string | null>(null);
  const making = useMutation({
    mutationFn: () => makeExport(validationId),
    onSuccess: (id) => setExportId(id),
  });
  const bundle = useExport(exportId);
  return (
    <div>
      <p className="quiet">
        <Trans>The bundle holds the ledger with its proofs, all evidence and recordings, and a page to read.</Trans>
      </p>
      {making.error && <ProblemAlert error={making.error} />}
      {bundle.error && <ProblemAlert error={bundle.error} />}
      {bundle.data?.state === "failed" && (
        <Alert kind="error" announced>
          <Trans>The bundle could not be made. Nothing is lost; try again.</Trans>
        </Alert>
      )}
      {bundle.data?.state === "waiting" || bundle.data?.state === "running" ? (
        <Progress label={t`Putting the bundle together`} done={bundle.data.done} />
      ) : bundle.data?.state === "ready" ? (
        <a className="usa-button button--small" href={bundle.data.url} download>
          <Icon outline={download} />
          <Trans>Download bundle</Trans>
        </a>
      ) : (
        <Button look="outline" small busy={making.isPending} onClick={() => making.mutate()}>
          <Trans>Make a bundle</Trans>
        </Button>
      )}
    </div>
  );
}
