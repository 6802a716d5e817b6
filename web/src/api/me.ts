import { queryOptions, useQuery } from "@tanstack/react-query";
import { get, ProblemError, post, remove } from "./client";
import type { Me } from "./types";

export const ME = ["me"];

/** The signed-in person, or null. */
const meQuery = queryOptions({
  queryKey: ME,
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return await get<Me>("/me", signal);
    } catch (error) {
      if (error instanceof ProblemError && error.problem.code === "not_signed_in") return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export function useMe() {
  return useQuery(meQuery);
}

export function signIn(email: string, password: string): Promise<undefined> {
  return post("/login", { email, password });
}

/** Use up a single-use sign-in link. */
export function signInByLink(token: string): Promise<Me> {
  return post("/login/link", { token });
}

export function signOut(): Promise<void> {
  return remove("/login");
}
