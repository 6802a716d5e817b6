import { useEffect, useRef } from "react";
import { ProblemError, Unreachable, wire } from "../../api/client";
import type { StillState } from "../../live/state";
import { toast } from "../../ui/announce";
import { useProblemWords } from "../../ui/Problem";
import { useCase, useMay, useSeat } from "./context";

/** How long the phone has for its own picture before the server decodes one. */
const PHONE_HAS_MS = 12_000;
const LOOK_EVERY_MS = 1000;

function isDue(still: StillState, nowMs: number): boolean {
  const late = still.state === "requested" && nowMs - Date.parse(still.at) > PHONE_HAS_MS;
  return late || (still.state === "declined" && still.item_id === null);
}

/** When the phone gives no picture for a still asked for in this visit, the server is asked for a frame of the video. */
export function useStillFallback(): void {
  const { plan } = useSeat();
  const stills = useCase((state) => state.stills);
  const name = useCase((state) => state.participants[plan.participantId]?.name);
  const mayGuide = useMay("guide_tour");
  const since = useRef(Date.now());
  const tried = useRef(new Set<string>());
  const words = useProblemWords();
  const current = useRef(stills);
  useEffect(() => {
    current.current = stills;
  }, [stills]);
  useEffect(() => {
    if (!mayGuide) {
      return;
    }
    const look = () => {
      for (const still of Object.values(current.current)) {
        const mine = still.by === name && Date.parse(still.at) > since.current;
        if (mine && !tried.current.has(still.id) && isDue(still, Date.now())) {
          tried.current.add(still.id);
          void askServer(still, (error) => toast(words(error)));
        }
      }
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [mayGuide, name, words]);
}

async function askServer(still: StillState, onFailure: (error: Error) => void): Promise<void> {
  try {
    await wire.POST("/api/validation-sessions/{validation_session_id}/server-stills", {
      params: { path: { validation_session_id: still.validation_session_id } },
      body: { still_id: still.id },
    });
  } catch (error) {
    if (error instanceof ProblemError || error instanceof Unreachable) {
      onFailure(error);
      return;
    }
    throw error;
  }
}
