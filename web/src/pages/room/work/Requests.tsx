import { Trans, useLingui } from "@lingui/react/macro";
import { type SubmitEvent, useMemo } from "react";
import { newId } from "../../../live/commands";
import type { RequestState } from "../../../live/state";
import { Button } from "../../../ui/Button";
import { EmptyState } from "../../../ui/EmptyState";
import { TextArea } from "../../../ui/inputs";
import { clockIn } from "../../../ui/time";
import { useActive } from "../active";
import { useCase, useMay, useSession } from "../context";
import { FileButton } from "../FileButton";
import { useAct } from "../useAct";

/** What the member was asked for: open first, and the place to ask. */
export function Requests() {
  const requests = useCase((state) => state.requests);
  const sorted = useMemo(
    () =>
      Object.values(requests).sort((one, other) =>
        one.open === other.open ? (one.at < other.at ? 1 : -1) : one.open ? -1 : 1,
      ),
    [requests],
  );
  return (
    <div className="requests">
      <Ask />
      {sorted.length === 0 && (
        <EmptyState heading={<Trans>Nothing is asked for.</Trans>}>
          <Trans>Ask for a document or a photo here; the member sees it at once and can send it in the room.</Trans>
        </EmptyState>
      )}
      <ul>
        {sorted.map((request) => (
          <Request key={request.id} request={request} />
        ))}
      </ul>
    </div>
  );
}

function Ask() {
  const { t } = useLingui();
  const act = useAct();
  const { id: criterionId } = useActive();
  if (!useMay("answer")) {
    return null;
  }
  const ask = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const text = String(fields.get("text") ?? "").trim();
    const tied = fields.get("tied") !== null;
    const done = await act({
      type: "request.open",
      request_id: newId(),
      criterion_id: tied ? criterionId : null,
      text,
    });
    if (done) {
      form.reset();
    }
  };
  return (
    <form className="ask" onSubmit={ask}>
      <TextArea
        name="text"
        label={<Trans>Ask the member for</Trans>}
        rows={2}
        maxLength={10_000}
        placeholder={t`The seal log of October`}
      />
      <div className="ask__foot">
        {criterionId !== null && (
          <label className="ask__tie">
            <input type="checkbox" name="tied" defaultChecked /> <Trans>for criterion {criterionId}</Trans>
          </label>
        )}
        <Button type="submit" small>
          <Trans>Ask</Trans>
        </Button>
      </div>
    </form>
  );
}

function Request({ request }: { request: RequestState }) {
  const act = useAct();
  const session = useSession();
  const mayClose = useMay("answer");
  const at = clockIn(new Date(request.at), session.time_zone);
  const { by, criterion_id: criterionId } = request;
  return (
    <li className={request.open ? "request" : "request request--closed"}>
      <p className="request__text">{request.text}</p>
      <p className="quiet">
        <Trans>
          Asked {at} by {by}
        </Trans>
        {criterionId !== null && ` · ${criterionId}`}
        {!request.open && (
          <>
            {" · "}
            <Trans>closed</Trans>
          </>
        )}
      </p>
      {request.open && (
        <div className="request__acts">
          <FileButton small criterionId={criterionId}>
            <Trans>Send files for this</Trans>
          </FileButton>
          {mayClose && (
            <Button look="quiet" small onClick={() => act({ type: "request.close", request_id: request.id })}>
              <Trans>Close request</Trans>
            </Button>
          )}
        </div>
      )}
    </li>
  );
}
