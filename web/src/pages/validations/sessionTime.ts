import type { SessionTime } from "../../api/validations";
import { textOf } from "../../app/useSubmit";

/** What TimeFields put into a form. */
export function sessionTimeOf(form: FormData): SessionTime {
  const reading = form.get("reading");
  return {
    starts_at_local: textOf(form, "starts_at_local"),
    duration_min: Number(form.get("duration_min")),
    ...((reading === "earlier" || reading === "later") && { reading }),
  };
}
