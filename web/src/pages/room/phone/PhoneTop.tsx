import camera from "icon:photo_camera";
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { openStopOf, requestedStills } from "../../../live/reading";
import { Icon } from "../../../ui/Icon";
import { LineBadge, RecordingBadge } from "../Badges";
import { useCase, useSeat, useSession, useStore } from "../context";

/** Where the walk is and what the specialist asks for, readable at arm's length. */
export function PhoneTop({ onMore }: { onMore: () => void }) {
  const { t } = useLingui();
  const { plan } = useSeat();
  const session = useSession();
  const stop = useCase((state) => openStopOf(state, plan.validationSessionId));
  return (
    <header className="phone__top">
      <h1 className="phone__stop">{stop?.name ?? (session.state === "live" ? t`Live` : t`Before the start`)}</h1>
      <div className="phone__badges">
        <RecordingBadge />
        <LineBadge />
        <DataUsed />
      </div>
      <Asked onMore={onMore} />
    </header>
  );
}

/** Calm and in whole megabytes: it is looked at once in a while. */
function DataUsed() {
  const megabytes = useStore(useSeat().usage.store, ({ bytes }) => Math.floor(bytes / 1_000_000));
  return (
    <span className="phone__data">
      <Trans>{megabytes} MB used</Trans>
    </span>
  );
}

function Asked({ onMore }: { onMore: () => void }) {
  const { plan } = useSeat();
  const state = useCase((one) => one);
  const stills = requestedStills(state, plan.validationSessionId).length;
  const open = Object.values(state.requests)
    .filter((one) => one.open)
    .sort((one, other) => (one.at < other.at ? 1 : -1));
  const [newest] = open;
  const more = open.length - 1;
  return (
    <div className="phone__asked" aria-live="polite">
      {stills > 0 && (
        <p className="phone__ask phone__ask--still">
          <Icon outline={camera} size="1.5rem" />
          <Trans>Hold still: a photo is being taken.</Trans>
        </p>
      )}
      {newest && (
        <button type="button" className="phone__ask" onClick={onMore}>
          <span>{newest.text}</span>
          {more > 0 && <span className="phone__more">{plural(more, { one: "and # more", other: "and # more" })}</span>}
        </button>
      )}
    </div>
  );
}
