import { afterEach, beforeEach, expect, test, vi } from "vitest";

const LIFE_MS = 600_000;
const RELAY = { urls: "turns:relay.test:443?transport=tcp", username: "2000000000:me", credential: "c" };
let asked = 0;
let down = false;

beforeEach(() => {
  asked = 0;
  down = false;
  vi.resetModules();
  vi.useFakeTimers();
  vi.stubGlobal("fetch", async () => {
    asked += 1;
    if (down) {
      throw new TypeError("no line");
    }
    return Response.json({ items: [RELAY], expires_at: new Date(Date.now() + LIFE_MS).toISOString() });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("the relay is asked for once, and anew at half of its life", async () => {
  const { askRelays } = await import("./relays");
  expect(await askRelays()).toEqual([RELAY]);
  vi.advanceTimersByTime(LIFE_MS / 2 - 1);
  await askRelays();
  expect(asked).toBe(1);
  vi.advanceTimersByTime(1);
  await askRelays();
  expect(asked).toBe(2);
});

test("a connection goes on without the relay when the server cannot be asked, and with the last one it knew", async () => {
  const { relaysIfAny } = await import("./relays");
  down = true;
  expect(await relaysIfAny(new AbortController().signal)).toEqual([]);
  down = false;
  await relaysIfAny(new AbortController().signal);
  vi.advanceTimersByTime(LIFE_MS);
  down = true;
  expect(await relaysIfAny(new AbortController().signal)).toEqual([RELAY]);
});
