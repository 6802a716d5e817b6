import { screen } from "@testing-library/react";
import { afterAll, beforeAll, expect, test } from "vitest";
import { problem, startServer, type TestServer } from "../../testing/server";

let server: TestServer;
let open: () => void;

beforeAll(async () => {
  const late = Promise.withResolvers<void>();
  let asked = 0;
  server = await startServer({
    "GET /api/me": async () => {
      asked += 1;
      if (asked > 1) {
        late.resolve();
        return { body: { kind: "guest", name: "Mateo" } };
      }
      await late.promise;
      return problem(401, "not_signed_in");
    },
    "POST /api/join": () => ({ body: {} }),
  });
  window.location.href = `${server.origin}/join#token`;
  const [{ renderIn }, { useMe }, { default: Join }] = await Promise.all([
    import("../../testing/render"),
    import("../../api/me"),
    import("."),
  ]);
  const Who = () => <output>{useMe().data?.name}</output>;
  open = () =>
    renderIn(
      "en",
      <>
        <Who />
        <Join />
      </>,
    );
});

afterAll(() => server.close());

test("an answer from before the link was opened is not taken for the guest's", async () => {
  open();
  expect(await screen.findByText("Mateo")).toBeTruthy();
  expect(window.location.hash).toBe("");
});
