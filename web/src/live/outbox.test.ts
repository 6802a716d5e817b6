import { expect, test } from "vitest";
import { ProblemError } from "../api/client";
import type { Command } from "./commands";
import { type Acknowledgement, type CommandShelf, Outbox } from "./outbox";

function command(id: string): Command {
  return { command_id: id, type: "request.close", request_id: id };
}

function shelf(kept = new Map<string, Command>()): CommandShelf & { kept: Map<string, Command> } {
  return {
    kept,
    put: async (one) => void kept.set(one.command_id, one),
    refuse: async () => {},
    listRefused: async () => [],
    remove: async (id) => void kept.delete(id),
    list: async () => [...kept.values()],
  };
}

const REFUSAL = { type: "about:blank", title: "No", status: 409, code: "wrong_phase" };

/** A server that answers when told to and notes what it was asked, in order. */
function server() {
  const asked: string[] = [];
  const waiting: ((answer: Acknowledgement | null) => void)[] = [];
  const carrier = (one: Command) => {
    asked.push(one.command_id);
    return new Promise<Acknowledgement | null>((resolve) => waiting.push(resolve));
  };
  return { asked, carrier, answer: (answer: Acknowledgement | null) => waiting.shift()?.(answer) };
}

test("a command sent while the line is down goes out when it is up, in order", async () => {
  const outbox = new Outbox(shelf(), () => {});
  const there = server();
  const first = outbox.send(command("a"));
  const second = outbox.send(command("b"));
  expect(there.asked).toEqual([]);
  outbox.connect(there.carrier);
  there.answer({ seq: 7 });
  there.answer({ seq: 8 });
  expect(await Promise.all([first, second])).toEqual([7, 8]);
  expect(there.asked).toEqual(["a", "b"]);
});

test("a command that was underway when the line broke is sent again with the same id", async () => {
  const outbox = new Outbox(shelf(), () => {});
  const [before, after] = [server(), server()];
  outbox.connect(before.carrier);
  const sent = outbox.send(command("a"));
  await expect.poll(() => before.asked).toEqual(["a"]);
  outbox.disconnect();
  outbox.connect(after.carrier);
  expect(after.asked).toEqual(["a"]);
  after.answer({ seq: 3 });
  expect(await sent).toBe(3);
  before.answer(null);
  expect(outbox.pending).toEqual([]);
});

test("an answer that never came makes the command go again on the same line", async () => {
  const outbox = new Outbox(shelf(), () => {});
  const there = server();
  outbox.connect(there.carrier);
  const sent = outbox.send(command("a"));
  await expect.poll(() => there.asked).toEqual(["a"]);
  there.answer(null);
  await expect.poll(() => there.asked).toEqual(["a", "a"]);
  there.answer({ seq: 1 });
  expect(await sent).toBe(1);
});

test("a refusal reaches the sender and the command is not kept", async () => {
  const kept = shelf();
  const outbox = new Outbox(kept, () => {});
  const there = server();
  outbox.connect(there.carrier);
  const sent = outbox.send(command("a"));
  await expect.poll(() => there.asked).toEqual(["a"]);
  there.answer({ problem: REFUSAL });
  await expect(sent).rejects.toEqual(new ProblemError(REFUSAL));
  expect(kept.kept.size).toBe(0);
});

test("a new page takes up what the old one left, and hears of what is refused", async () => {
  const kept = shelf(new Map([["a", command("a")]]));
  const outbox = new Outbox(kept, () => {});
  const there = server();
  const [resumed] = await outbox.resume();
  outbox.connect(there.carrier);
  expect(there.asked).toEqual(["a"]);
  there.answer({ problem: REFUSAL });
  await expect(resumed?.answered).rejects.toEqual(new ProblemError(REFUSAL));
  expect(kept.kept.size).toBe(0);
});

test("what belongs to its moment does not outlive the page", async () => {
  const kept = shelf();
  const outbox = new Outbox(kept, () => {});
  void outbox.send({ command_id: "m", type: "room.leave", validation_session_id: "meeting" });
  void outbox.send(command("a"));
  expect([...kept.kept.keys()]).toEqual(["a"]);
  expect(outbox.pending.map((one) => one.command_id)).toEqual(["m", "a"]);
});
