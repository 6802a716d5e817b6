import { wire } from "./client";

/** Bind this browser to the invitation of a join link; the answer sets the guest's login. */
export async function openJoinLink(token: string): Promise<void> {
  await wire.POST("/api/join", { body: { token } });
}
