import { t } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { Reading } from "../../api/types";
import { Alert } from "../../ui/Alert";
import { Choices, Radio, Select, TextField } from "../../ui/inputs";
import { dayAndClockIn, instantsOf, localValue, myZone, sameClock } from "../../ui/time";

const MINUTES = [30, 60, 90, 120, 180, 240, 300, 360, 480];
/** Outside of these hours somebody would have to work at night. */
const DAY_BEGINS = 6;
const DAY_ENDS = 21;

interface TimeFieldsProps {
  zone: string;
  /** Start and length to begin with: those of a session that is moved. */
  startsAt?: Date;
  durationMin?: number;
}

/** When a session is held: typed on the clock of the site, shown at once on your own. */
export function TimeFields({ zone, startsAt, durationMin = 120 }: TimeFieldsProps) {
  const { t } = useLingui();
  const begun = startsAt ? localValue(startsAt, zone) : "";
  const [day, setDay] = useState(begun.slice(0, 10));
  const [clock, setClock] = useState(begun.slice(11));
  const instants = day && clock ? instantsOf(`${day}T${clock}`, zone) : [];
  return (
    <>
      <div className="form-grid">
        <TextField
          label={t`Date`}
          name="day"
          type="date"
          value={day}
          min={localValue(new Date(), zone).slice(0, 10)}
          onChange={(event) => setDay(event.target.value)}
        />
        <TextField
          label={t`Time at the site`}
          name="clock"
          type="time"
          value={clock}
          onChange={(event) => setClock(event.target.value)}
        />
        <Select
          label={t`Length`}
          name="duration_min"
          defaultValue={String(durationMin)}
          options={lengths(durationMin).map((minutes) => ({ value: String(minutes), label: lengthWord(minutes) }))}
        />
      </div>
      <input type="hidden" name="starts_at_local" value={day && clock ? `${day}T${clock}` : ""} />
      <div className="clocks" aria-live="polite">
        {day && clock ? (
          <Clocks instants={instants} zone={zone} />
        ) : (
          <Trans>The time zone of the site is {zone}.</Trans>
        )}
      </div>
      {instants.length === 2 && <WhichReading instants={instants} zone={zone} />}
    </>
  );
}

function lengths(present: number): number[] {
  return [...new Set([...MINUTES, present])].sort((one, other) => one - other);
}

function lengthWord(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return t`${rest} min`;
  return rest === 0 ? t`${hours} h` : t`${hours} h ${rest} min`;
}

function Clocks({ instants, zone }: { instants: readonly Date[]; zone: string }) {
  const [first] = instants;
  if (!first) {
    return (
      <Alert kind="warning">
        <Trans>The clocks at the site skip this time because they are put forward. Choose another time.</Trans>
      </Alert>
    );
  }
  const own = myZone();
  const [atSite, forYou] = [dayAndClockIn(first, zone), dayAndClockIn(first, own)];
  return (
    <>
      <dl className="facts">
        <div>
          <dt>
            <Trans>At the site</Trans>
          </dt>
          <dd>{atSite}</dd>
        </div>
        <div>
          <dt>
            <Trans>For you</Trans>
          </dt>
          <dd>{sameClock(first, zone, own) ? <Trans>The same</Trans> : forYou}</dd>
        </div>
      </dl>
      {(isNight(first, zone) || isNight(first, own)) && (
        <Alert kind="warning">
          <Trans>This is at night for one of you.</Trans>
        </Alert>
      )}
    </>
  );
}

function isNight(at: Date, zone: string): boolean {
  const hour = Number(localValue(at, zone).slice(11, 13));
  return hour < DAY_BEGINS || hour >= DAY_ENDS;
}

function WhichReading({ instants, zone }: { instants: readonly Date[]; zone: string }) {
  const { t } = useLingui();
  const readings: readonly Reading[] = ["earlier", "later"];
  return (
    <Choices
      legend={<Trans>Which of the two?</Trans>}
      hint={<Trans>The clocks at the site are put back in this hour, so this time comes twice.</Trans>}
    >
      {readings.map((reading, at) => {
        const moment = instants[at];
        const shown = moment ? dayAndClockIn(moment, zone) : "";
        return (
          <Radio
            key={reading}
            name="reading"
            value={reading}
            required
            label={reading === "earlier" ? t`The first: ${shown}` : t`The second: ${shown}`}
          />
        );
      })}
    </Choices>
  );
}
