import { i18n } from "@lingui/core";
import { afterEach, expect, it } from "vitest";
import { distanceWord } from "./checkWords";

afterEach(() => i18n.activate("en"));

it.each([
  ["en", 42, "42 m"],
  ["en", 9_999, "9,999 m"],
  ["en", 2_771_944, "2,772 km"],
  ["es", 2_771_944, "2772 km"],
  ["en", undefined, "–"],
])("tells a distance in %s", (language, metres, expected) => {
  i18n.loadAndActivate({ locale: language, messages: {} });
  expect(distanceWord(metres)).toBe(expected);
});
