import { Trans, useLingui } from "@lingui/react/macro";
import { requestedStills } from "../../../live/reading";
import type { Received } from "../../../live/receivers";
import { useCase, useParticipants, useSeat, useSender } from "../context";
import { MutedNote, useOwnPause, usePause, useSaidPause } from "../Paused";
import { PhotoInstead, PhotoWords } from "../PhotoInstead";
import { Picture } from "../Picture";
import { qualityWord, sourceTitle, sourceWord } from "../words";
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
        {stage.main === null ? <StageWaiting /> : <MainPicture key={stage.main.source.id} received={stage.main} />}
        <Tiles stage={stage} />
        <StillsUnderway />
      </div>
      <StopLine onRoute={onRoute} />
      <StageBar onNext={onNext} />
    </section>
  );
}

function MainPicture({ received }: { received: Received }) {
  const name = useParticipants()[received.source.participant_id]?.name ?? "";
  const { source } = received;
  const pause = usePause(source.id);
  useSaidPause(pause);
  const caption = source.name === null ? `${sourceWord(source.kind)} · ${name}` : sourceTitle(source, name);
  return (
    <>
      <Picture
        stream={received.stream}
        label={sourceTitle(source, name)}
        className="stage__video"
        pause={pause}
        replaced={source.photo_mode}
      />
      <PhotoInstead source={source} className="stage__video" />
      <p className="stage__caption">
        <span>{caption}</span>
        <MutedNote sourceId={source.id} />
        {source.photo_mode ? <PhotoWords source={source} /> : <Reading received={received} />}
      </p>
      {pause === null && !source.photo_mode && <Trouble received={received} />}
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
  const person = useParticipants()[received.source.participant_id]?.name ?? "";
  const name = received.source.name ?? person;
  const broken = received.peer === "reconnecting" || received.reading?.quality === "still";
  if (received.peer === "live" && !broken && received.stream !== null) {
    return null;
  }
  return (
    <p className="stage__trouble" role="status">
      {broken ? <Trans>The line of {name} is broken. Reconnecting…</Trans> : <Trans>Connecting to {name}…</Trans>}
    </p>
  );
}

function PausablePicture({ received, label }: { received: Received; label: string }) {
  const { source, stream } = received;
  return <Picture stream={stream} label={label} pause={usePause(source.id)} replaced={source.photo_mode} />;
}

function OwnPicture({ stream }: { stream: MediaStream }) {
  const { t } = useLingui();
  return <Picture stream={stream} label={t`Your own camera`} pause={useOwnPause()} own />;
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
        const { source } = one;
        const person = participants[source.participant_id]?.name ?? "";
        const title = sourceTitle(source, person);
        return (
          <li key={one.source.id}>
            <button type="button" className="tile" onClick={() => stage.pin(one.source.id)}>
              <PausablePicture received={one} label={t`${title}, make it large`} />
              <PhotoInstead source={source} className="tile__photo" />
              <span className="tile__name">
                {source.name === null ? person : title}
                {source.photo_mode && (
                  <>
                    {" · "}
                    <PhotoWords source={source} />
                  </>
                )}
              </span>
            </button>
          </li>
        );
      })}
      {own !== null && (
        <li className="tile tile--own">
          <OwnPicture stream={own} />
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
