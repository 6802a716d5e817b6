import logout from "icon:logout";
import pause from "icon:pause";
import play from "icon:play";
import { Trans } from "@lingui/react/macro";
import { useMemo } from "react";
import { ChooseLanguage } from "../../../app/frame";
import { roleWord } from "../../../app/words";
import { itemsOf } from "../../../live/reading";
import { Button } from "../../../ui/Button";
import { Modal } from "../../../ui/Modal";
import { useCase, useParticipants, useParts, useSeat, useSender } from "../context";
import { FiledMark } from "../desktop/EvidenceStrip";
import { FileButton } from "../FileButton";
import { QueueList } from "../QueueList";

/** Everything that is not needed while walking: files, requests, people, leaving. */
export function PhoneSheet({ onClose }: { onClose: () => void }) {
  const { leave } = useParts();
  const seat = useSeat();
  const sender = useSender();
  return (
    <Modal heading={<Trans>Files and people</Trans>} onClose={onClose}>
      <div className="sheet">
        <Requests />
        <section>
          <h3>
            <Trans>Files</Trans>
          </h3>
          <FileButton asks>
            <Trans>Add photos or documents</Trans>
          </FileButton>
          <ul className="queue">
            <QueueList as="rows" />
            <Sent />
          </ul>
        </section>
        <People />
        <div className="actions sheet__end">
          <Button
            look="outline"
            icon={sender?.paused ? play : pause}
            onClick={() => seat.sender?.setPaused(!sender?.paused)}
          >
            {sender?.paused ? <Trans>Send the picture again</Trans> : <Trans>Pause my picture</Trans>}
          </Button>
          <Button look="danger" icon={logout} onClick={leave}>
            <Trans>Leave the session</Trans>
          </Button>
        </div>
        <div className="on-paper">
          <ChooseLanguage />
        </div>
      </div>
    </Modal>
  );
}

function Requests() {
  const requests = useCase((state) => state.requests);
  const open = useMemo(() => Object.values(requests).filter((one) => one.open), [requests]);
  if (open.length === 0) {
    return null;
  }
  return (
    <section>
      <h3>
        <Trans>Asked for</Trans>
      </h3>
      <ul className="rows">
        {open.map((request) => (
          <li key={request.id} className="sheet__request">
            <p>{request.text}</p>
            <FileButton small criterionId={request.criterion_id}>
              <Trans>Send files for this</Trans>
            </FileButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Sent() {
  const { plan } = useSeat();
  const items = useCase((state) => state.items);
  const mine = useMemo(
    () => itemsOf({ items }).filter((one) => one.participant_id === plan.participantId),
    [items, plan.participantId],
  );
  return (
    <>
      {mine.map((item) => (
        <li key={item.id} className="queue__row queue__row--sent">
          <span className="queue__name">{item.filename}</span>
          <FiledMark item={item} />
        </li>
      ))}
    </>
  );
}

function People() {
  const { plan } = useSeat();
  const people = Object.values(useParticipants()).filter(
    (one) => one.standing === "admitted" && one.validation_session_id === plan.validationSessionId,
  );
  return (
    <section>
      <h3>
        <Trans>In the room</Trans>
      </h3>
      <ul className="rows">
        {people.map((one) => (
          <li key={one.id}>
            {one.name} <span className="quiet">{roleWord(one.role)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
