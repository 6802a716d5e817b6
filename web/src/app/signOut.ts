import { signOut } from "../api/me";

/** End the login and forget what this browser keeps for the person, so that the next one finds nothing. */
export async function signOutHere(): Promise<void> {
  await signOut();
  const { wipeKept } = await import("../offline/database");
  await wipeKept();
}
