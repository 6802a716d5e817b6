import { post } from "./client";

/** Bind this browser to the invitation of a join link; the answer sets the guest's login. */
export async function openJoinLink(token: string): Promise<void> {
  await post<object>("/join", { token });
}
