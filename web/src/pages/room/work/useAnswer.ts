import { useCallback, useState } from "react";
import { ProblemError } from "../../../api/client";
import { itemsFor, openStopOf } from "../../../live/reading";
import type { AnswerState, Method, Verdict } from "../../../live/state";
import { useSeat } from "../context";
import { type Draft, useDraft } from "./useDraft";

/** Which text a verdict cannot do without: a gap says what was seen, 'not applicable' says why. */
export function needs(verdict: Verdict): "note" | "reason" | null {
  switch (verdict) {
    case "partly_met":
    case "not_met":
      return "note";
    case "not_applicable":
    case "not_verifiable_remotely":
      return "reason";
    case "met":
      return null;
  }
}

export function textOf(answer: AnswerState | undefined): string {
  return answer === undefined ? "" : answer.note || (answer.reason ?? "");
}

export interface Answering {
  readonly note: string;
  readonly method: Method;
  /** Chosen, and waiting for its text. */
  readonly wanting: Verdict | null;
  readonly write: (note: string) => void;
  readonly setMethod: (method: Method) => void;
  /** Send the verdict, or ask for the text it needs; resolves to whether it was saved. */
  readonly choose: (verdict: Verdict) => Promise<boolean>;
}

function defaultMethod(answer: AnswerState | undefined, live: boolean): Method {
  return answer?.method ?? (live ? "live" : "document");
}

/** One criterion being answered here: the text, the method, and the version that the writer saw. */
export function useAnswer(criterionId: string, answer: AnswerState | undefined, live: boolean): Answering {
  const { plan, room } = useSeat();
  const [draft, keep] = useDraft(criterionId);
  const [wanting, setWanting] = useState<Verdict | null>(null);
  const [method, setMethod] = useState<Method>(() => defaultMethod(answer, live));
  const note = draft?.note ?? textOf(answer);
  const version = answer?.version ?? 0;

  const choose = useCallback(
    async (verdict: Verdict) => {
      const field = needs(verdict);
      if (field !== null && note.trim() === "") {
        setWanting(verdict);
        return false;
      }
      setWanting(null);
      const { state } = room.store.view();
      const sent: Draft = { note, baseVersion: draft?.baseVersion ?? version };
      keep(null);
      try {
        await room.send({
          type: "answer.record",
          criterion_id: criterionId,
          verdict,
          method,
          note: field === "reason" ? "" : note.trim(),
          reason: field === "reason" ? note.trim() : null,
          stop_id: openStopOf(state, plan.validationSessionId)?.id ?? null,
          item_ids: itemsFor(state, criterionId).map((item) => item.id),
          base_version: sent.baseVersion,
        });
        return true;
      } catch (error) {
        if (!(error instanceof ProblemError)) {
          throw error;
        }
        // The refused answer stays in view as a draft of its own, with its reason.
        return false;
      }
    },
    [plan, room, criterionId, method, note, version, draft, keep],
  );
  const write = (text: string) => keep({ note: text, baseVersion: draft?.baseVersion ?? version });
  return { note, method, wanting, write, setMethod, choose };
}
