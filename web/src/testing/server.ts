import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly body?: object;
}

/** A real HTTP server on a port of its own, answering by `METHOD /path`; anything else is a 404 problem. */
export interface TestServer {
  readonly origin: string;
  readonly requests: readonly Request[];
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

export function problem(status: number, code: string, fields: object = {}): Answer {
  return { status, body: { type: `/problems/${code}`, title: code, status, code, ...fields } };
}

export async function startServer(
  answers: Record<string, (request: Request) => Answer | Promise<Answer>>,
): Promise<TestServer> {
  const requests: Request[] = [];
  const server: Server = createServer(async (incoming, outgoing) => {
    const request = { method: incoming.method ?? "", path: incoming.url ?? "", body: await bodyOf(incoming) };
    requests.push(request);
    const answer = (await answers[`${request.method} ${request.path}`]?.(request)) ?? problem(404, "not_found");
    const status = answer.status ?? 200;
    outgoing.writeHead(status, { "content-type": status < 400 ? "application/json" : "application/problem+json" });
    outgoing.end(answer.body && JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
