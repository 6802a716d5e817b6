// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readEntries } from "./entries";
import { apply } from "./fold";
import { type CaseState, INITIAL } from "./state";

const VECTORS = join(import.meta.dirname, "../../../tests/vectors/fold");
const names = readdirSync(VECTORS).filter((name) => name.endsWith(".json"));

function vector(name: string) {
  const { entries, state } = JSON.parse(readFileSync(join(VECTORS, name), "utf8"));
  return { entries: readEntries(entries), state };
}

/** Times may be written with or without their zero fraction; they are compared as moments. */
function plain(value: CaseState): unknown {
  return JSON.parse(JSON.stringify(value), (_key, one) =>
    typeof one === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(one) ? new Date(one).toISOString() : one,
  );
}

test("the server's vectors are there", () => {
  expect(names.length).toBeGreaterThan(0);
});

describe.each(names)("%s", (name) => {
  test("the entries fold into the server's state", () => {
    const { entries, state } = vector(name);
    expect(plain(entries.reduce(apply, INITIAL))).toEqual(plain(state));
  });

  test("stale state plus the rest equals fresh state, wherever the line was cut", () => {
    const { entries, state } = vector(name);
    for (const cut of entries.keys()) {
      const stale = entries.slice(0, cut).reduce(apply, INITIAL);
      const kept: CaseState = JSON.parse(JSON.stringify(stale));
      expect(plain(entries.slice(cut).reduce(apply, kept))).toEqual(plain(state));
    }
  });
});
