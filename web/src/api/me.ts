import { queryOptions, useQuery } from "@tanstack/react-query";
import { bodyOf, ProblemError, wire } from "./client";
import { ME, queryClient } from "./queryClient";
import type { Me } from "./types";

/** The signed-in person, or null. */
const meQuery = queryOptions({
  queryKey: ME,
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return await bodyOf(wire.GET("/api/me", { signal }));
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

/**
 * Ask anew who is signed in, after that has changed.
 *
 * A first answer that is still on its way is from before the change, and a refetch alone would wait for that one.
 */
async function askWhoIsIn(): Promise<void> {
  await queryClient.cancelQueries({ queryKey: ME });
  await queryClient.refetchQueries({ queryKey: ME });
}

export async function signIn(email: string, password: string): Promise<void> {
  await wire.POST("/api/login", { body: { email, password } });
  await askWhoIsIn();
}

/** Use up a single-use sign-in link. */
export async function signInByLink(token: string): Promise<void> {
  await wire.POST("/api/login/link", { body: { token } });
  await askWhoIsIn();
}

/** Bind this browser to the invitation of a join link; the answer sets the guest's login. */
export async function openJoinLink(token: string): Promise<void> {
  await wire.POST("/api/join", { body: { token } });
  await askWhoIsIn();
}

export async function signOut(): Promise<void> {
  await wire.DELETE("/api/login");
}

/** Set the own password; `current` is empty for an account that has none yet. */
export async function setPassword(current: string, password: string): Promise<void> {
  await wire.PUT("/api/me/password", { body: { current: current || null, password } });
}
