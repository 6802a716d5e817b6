import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { addSite } from "../../api/queries";
import { countryOptions } from "../../app/countries";
import { textOf, useSubmit } from "../../app/useSubmit";
import { Button } from "../../ui/Button";
import { ComboBox } from "../../ui/ComboBox";
import { TextField } from "../../ui/inputs";
import { ProblemAlert } from "../../ui/Problem";
import { clockIn } from "../../ui/time";

function zoneOptions() {
  return Intl.supportedValuesOf("timeZone").map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }));
}

export function SiteForm({ memberId, onDone }: { memberId: string; onDone: () => void }) {
  const { t } = useLingui();
  const [country, setCountry] = useState("");
  const [zone, setZone] = useState("");
  const { onSubmit, busy, error, wrong } = useSubmit(
    (form) =>
      addSite(memberId, {
        name: textOf(form, "name"),
        address: textOf(form, "address"),
        country,
        time_zone: zone,
        latitude_deg: null,
        longitude_deg: null,
      }),
    onDone,
  );
  const clock = zone && clockIn(new Date(), zone);
  return (
    <form onSubmit={onSubmit}>
      {error && <ProblemAlert error={error} />}
      <TextField label={t`Name of the site`} name="name" maxLength={200} autoComplete="off" />
      <TextField label={t`Address`} hint={t`On one line.`} name="address" maxLength={400} autoComplete="off" />
      <ComboBox
        label={t`Country`}
        name="country"
        options={countryOptions()}
        value={country}
        onChange={setCountry}
        error={wrong("country") && t`Choose a country from the list.`}
      />
      <ComboBox
        label={t`Time zone`}
        hint={clock ? t`It is now ${clock} there.` : t`Type a city, such as Monterrey.`}
        name="time_zone"
        options={zoneOptions()}
        value={zone}
        onChange={setZone}
        error={wrong("time_zone") && t`Choose a time zone from the list.`}
      />
      <div className="actions">
        <Button type="submit" busy={busy}>
          <Trans>Add site</Trans>
        </Button>
        <Button look="quiet" onClick={onDone}>
          <Trans>Go back</Trans>
        </Button>
      </div>
    </form>
  );
}
