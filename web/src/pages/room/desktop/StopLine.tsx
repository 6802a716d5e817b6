import location from "icon:location_on";
import { Trans, useLingui } from "@lingui/react/macro";
import { evidenceOf } from "../../../live/reading";
import { Icon } from "../../../ui/Icon";
import { useCase, useMay, useSession } from "../context";
import { useRoute } from "./useRoute";

/** Where the walk is, what this stop has brought so far, and the door to the route. */
export function StopLine({ onRoute }: { onRoute: () => void }) {
  const { t } = useLingui();
  const { stops, at, name } = useRoute();
  const mayGuide = useMay("guide_tour");
  const count = stops.length;
  if (!mayGuide && count === 0) {
    return null;
  }
  return (
    <div className="stop-line">
      <button type="button" className="stop-line__where" onClick={onRoute} title={t`Route`}>
        <Icon outline={location} />
        {at === 0 ? <NotAnywhere count={count} /> : <strong>{t`Stop ${at} of ${count}: ${name}`}</strong>}
      </button>
      {at > 0 && <Brought />}
    </div>
  );
}

function NotAnywhere({ count }: { count: number }) {
  return count === 0 ? <Trans>No route yet. Name the first stop.</Trans> : <Trans>{count} stops, none open yet</Trans>;
}

function Brought() {
  const stopId = useSession().open_stop_id;
  const answers = useCase((state) => state.answers);
  const items = useCase((state) => state.items);
  const answered = Object.values(answers).filter((one) => one.stop_id === stopId).length;
  const captured = evidenceOf({ items }).filter((one) => one.stop_id === stopId).length;
  return (
    <span className="stop-line__brought">
      <Trans>
        here: {answered} answered, {captured} captured
      </Trans>
    </span>
  );
}
