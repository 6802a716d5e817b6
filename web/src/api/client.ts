import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

/** RFC 9457 problem object as the server sends it, over HTTP and in a socket ack alike. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail?: string | null;
  [field: string]: unknown;
}

/** The server refused: `problem.code` is stable and has a sentence in `ui/Problem.tsx`. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code);
    this.name = "ProblemError";
    this.problem = problem;
  }
}

/** Nothing came back: no line, or the server is down. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("unreachable", { cause });
    this.name = "Unreachable";
  }
}

/** Fetch with the whole body, so that a line that breaks between head and end of an answer shows here alone. */
async function reach(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    const body = await response.arrayBuffer();
    return new Response(body.byteLength === 0 ? null : body, response);
  } catch (cause) {
    throw new Unreachable(cause);
  }
}

async function readProblem(response: Response): Promise<Problem> {
  if (response.headers.get("content-type")?.startsWith("application/problem+json")) {
    return response.json();
  }
  return { type: "about:blank", title: response.statusText, status: response.status, code: "unexpected_answer" };
}

/**
 * Every operation of the server, typed by its OpenAPI document.
 *
 * A call rejects with ProblemError when it was refused and with Unreachable when no answer came.
 */
export const wire = createClient<paths>({ baseUrl: location.origin, credentials: "same-origin", fetch: reach });
wire.use({
  async onResponse({ response }) {
    if (!response.ok) throw new ProblemError(await readProblem(response));
  },
});

/** The decoded body of an answer; only for operations that have one. */
export async function bodyOf<Body>(call: Promise<{ data?: Body }>): Promise<Body> {
  const { data } = await call;
  if (data === undefined) throw new Unreachable(new Error("an answer without its body"));
  return data;
}
