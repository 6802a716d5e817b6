import download from "icon:file_download";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { exportUrl, fetchReceipt, isUnderWay, makeExport, useExports } from "../../api/exports";
import type { Export as BundleOnItsWay } from "../../api/types";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { ProblemAlert } from "../../ui/Problem";
import { dayAndClockIn, myZone } from "../../ui/time";
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
  const bundles = useExports(validationId);
  const making = useMutation({ mutationFn: () => makeExport(validationId) });
  const newest = bundles.data?.[0];
  const underWay = newest !== undefined && isUnderWay(newest);
  const error = making.error ?? bundles.error;
  return (
    <div>
      <p className="quiet">
        <Trans>The bundle holds the ledger with its proofs, all evidence and recordings, and a page to read.</Trans>
      </p>
      {error && <ProblemAlert error={error} />}
      {newest && <Bundle bundle={newest} />}
      {!underWay && (
        <Button look="outline" small busy={making.isPending} onClick={() => making.mutate()}>
          {newest ? <Trans>Make a new bundle</Trans> : <Trans>Make a bundle</Trans>}
        </Button>
      )}
    </div>
  );
}

function Bundle({ bundle }: { bundle: BundleOnItsWay }) {
  const { t } = useLingui();
  if (bundle.state === "withdrawn") {
    return (
      <p className="quiet">
        <Trans>The last bundle was destroyed, because something in it was disposed of.</Trans>
      </p>
    );
  }
  if (isUnderWay(bundle)) {
    const done = bundle.total_bytes > 0 ? bundle.done_bytes / bundle.total_bytes : 0;
    return <Progress label={t`Putting the bundle together`} done={done} />;
  }
  const at = dayAndClockIn(new Date(bundle.requested_at), myZone());
  return (
    <p className="bundle">
      <a href={exportUrl(bundle.id)} download>
        <Icon outline={download} />
        <Trans>Bundle of {at}</Trans>
      </a>
    </p>
  );
}
