import { Trans } from "@lingui/react/macro";
import type { AnswerState } from "../../../live/state";
import { clockIn } from "../../../ui/time";
import { useSession } from "../context";
import { methodWord } from "../words";
import { textOf } from "./useAnswer";
import { VerdictTag } from "./verdicts";

/** What was answered, by whom and when; `brief` leaves out what the fields beside it already show. */
export function AnswerShown({ answer, brief = false }: { answer: AnswerState | undefined; brief?: boolean }) {
  const session = useSession();
  if (answer === undefined) {
    return (
      <p className="quiet">
        <Trans>Not answered yet.</Trans>
      </p>
    );
  }
  const at = clockIn(new Date(answer.at), session.time_zone);
  const { by } = answer;
  const text = textOf(answer);
  return (
    <div className="answer">
      {!brief && (
        <p>
          <VerdictTag verdict={answer.verdict} /> <span className="quiet">{methodWord(answer.method)}</span>
        </p>
      )}
      {!brief && text !== "" && <p className="answer__text">{text}</p>}
      <p className="quiet">
        <Trans>
          Saved {at} by {by}
        </Trans>
      </p>
    </div>
  );
}
