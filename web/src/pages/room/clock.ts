import { i18n } from "@lingui/core";

/** "09:14:02" on the wall clock of a zone; the zone is named beside it. */
export function clockSeconds(at: Date, zone: string): string {
  return new Intl.DateTimeFormat(i18n.locale, {
    timeZone: zone,
    hourCycle: "h23",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).format(at);
}
