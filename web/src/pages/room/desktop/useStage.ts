import { useState } from "react";
import { mainCamera } from "../../../live/reading";
import type { Received } from "../../../live/receivers";
import { useCase, useReceived, useSeat } from "../context";

export interface StageView {
  readonly main: Received | null;
  readonly tiles: readonly Received[];
  readonly pin: (sourceId: string) => void;
}

/** Which picture is large: the one that was chosen while it lasts, else the site's camera, else whatever there is. */
export function useStage(): StageView {
  const { plan } = useSeat();
  const received = useReceived();
  const cameraId = useCase((state) => mainCamera(state, plan.validationSessionId)?.id);
  const [pinned, pin] = useState<string | null>(null);
  const pictures = received.filter((one) => one.source.kind !== "microphone");
  const find = (id: string | null | undefined) => pictures.find((one) => one.source.id === id);
  const main = find(pinned) ?? find(cameraId) ?? pictures[0] ?? null;
  return { main, tiles: pictures.filter((one) => one !== main), pin };
}
