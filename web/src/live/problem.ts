/** The refusal in a socket acknowledgement: the same object as in an HTTP answer (RFC 9457). */

import type { Problem } from "../api/client";
import { isFields, numberAt, textAt, textOrNullAt } from "./wire";

/** Read a problem; null when `value` is none. */
export function readProblem(value: unknown): Problem | null {
  if (!isFields(value) || typeof value.code !== "string") {
    return null;
  }
  return {
    ...value,
    type: textOrNullAt(value, "type") ?? "about:blank",
    title: textAt(value, "title"),
    status: numberAt(value, "status"),
    code: textAt(value, "code"),
  };
}
