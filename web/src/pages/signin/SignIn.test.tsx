import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterAll, beforeAll, expect, test } from "vitest";
import { problem, startServer, type TestServer } from "../../testing/server";

let server: TestServer;
let open: (language: "en" | "es") => void;

beforeAll(async () => {
  server = await startServer({
    "POST /api/login": ({ body }) =>
      JSON.parse(body).password === "right" ? { status: 204 } : problem(401, "sign_in_refused"),
    "GET /api/me": () => ({ body: { kind: "account", name: "Dana", office_role: "scss" } }),
  });
  // The client talks to the address that its page came from, so the modules are loaded after it is known.
  window.location.href = `${server.origin}/sign-in?next=%2Fmembers`;
  const { renderIn } = await import("../../testing/render");
  const { default: SignIn } = await import("./SignIn");
  open = (language) => renderIn(language, <SignIn />);
});

afterAll(() => server.close());

test("a wrong password is explained in the reader's language and stays on the page", async () => {
  open("es");
  await userEvent.type(screen.getByLabelText("Correo electrónico"), "dana@office.example");
  await userEvent.type(screen.getByLabelText("Contraseña"), "wrong");
  await userEvent.click(screen.getByRole("button", { name: "Iniciar sesión" }));
  expect((await screen.findByRole("alert")).textContent).toContain("no corresponden a una cuenta");
  expect(window.location.pathname).toBe("/sign-in");
});

test("signing in sends what was typed once and goes on to the page that was asked for", async () => {
  open("en");
  await userEvent.type(screen.getByLabelText("E-mail address"), "dana@office.example");
  await userEvent.type(screen.getByLabelText("Password"), "right{Enter}");
  await waitFor(() => expect(window.location.pathname).toBe("/members"));
  const logins = server.requests.filter((request) => request.path === "/api/login");
  expect(JSON.parse(logins.at(-1)?.body ?? "")).toEqual({ email: "dana@office.example", password: "right" });
  expect(logins).toHaveLength(2);
});
