import { useQuery } from "@tanstack/react-query";
import { bodyOf, wire } from "./client";
import { queryClient } from "./queryClient";
import type { MadeMediaToken, MediaToken, NewMediaToken } from "./types";

const TOKENS = "/api/validation-sessions/{validation_session_id}/media-tokens";
/** How old the time of the last use may be on a page that stays open. */
const EVERY_MS = 10_000;

function ofSession(sessionId: string) {
  return { path: { validation_session_id: sessionId } };
}

export function useMediaTokens(sessionId: string) {
  return useQuery({
    queryKey: ["media-tokens", sessionId],
    refetchInterval: EVERY_MS,
    queryFn: async ({ signal }): Promise<MediaToken[]> =>
      (await bodyOf(wire.GET(TOKENS, { params: ofSession(sessionId), signal }))).items,
  });
}

/** Make a token; the answer holds its secret, which is shown this once. */
export async function makeMediaToken(sessionId: string, wish: NewMediaToken): Promise<MadeMediaToken> {
  const made = await bodyOf(wire.POST(TOKENS, { params: ofSession(sessionId), body: wish }));
  await queryClient.invalidateQueries({ queryKey: ["media-tokens", sessionId] });
  return made;
}

export async function revokeMediaToken(sessionId: string, tokenId: string): Promise<void> {
  await wire.DELETE("/api/media-tokens/{token_id}", { params: { path: { token_id: tokenId } } });
  await queryClient.invalidateQueries({ queryKey: ["media-tokens", sessionId] });
}
