import { i18n } from "@lingui/core";

/** The forms of English and Spanish that the offices and members of the program read. */
const REGION: Record<string, string> = { en: "en-US", es: "es-US" };

export function myZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function format(at: Date, zone: string, parts: Intl.DateTimeFormatOptions): string {
  const locale = REGION[i18n.locale] ?? "en-US";
  return new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: "h23", ...parts }).format(at);
}

const CLOCK = { hour: "2-digit", minute: "2-digit", timeZoneName: "short" } as const;
const DAY = { weekday: "short", day: "numeric", month: "short", year: "numeric" } as const;

/** "09:00 CST" */
export function clockIn(at: Date, zone: string): string {
  return format(at, zone, CLOCK);
}

/** "Tue, Nov 24, 2026" */
export function dayIn(at: Date, zone: string): string {
  return format(at, zone, DAY);
}

/** "Tue, Nov 24, 2026, 09:00 CST" */
export function dayAndClockIn(at: Date, zone: string): string {
  return format(at, zone, { ...DAY, ...CLOCK });
}

/** A calendar date without a time, as in a due date "2026-11-24": the same day wherever it is read. */
export function calendarDay(date: string): string {
  return format(new Date(`${date}T00:00:00Z`), "UTC", DAY);
}

/** Minutes by which the wall clock of a zone is ahead of UTC at an instant. */
function offsetMinutes(at: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at);
  const read = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(read("year"), read("month") - 1, read("day"), read("hour"), read("minute"), read("second"));
  return Math.round((wall - Math.floor(at.getTime() / 1000) * 1000) / 60_000);
}

/**
 * Return the instants at which the wall clock of `zone` shows `local` ("2026-11-24T09:00"), in order.
 *
 * One as a rule; none when it is no date or the clocks are put forward over it; two when they are put back over it.
 */
export function instantsOf(local: string, zone: string): readonly Date[] {
  const wall = new Date(`${local}Z`);
  // A day that no month has, such as February 30, would roll over into the next one.
  if (Number.isNaN(wall.getTime()) || !wall.toISOString().startsWith(local)) return [];
  // The offsets of the day before and the day after are the only ones that can hold at that wall time.
  const offsets = [-1, 1].map((day) => offsetMinutes(new Date(wall.getTime() + day * 86_400_000), zone));
  const candidates = [...new Set(offsets)].map((offset) => new Date(wall.getTime() - offset * 60_000));
  return candidates
    .filter((at) => at.getTime() + offsetMinutes(at, zone) * 60_000 === wall.getTime())
    .sort((one, other) => one.getTime() - other.getTime());
}

/** Whether two zones show the same clock at an instant. */
export function sameClock(at: Date, one: string, other: string): boolean {
  return offsetMinutes(at, one) === offsetMinutes(at, other);
}

/** "2026-11-24T09:00", the value of a date-time field, for an instant on the wall clock of a zone. */
export function localValue(at: Date, zone: string): string {
  return new Date(at.getTime() + offsetMinutes(at, zone) * 60_000).toISOString().slice(0, 16);
}
