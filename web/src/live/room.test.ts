import { expect, test, vi } from "vitest";
import type { Command } from "./commands";
import type { CommandShelf, RefusedAnswer } from "./outbox";
import { pendingAnswer, Room } from "./room";
import type { Line } from "./signal";
import { INITIAL } from "./state";

const PLACE = { validationId: "case", validationSessionId: "meeting" };
const ANSWER = {
  type: "answer.record",
  criterion_id: "9.4",
  verdict: "met",
  method: "live",
  note: "",
  reason: null,
  stop_id: null,
  item_ids: [],
  base_version: 0,
} as const;

function answered(seq: number, by = "other") {
  const data = { ...ANSWER, version: 1 };
  const actor = { kind: "participant", id: by, name: `Name of ${by}`, role: "scss" };
  const head = { log_id: "case", entry_class: "common", at: "2026-11-24T15:00:00Z", commitment: "00" };
  return { ...head, seq, tag: "checklist.answer_recorded", actor, data };
}

class MapShelf implements CommandShelf {
  readonly kept = new Map<string, Command>();
  readonly drafts = new Map<string, RefusedAnswer>();
  async put(command: Command) {
    this.kept.set(command.command_id, command);
  }
  async refuse(refused: RefusedAnswer) {
    this.kept.delete(refused.command.command_id);
    this.drafts.set(refused.command.command_id, refused);
  }
  async remove(id: string) {
    this.kept.delete(id);
    this.drafts.delete(id);
  }
  async list() {
    return [...this.kept.values()];
  }
  async listRefused() {
    return [...this.drafts.values()];
  }
}

function opened(shelf = new MapShelf()) {
  const listeners = new Map<string, (...args: unknown[]) => void>();
  const commands: ((value: unknown) => void)[] = [];
  const subscriptions: object[] = [];
  const line: Line = {
    on: (event, listener) => void listeners.set(event, listener),
    ask: (event, body) => {
      if (event === "subscribe") {
        subscriptions.push(body);
        return Promise.resolve({ seq: 0 });
      }
      return event === "clock" ? Promise.resolve(null) : new Promise((resolve) => commands.push(resolve));
    },
    close: () => {},
  };
  const reload = vi.fn(async () => ({ ...INITIAL, seq: 9 }));
  const room = new Room({
    ...PLACE,
    participantId: "me",
    state: INITIAL,
    reload,
    shelf,
    line,
    onPaused: () => {},
    onPhoto: () => {},
  });
  listeners.get("connect")?.();
  const say = (...entries: object[]) => listeners.get("entries")?.({ validation_id: "case", entries });
  return { room, shelf, say, commands, subscriptions, reload };
}

test("an answer stays pending from the keystroke until its entry is here, not only until the acknowledgement", async () => {
  const { room, say, commands } = opened();
  const sent = room.send(ANSWER);
  await expect.poll(() => commands.length).toBe(1);
  expect(pendingAnswer(room.store.view().pending, "9.4")?.verdict).toBe("met");
  commands[0]?.({ seq: 0 });
  await sent;
  expect(pendingAnswer(room.store.view().pending, "9.4")?.verdict).toBe("met");
  say(answered(0, "me"));
  expect(room.store.view().pending).toEqual([]);
  expect(room.store.view().state.answers["9.4"]?.verdict).toBe("met");
  expect(room.store.view().changes).toEqual({});
});

test("another person's change is noted with their name", () => {
  const { room, say } = opened();
  say(answered(0));
  expect(room.store.view().changes["9.4"]).toEqual({ by: "Name of other", seq: 0 });
});

test("entries that came before are dropped and a hole makes it subscribe again from the last seq", async () => {
  const { room, say, subscriptions } = opened();
  say(answered(0), answered(0), answered(2));
  expect(room.store.view().state.seq).toBe(0);
  await expect.poll(() => subscriptions.at(-1)).toMatchObject({ after: 0 });
});

test("an entry that this page cannot read makes it fetch the folded case", async () => {
  const { room, say, reload } = opened();
  say({ ...answered(0), data: { criterion_id: "9.4", verdict: "splendid" } });
  await expect.poll(() => room.store.view().state.seq).toBe(9);
  expect(reload).toHaveBeenCalledOnce();
});

test("a refused answer is kept as a draft, also for the next page, until it is dropped", async () => {
  const { room, shelf, commands } = opened();
  const sent = room.send(ANSWER);
  await expect.poll(() => commands.length).toBe(1);
  commands[0]?.({ problem: { type: "x", title: "x", status: 409, code: "answer_changed" } });
  await expect(sent).rejects.toThrow();
  expect(room.store.view().refused["9.4"]?.problem.code).toBe("answer_changed");
  const next = opened(shelf);
  await next.room.resume();
  expect(next.room.store.view().refused["9.4"]?.command.verdict).toBe("met");
  await next.room.dropRefused("9.4");
  expect(shelf.drafts.size).toBe(0);
});
