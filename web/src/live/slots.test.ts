import { expect, test } from "vitest";
import { assignSlots, PICTURE_SLOTS, type Slots, sameSlots, type Wish } from "./slots";

const picture = (id: string): Wish => ({ id, picture: true });
const voice = (id: string): Wish => ({ id, picture: false });
const nothing: Slots = [];
const assigned = (before: Slots, ...wishes: Wish[]) => assignSlots(before, wishes, PICTURE_SLOTS);

test.each([
  ["nobody", [], [null, null, null, null, null, null, null, null]],
  ["a camera and two voices", [picture("c"), voice("v"), voice("w")], ["c", null, null, null, null, null, "w", "v"]],
  [
    "more pictures than slots for them",
    ["a", "b", "c", "d", "e"].map(picture),
    ["a", "b", "c", "d", null, null, null, null],
  ],
  [
    "more voices than slots for them alone",
    ["s", "t", "u", "v", "w"].map(voice),
    [null, null, null, "w", "v", "u", "t", "s"],
  ],
])("%s", (_, wishes, slots) => {
  expect(assigned(nothing, ...wishes)).toEqual(slots);
});

test("a picture moves a voice out of its place, and the voice finds another", () => {
  const voices = ["s", "t", "u", "v", "w", "x", "y", "z"].map(voice);
  const full = assigned(nothing, ...voices);
  expect(full).toEqual(["z", "y", "x", "w", "v", "u", "t", "s"]);
  const rest = voices.filter((one) => one.id !== "s");
  expect(assigned(full, ...rest, picture("c"))).toEqual(["z", "y", "x", "c", "v", "u", "t", "w"]);
});

test("who stays keeps the slot, who goes leaves it to the next", () => {
  const before = assigned(nothing, picture("a"), picture("b"), voice("v"));
  expect(assigned(before, picture("b"), voice("v"), picture("c"))).toEqual([
    "c",
    "b",
    null,
    null,
    null,
    null,
    null,
    "v",
  ]);
});

test("without slots for pictures every source is heard", () => {
  expect(assignSlots(nothing, [voice("a"), picture("b")], 0)).toEqual([null, null, null, null, null, null, null, "a"]);
});

test("slots are compared one by one", () => {
  expect(sameSlots(["a", null], ["a", null])).toBe(true);
  expect(sameSlots(["a", null], [null, "a"])).toBe(false);
});
