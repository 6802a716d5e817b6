import { expect, test } from "vitest";
import { Hints } from "./hints";

test("a phone that says its camera is taken is away until it says otherwise", () => {
  const hints = new Hints();
  hints.take({ kind: "line", participant_id: "mateo", state: "lost" });
  hints.take({ kind: "line", participant_id: "ana", state: "good" });
  hints.take({ kind: "presence", participant_id: "ana", state: "lost" });
  expect([...hints.store.view().away]).toEqual(["mateo"]);
  hints.take({ kind: "line", participant_id: "mateo", state: "good" });
  expect([...hints.store.view().away]).toEqual([]);
});
