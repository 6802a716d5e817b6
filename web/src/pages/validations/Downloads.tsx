import download from "icon:file_download";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { fetchReceipt, makeExport, useExport } from "../../api/exports";
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
  const fetching = useMutation({
    mutationFn: () => fetchReceipt(validationId),
    onSuccess: (receipt) => saveFile(`receipt-${validationId}.json`, JSON.stringify(receipt, null, 2)),
  });
  return (
    <div>
      <p className="quiet">
        <Trans>
          The receipt is a signed statement of everything logged so far. Keep it outside of this system: with it anybody
          can check later that nothing was changed.
        </Trans>
      </p>
      {fetching.error && <ProblemAlert error={fetching.error} />}
      <Button look="outline" small icon={download} busy={fetching.isPending} onClick={() => fetching.mutate()}>
        <Trans>Download receipt</Trans>
      </Button>
    </div>
  );
}

/** Hand text to the person as a file. */
function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
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
