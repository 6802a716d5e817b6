import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { ProblemError } from "../../../api/client";
import type { RefusedAnswer } from "../../../live/outbox";
import type { AnswerState } from "../../../live/state";
import { Button } from "../../../ui/Button";
import { sentenceFor } from "../../../ui/problemSentences";
import { useSeat } from "../context";
import { methodWord } from "../words";
import { AnswerShown } from "./AnswerShown";
import { VerdictTag } from "./verdicts";

interface RefusedAnswerBoxProps {
  refused: RefusedAnswer;
  answer: AnswerState | undefined;
  onSaved: () => void;
}

/** An answer that the server would not have, beside what stands now; the person keeps one of the two. */
export function RefusedAnswerBox({ refused, answer, onSaved }: RefusedAnswerBoxProps) {
  const { room } = useSeat();
  const [busy, setBusy] = useState(false);
  const { command, problem } = refused;
  const text = command.note || (command.reason ?? "");
  const sendAnew = async () => {
    const { command_id: _old, ...body } = command;
    setBusy(true);
    await room.dropRefused(command.criterion_id);
    try {
      await room.send({ ...body, base_version: answer?.version ?? 0 });
      onSaved();
    } catch (error) {
      if (!(error instanceof ProblemError)) {
        throw error;
      }
      setBusy(false);
    }
  };
  return (
    <div className="refused" role="alert">
      <p>
        <strong>{sentenceFor(problem)}</strong>
      </p>
      <div className="refused__both">
        <section>
          <h3>
            <Trans>Yours, not saved</Trans>
          </h3>
          <p>
            <VerdictTag verdict={command.verdict} /> <span className="quiet">{methodWord(command.method)}</span>
          </p>
          {text !== "" && <p className="answer__text">{text}</p>}
        </section>
        <section>
          <h3>
            <Trans>What stands now</Trans>
          </h3>
          <AnswerShown answer={answer} />
        </section>
      </div>
      <div className="actions">
        <Button small busy={busy} onClick={sendAnew}>
          <Trans>Save mine</Trans>
        </Button>
        <Button look="outline" small onClick={() => room.dropRefused(command.criterion_id)}>
          <Trans>Drop mine</Trans>
        </Button>
      </div>
    </div>
  );
}
