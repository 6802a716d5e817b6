import { Trans, useLingui } from "@lingui/react/macro";
import { requestedStills } from "../../../live/reading";
import type { Received } from "../../../live/receivers";
import { useCase, useParticipants, useSeat, useSender, useStore } from "../context";
import { PhotoInstead, PhotoWords } from "../PhotoInstead";
import { Picture } from "../Picture";
import { qualityWord, sourceWord } from "../words";
import { StageBar } from "./StageBar";
import { StageWaiting } from "./StageWaiting";
import { StopLine } from "./StopLine";
import { type StageView, useStage } from "./useStage";
import "./stage.css";

/** The picture of the site, what is known about it, and the acts that belong to it. */
export function Stage({ onNext, onRoute }: { onNext: () => void; onRoute: () => void }) {
  const { t } = useLingui();
  const stage = useStage();
  return (
    <section className="stage" aria-label={t`Live picture`}>
      <div className="stage__picture">
        {stage.main === null ? <StageWaiting /> : <MainPicture received={stage.main} />}
        <Tiles stage={stage} />
        <StillsUnderway />
      </div>
      <StopLine onRoute={onRoute} />
      <StageBar onNext={onNext} />
    </section>
  );
}

function MainPicture({ received }: { received: Received }) {
  const { t } = useLingui();
  const name = useParticipants()[received.source.participant_id]?.name ?? "";
  const word = sourceWord(received.source.kind);
  return (
    <>
      <Picture stream={received.stream} label={t`${word} of ${name}`} className="stage__video" />
      <PhotoInstead source={received.source} className="stage__video" />
      <p className="stage__caption">
        <span>
          {word} · {name}
        </span>
        {received.source.photo_mode ? <PhotoWords source={received.source} /> : <Reading received={received} />}
      </p>
      <Trouble received={received} />
    </>
  );
}

function Reading({ received }: { received: Received }) {
  const { reading } = received;
  if (reading === null) {
    return null;
  }
  const fps = Math.round(reading.fps);
  return (
    <span className="stage__reading">
      {reading.height !== null && `${reading.height}p ${fps}/s · `}
      {qualityWord(reading.quality)}
    </span>
  );
}

/** One sentence over a picture that does not move, and what happens by itself. */
function Trouble({ received }: { received: Received }) {
  const name = useParticipants()[received.source.participant_id]?.name ?? "";
  const away = useStore(useSeat().hints.store, (view) => view.away).has(received.source.participant_id);
  const broken =
    received.source.interrupted || received.peer === "reconnecting" || received.reading?.quality === "still";
  if (received.peer === "live" && !broken && !away && received.stream !== null) {
    return null;
  }
  if (away) {
    return (
      <p className="stage__trouble" role="status">
        <Trans>The phone of {name} has paused the camera: a call, a locked screen or another app.</Trans>
      </p>
    );
  }
  return (
    <p className="stage__trouble" role="status">
      {broken ? <Trans>The line of {name} is broken. Reconnecting…</Trans> : <Trans>Connecting to {name}…</Trans>}
    </p>
  );
}

function Tiles({ stage }: { stage: StageView }) {
  const { t } = useLingui();
  const participants = useParticipants();
  const sender = useSender();
  const own = sender?.kind === "camera" ? sender.stream : null;
  if (stage.tiles.length === 0 && own === null) {
    return null;
  }
  return (
    <ul className="tiles">
      {stage.tiles.map((one) => {
        const name = participants[one.source.participant_id]?.name ?? "";
        const word = sourceWord(one.source.kind);
        return (
          <li key={one.source.id}>
            <button type="button" className="tile" onClick={() => stage.pin(one.source.id)}>
              <Picture stream={one.stream} label={t`${word} of ${name}, make it large`} />
              <PhotoInstead source={one.source} className="tile__photo" />
              <span className="tile__name">
                {name}
                {one.source.photo_mode && (
                  <>
                    {" · "}
                    <PhotoWords source={one.source} />
                  </>
                )}
              </span>
            </button>
          </li>
        );
      })}
      {own !== null && (
        <li className="tile tile--own">
          <Picture stream={own} label={t`Your own camera`} />
          <span className="tile__name">
            <Trans>You</Trans>
          </span>
        </li>
      )}
    </ul>
  );
}

function StillsUnderway() {
  const { plan } = useSeat();
  const state = useCase((one) => one);
  const count = requestedStills(state, plan.validationSessionId).length;
  return (
    <p className="stage__still" role="status">
      {count > 0 && <Trans>Taking the still…</Trans>}
    </p>
  );
}
