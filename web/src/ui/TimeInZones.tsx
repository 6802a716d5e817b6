import { Trans } from "@lingui/react/macro";
import { clockIn, dayAndClockIn, dayIn, myZone, sameClock } from "./time";

/** A moment on the clock of the site and, where that differs, on the reader's own. `at` is ISO 8601 in UTC. */
export function TimeInZones({ at, zone, dayless = false }: { at: string; zone: string; dayless?: boolean }) {
  const moment = new Date(at);
  const own = myZone();
  const site = dayless ? clockIn(moment, zone) : dayAndClockIn(moment, zone);
  if (sameClock(moment, zone, own)) return <time dateTime={at}>{site}</time>;
  const otherDay = dayIn(moment, zone) !== dayIn(moment, own);
  const yours = otherDay ? dayAndClockIn(moment, own) : clockIn(moment, own);
  return (
    <time dateTime={at} className="zones">
      <span>
        <Trans>{site} at the site</Trans>
      </span>
      <span className="zones__own">
        <Trans>{yours} for you</Trans>
      </span>
    </time>
  );
}
