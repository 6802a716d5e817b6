// @vitest-environment node

// @vitest-environment node
import { expect, test } from "vitest";
import { outline } from "./icons";

test("an icon of our own comes before one of USWDS, and both are path data", () => {
  expect(outline("pause")).toBe("M6 5h4v14H6zM14 5h4v14h-4z");
  expect(outline("check")).toMatch(/^M[\d.\s\-a-zA-Z,]+z$/);
});

test("an icon that is not made of paths alone is refused instead of drawn wrong", () => {
  expect(() => outline("github_no_such_icon")).toThrow();
});
