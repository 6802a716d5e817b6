import { expect, test } from "vitest";
import type { Entry } from "./entries";
import { type Line, Signal } from "./signal";

/** A line without a network: the test plays the server. */
function wire() {
  const listeners = new Map<string, (...args: unknown[]) => void>();
  const asked: { event: string; body: object }[] = [];
  const answers: ((value: unknown) => void)[] = [];
  const line: Line = {
    on: (event, listener) => void listeners.set(event, listener),
    ask: (event, body) => {
      if (event === "clock") {
        return Promise.resolve(null);
      }
      asked.push({ event, body });
      return new Promise((resolve) => answers.push(resolve));
    },
    close: () => {},
  };
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
  return {
    line,
    asked,
    say: (event: string, ...args: unknown[]) => listeners.get(event)?.(...args),
    answer: async (value: unknown) => {
      answers.shift()?.(value);
      await settled();
    },
  };
}

function listen() {
  const heard: { entries: Entry[]; states: string[]; carriers: number } = { entries: [], states: [], carriers: 0 };
  return {
    heard,
    listener: {
      room: () => "meeting",
      after: () => heard.entries.at(-1)?.seq ?? -1,
      onEntries: (entries: readonly Entry[]) => void heard.entries.push(...entries),
      onPaused: () => {},
      onTime: () => {},
      onPhoto: () => {},
      onState: (state: string) => void heard.states.push(state),
      onCarrier: (carrier: unknown) => {
        heard.carriers += carrier === null ? 0 : 1;
      },
    },
  };
}

const ENTRY = {
  log_id: "case",
  seq: 4,
  entry_class: "common",
  at: "t",
  commitment: "00",
  tag: null,
  actor: null,
  data: null,
};

test("the socket subscribes after the last seq it has, again after every reconnection", async () => {
  const [{ line, asked, say, answer }, { heard, listener }] = [wire(), listen()];
  new Signal("case", listener, line);
  say("connect");
  await answer({ seq: 4 });
  say("entries", { validation_id: "case", entries: [ENTRY] });
  say("disconnect");
  say("connect");
  await answer({ seq: 4 });
  const places = { validation_id: "case", validation_session_id: "meeting" };
  expect(asked.map((one) => one.body)).toEqual([
    { ...places, after: -1 },
    { ...places, after: 4 },
  ]);
  expect(heard.states).toEqual(["live", "reconnecting", "live"]);
  expect(heard.carriers).toBe(2);
});

test("an unanswered subscription is repeated, and a refused one says so", async () => {
  const [{ line, asked, say, answer }, { heard, listener }] = [wire(), listen()];
  new Signal("case", listener, line);
  say("connect");
  await answer(null);
  await answer({ problem: { type: "x", title: "x", status: 404, code: "validation_not_found" } });
  expect(asked.length).toBe(2);
  expect(heard.states).toEqual(["refused"]);
});

test("a page that is not in the room any more still follows the case", async () => {
  const [{ line, asked, say, answer }, { heard, listener }] = [wire(), listen()];
  new Signal("case", listener, line);
  say("connect");
  await answer({ problem: { type: "x", title: "x", status: 403, code: "not_admitted" } });
  await answer({ seq: 4 });
  expect(asked[1]?.body).toMatchObject({ validation_session_id: null });
  expect(heard.states).toEqual(["live"]);
});

test("entries of another validation are not taken", async () => {
  const [{ line, say }, { heard, listener }] = [wire(), listen()];
  new Signal("case", listener, line);
  say("entries", { validation_id: "other", entries: [ENTRY] });
  expect(heard.entries).toEqual([]);
});

test("a revocation ends it, one of another validation does not", async () => {
  const [{ line, say }, { heard, listener }] = [wire(), listen()];
  new Signal("case", listener, line);
  say("revoked", { validation_id: "other", reason: "removed" });
  say("revoked", { validation_id: "case", reason: "removed" });
  expect(heard.states).toEqual(["revoked"]);
});
