import { useCallback, useState } from "react";
import { useSeat } from "../context";

/** A note that is being written, and the version of the answer that the writer saw when they began. */
export interface Draft {
  readonly note: string;
  readonly baseVersion: number;
}

function read(key: string): Draft | null {
  const stored = sessionStorage.getItem(key);
  if (stored === null) {
    return null;
  }
  const [version, ...lines] = stored.split("\n");
  return { note: lines.join("\n"), baseVersion: Number(version) };
}

/** Keep what is being written about a criterion over a change of focus and a reload, until it is sent. */
export function useDraft(criterionId: string): [Draft | null, (draft: Draft | null) => void] {
  const { plan } = useSeat();
  const key = `sightline.note ${plan.participantId} ${plan.validationId} ${criterionId}`;
  const [draft, setDraft] = useState(() => read(key));
  const keep = useCallback(
    (next: Draft | null) => {
      setDraft(next);
      if (next === null) {
        sessionStorage.removeItem(key);
      } else {
        sessionStorage.setItem(key, `${next.baseVersion}\n${next.note}`);
      }
    },
    [key],
  );
  return [draft, keep];
}
