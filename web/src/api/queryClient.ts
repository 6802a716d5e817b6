import { QueryClient } from "@tanstack/react-query";
import { ProblemError } from "./client";

const RETRIES = 2;

/** A refusal is final; only a broken line is worth another try. */
function worthRetrying(failures: number, error: Error): boolean {
  return failures < RETRIES && !(error instanceof ProblemError && error.problem.status < 500);
}

export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: worthRetrying, staleTime: 5_000 }, mutations: { retry: false } },
});
