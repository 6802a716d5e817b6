import { expect, test } from "vitest";
import { newId } from "./commands";

test("an id is a UUID of version 7 whose first 48 bits are the time", () => {
  const id = newId(0x0190_1234_5678);
  expect(id).toMatch(/^01901234-5678-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(newId()).not.toBe(newId());
});
