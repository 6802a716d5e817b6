import { expect, test } from "vitest";
import { ServerClock } from "./serverClock";

test("until the server was asked, the device's own time counts", () => {
  expect(new ServerClock().at(1000)).toBe(1000);
});

test.each([
  ["half the round trip is taken off", [[1000, 5050, 1100]], 2000, 6000],
  [
    "a shorter round trip is better",
    [
      [1000, 5050, 1100],
      [2000, 6005, 2010],
    ],
    3000,
    7000,
  ],
  [
    "a longer one is not",
    [
      [1000, 5005, 1010],
      [2000, 6900, 3000],
    ],
    4000,
    8000,
  ],
  [
    "unless the better one is old",
    [
      [1000, 5005, 1010],
      [200_000, 210_500, 201_000],
    ],
    300_000,
    310_000,
  ],
  [
    "or the device's clock was set back",
    [
      [9000, 5005, 9010],
      [2000, 6500, 3000],
    ],
    4000,
    8000,
  ],
])("%s", (_, answers, deviceMs, serverMs) => {
  const clock = new ServerClock();
  for (const [sent = 0, server = 0, received = 0] of answers) {
    clock.take(sent, server, received);
  }
  expect(clock.at(deviceMs)).toBe(serverMs);
});
