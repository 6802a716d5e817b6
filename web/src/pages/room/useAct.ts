import { useCallback } from "react";
import { ProblemError } from "../../api/client";
import type { CommandBody } from "../../live/commands";
import { toast } from "../../ui/announce";
import { useProblemWords } from "../../ui/Problem";
import { useSeat } from "./context";

/** Send a command whose outcome shows itself in the room; a refusal is said in the corner. Resolves to whether it was done. */
export function useAct(): (body: CommandBody) => Promise<boolean> {
  const { room } = useSeat();
  const words = useProblemWords();
  return useCallback(
    async (body) => {
      try {
        await room.send(body);
        return true;
      } catch (error) {
        if (!(error instanceof ProblemError)) {
          throw error;
        }
        toast(words(error));
        return false;
      }
    },
    [room, words],
  );
}
