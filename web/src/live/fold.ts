/** The one pure fold: state + entry → state. sessions/state.py has the same one, and both pass the vectors of tests/vectors/fold. */

import type { Entry } from "./entries";
import { CHECKLIST } from "./folds/checklist";
import { LOCKER } from "./folds/locker";
import { MEDIA } from "./folds/media";
import { READINESS } from "./folds/readiness";
import { REVIEW } from "./folds/review";
import { ROSTER } from "./folds/roster";
import { SCHEDULE } from "./folds/schedule";
import type { Steps } from "./folds/step";
import { TOUR } from "./folds/tour";
import type { CaseState } from "./state";

const STEPS: Steps = { ...SCHEDULE, ...ROSTER, ...TOUR, ...READINESS, ...MEDIA, ...CHECKLIST, ...REVIEW, ...LOCKER };
const NOBODY = { kind: "system", id: "unknown", name: "unknown", role: "" };

/**
 * Return the state after the entry. An entry of an unknown tag, or without a body, moves `seq` and nothing else;
 * what it says of a thing whose own first entry is without a body is passed over.
 */
export function apply(state: CaseState, entry: Entry): CaseState {
  const step = entry.tag === null ? undefined : STEPS[entry.tag];
  const after =
    step === undefined || entry.data === null
      ? state
      : step(state, { entry, data: entry.data, by: entry.actor ?? NOBODY });
  return { ...after, seq: entry.seq };
}
