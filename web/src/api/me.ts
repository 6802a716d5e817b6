import { queryOptions, useQuery } from "@tanstack/react-query";
import { bodyOf, ProblemError, wire } from "./client";
import type { Me } from "./types";

export const ME = ["me"];

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

export async function signIn(email: string, password: string): Promise<void> {
  await wire.POST("/api/login", { body: { email, password } });
}

/** Use up a single-use sign-in link. */
export function signInByLink(token: string): Promise<Me> {
  return bodyOf(wire.POST("/api/login/link", { body: { token } }));
}

export async function signOut(): Promise<void> {
  await wire.DELETE("/api/login");
}

/** Set the own password; `current` is empty for an account that has none yet. */
export async function setPassword(current: string, password: string): Promise<void> {
  await wire.PUT("/api/me/password", { body: { current: current || null, password } });
}
