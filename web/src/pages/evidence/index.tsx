import { useLingui } from "@lingui/react/macro";
import { Link, useParams } from "wouter";
import { useLiveSnapshot } from "../../api/snapshot";
import { Page } from "../../app/Page";
import { Loaded } from "../../ui/Loaded";
import { Gallery } from "./Gallery";

/** /evidence/:validationId: everything that is in the locker of a validation. */
export default function EvidencePage() {
  const { t } = useLingui();
  const { validationId = "" } = useParams();
  const snapshot = useLiveSnapshot(validationId);
  const validation = snapshot.data?.validation;
  return (
    <Page
      title={validation ? t`Evidence of ${validation.number}` : t`Evidence`}
      trail={
        <Link to={`/validations/${validationId}`}>
          {validation ? `${validation.number} · ${validation.member_name}` : t`Validation`}
        </Link>
      }
    >
      <Loaded query={snapshot}>
        {(state) => (
          <div className="card">
            <Gallery state={state} zone={state.validation?.time_zone ?? "UTC"} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
