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

type Method = "GET" | "POST" | "PUT" | "DELETE";

async function send(method: Method, path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`/api${path}`, { method, credentials: "same-origin", ...init });
  } catch (cause) {
    throw new Unreachable(cause);
  }
  if (!response.ok) throw new ProblemError(await readProblem(response));
  return response;
}

async function readProblem(response: Response): Promise<Problem> {
  if (response.headers.get("content-type")?.startsWith("application/problem+json")) {
    return response.json();
  }
  return { type: "about:blank", title: response.statusText, status: response.status, code: "unexpected_answer" };
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await send("GET", path, { headers: { accept: "application/json" }, signal: signal ?? null });
  return response.json();
}

/** Send JSON; the answer is the decoded body, or undefined for 204. */
export async function post<T = undefined>(path: string, body?: object): Promise<T> {
  const init: RequestInit =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  return decode(await send("POST", path, init));
}

/** Send bytes as they are, such as a CSV file. */
export async function postBytes<T = undefined>(path: string, body: Blob, mediaType: string): Promise<T> {
  return decode(await send("POST", path, { body, headers: { "content-type": mediaType } }));
}

export async function remove(path: string): Promise<void> {
  await send("DELETE", path, {});
}

async function decode(response: Response) {
  return response.status === 204 ? undefined : response.json();
}
