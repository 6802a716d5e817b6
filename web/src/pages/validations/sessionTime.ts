import type { NewTime } from "../../api/types";
import { textOf } from "../../app/useSubmit";

/** What TimeFields put into a form. */
export function sessionTimeOf(form: FormData): Omit<NewTime, "reason"> {
  const reading = form.get("reading");
  return {
    starts_at_local: textOf(form, "starts_at_local"),
    duration_min: Number(form.get("duration_min")),
    reading: reading === "earlier" || reading === "later" ? reading : null,
  };
}
