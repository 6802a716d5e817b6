import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ProblemError } from "./client";

/** The key of who is signed in. */
export const ME = ["me"];
const RETRIES = 2;

/** A refusal is final; only a broken line or a failing server is worth another try. */
function worthRetrying(failures: number, error: Error): boolean {
  return failures < RETRIES && !(error instanceof ProblemError && error.problem.status < 500);
}

/** A login that ended shows on every page at once: the shell turns to the sign-in page. */
function noticeEndedLogin(error: Error): void {
  if (error instanceof ProblemError && error.problem.code === "not_signed_in") queryClient.setQueryData(ME, null);
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEndedLogin }),
  mutationCache: new MutationCache({ onError: noticeEndedLogin }),
  defaultOptions: { queries: { retry: worthRetrying, staleTime: 5_000 }, mutations: { retry: false } },
});
