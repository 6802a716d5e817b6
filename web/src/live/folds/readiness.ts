/** Fold of the tests of the line. */

import { type LineTest, WAYS } from "../state";
import { textAt, textsAt, wordOrNullAt } from "../wire";
import { type Steps, withChanges } from "./step";

export const READINESS: Steps = {
  "readiness.line_tested": (state, { data, entry }) => {
    const worked = textsAt(data, "worked");
    const line: LineTest = {
      validation_session_id: textAt(data, "validation_session_id"),
      worked: WAYS.filter((way) => worked.includes(way)),
      path: wordOrNullAt(data, "path", WAYS),
      at: entry.at,
    };
    return { ...state, participants: withChanges(state.participants, textAt(data, "participant_id"), { line }) };
  },
};
