/** What scanner and checks found out, in plain words: what was compared, and what came of it. */

import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import type { CheckResult, Scan } from "../../api/items";

export function checkName(name: string): string {
  const words: Readonly<Record<string, string>> = {
    digest: t`Bytes`,
    metadata: t`Metadata`,
    clock: t`Time`,
    position: t`Place`,
    copy: t`Copy of a picture`,
    sharpness: t`Sharpness`,
    light: t`Light`,
    same_bytes: t`Same file`,
    likeness: t`Similar picture`,
  };
  return words[name] ?? name;
}

/** Metres up to ten kilometres, kilometres beyond, as the language writes numbers. */
export function distanceWord(metres: unknown): string {
  if (typeof metres !== "number") return "–";
  const far = metres >= 10_000;
  const unit = far ? "kilometer" : "meter";
  return new Intl.NumberFormat(i18n.locale, { style: "unit", unit, maximumFractionDigits: 0 }).format(
    far ? metres / 1000 : metres,
  );
}

export function checkReason({ name, reason, detail }: CheckResult): string {
  const figure = (key: string) => String(detail[key] ?? "–");
  const [minutes, hours, here, elsewhere] = [figure("minutes"), figure("hours"), figure("here"), figure("elsewhere")];
  const distance = (key: string) => distanceWord(detail[key]);
  const [away, radius, software] = [distance("metres"), distance("radius_m"), figure("software")];
  const words: Readonly<Record<string, string>> = {
    "digest as_sent": t`They are the bytes that were sent.`,
    "digest made_here": t`The server made this picture itself from the video.`,
    "digest sent_otherwise": t`The bytes that arrived are not those that the sender named.`,
    "digest stored_bytes_differ": t`The stored bytes are not those that were admitted. Tell the operator.`,
    "metadata whole": t`The file says how it was made and does not contradict itself.`,
    "metadata made_by_page": t`Taken in the page of the session, which adds no metadata.`,
    "metadata stripped": t`The file does not say how it was made; messengers and editors remove that.`,
    "metadata edited_with": t`An editing program wrote the file: ${software}.`,
    "metadata size_differs": t`The metadata speaks of a picture of another size; it may be cut.`,
    "metadata times_contradict": t`The camera’s time and the satellites’ time are ${minutes} minutes apart.`,
    "metadata taken_after_change": t`The file says it was changed ${minutes} minutes before it was taken.`,
    "clock fits": t`The device’s times fit the server’s.`,
    "clock no_time": t`The file tells no time.`,
    "clock ahead": t`The file says it was taken ${minutes} minutes after it arrived here.`,
    "clock clocks_differ": t`The page’s clock and the camera’s clock are ${minutes} minutes apart.`,
    "clock long_before": t`Taken ${hours} hours before it arrived, says the device.`,
    "position inside": t`${away} from the site, says the device.`,
    "position near": t`${away} from the site, says the device; the fence is ${radius} wide.`,
    "position elsewhere": t`${away} away from the site, says the device.`,
    "position longitude_sign": t`East and west seem to be exchanged; with the other sign it is at the site.`,
    "position latitude_sign": t`North and south seem to be exchanged; with the other sign it is at the site.`,
    "position no_position": t`The file tells no place.`,
    "position site_unknown": t`Nobody has entered where the site is.`,
    "copy no_signs": t`No signs of it.`,
    "copy screenshot": t`The metadata calls it a screenshot.`,
    "copy raster": t`Fine lines repeat evenly, as on a filmed screen; fabrics and grids can look like that too.`,
    "copy recoded": t`It was compressed again after it was taken, as messengers do.`,
    "sharpness sharp": t`Details can be made out.`,
    "sharpness blurred": t`Blurred; details can hardly be made out.`,
    "light lit": t`There is light enough.`,
    "light dark": t`Most of the picture is dark.`,
    "same_bytes only_one": t`No other item has the same bytes.`,
    "same_bytes in_this_case": t`Other items of this validation with the very same file: ${here}.`,
    "same_bytes in_another_case": t`Items of other validations with the very same file: ${elsewhere}.`,
    "likeness only_one": t`No other picture looks like it.`,
    "likeness in_this_case": t`Other pictures of this validation that look like it: ${here}.`,
    "likeness in_another_case": t`Pictures of other validations that look like it: ${elsewhere}.`,
    "likeness too_plain": t`It shows too little to be compared.`,
  };
  return words[`${name} ${reason}`] ?? reason;
}

export function outcomeWord(outcome: string): string {
  const words: Readonly<Record<string, string>> = {
    pass: t`In order`,
    warn: t`Look at this`,
    fail: t`Wrong`,
    not_checked: t`Not checked`,
  };
  return words[outcome] ?? outcome;
}

export function scanSentence({ verdict, reason, signature, engine }: Scan): string {
  const by = engine ?? "–";
  if (verdict === "clean") return t`${by} found nothing.`;
  if (verdict === "infected") {
    const name = signature ?? "–";
    return t`${by} found ${name}. The file is kept apart and is given to nobody.`;
  }
  const words: Readonly<Record<string, string>> = {
    no_scanner: t`No scanner is set up here.`,
    unreachable: t`The scanner did not answer; the file is scanned as soon as it does.`,
    timed_out: t`The scanner took too long; the file is scanned again later.`,
    failed: t`The scanner failed; the file is scanned again later.`,
    too_large: t`The file is larger than the scanner takes.`,
    limits: t`The scanner could not look at the whole file.`,
  };
  return words[reason ?? ""] ?? "–";
}

export function verdictWord(verdict: string): string {
  const words: Readonly<Record<string, string>> = {
    clean: t`Nothing found`,
    infected: t`Infected`,
    not_scanned: t`Not scanned`,
  };
  return words[verdict] ?? verdict;
}
