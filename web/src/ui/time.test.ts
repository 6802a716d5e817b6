import { describe, expect, test } from "vitest";
import { instantsOf, localValue, sameClock } from "./time";

const isoOf = (local: string, zone: string) => instantsOf(local, zone).map((at) => at.toISOString());

describe("instantsOf", () => {
  test("an ordinary time is one instant, whatever the zone", () => {
    expect(isoOf("2026-11-24T09:00", "America/Monterrey")).toEqual(["2026-11-24T15:00:00.000Z"]);
    expect(isoOf("2026-11-24T09:00", "Asia/Ho_Chi_Minh")).toEqual(["2026-11-24T02:00:00.000Z"]);
    expect(isoOf("2026-11-24T09:00", "Asia/Kathmandu")).toEqual(["2026-11-24T03:15:00.000Z"]);
  });

  test("a time that the clocks skip is none", () => {
    // New York puts its clocks from 02:00 to 03:00 on 14 March 2027.
    expect(isoOf("2027-03-14T02:30", "America/New_York")).toEqual([]);
    expect(isoOf("2027-03-14T03:00", "America/New_York")).toEqual(["2027-03-14T07:00:00.000Z"]);
  });

  test("a time that the clocks show twice is two, the earlier first", () => {
    // And from 02:00 back to 01:00 on 7 November 2027.
    expect(isoOf("2027-11-07T01:30", "America/New_York")).toEqual([
      "2027-11-07T05:30:00.000Z",
      "2027-11-07T06:30:00.000Z",
    ]);
  });

  test("what is no date is none", () => {
    expect(isoOf("", "UTC")).toEqual([]);
  });
});

test("localValue is what a date-time field shows on the wall clock of the zone", () => {
  expect(localValue(new Date("2026-11-24T15:00:00Z"), "America/Monterrey")).toBe("2026-11-24T09:00");
});

test("two zones show the same clock only while their offsets agree", () => {
  // Monterrey keeps standard time all year, Chicago does not.
  expect(sameClock(new Date("2026-11-24T15:00:00Z"), "America/Monterrey", "America/Chicago")).toBe(true);
  expect(sameClock(new Date("2026-07-24T15:00:00Z"), "America/Monterrey", "America/Chicago")).toBe(false);
});
