import forward from "icon:fast_forward";
import back from "icon:fast_rewind";
import keyboard from "icon:keyboard";
import pauseIcon from "icon:pause";
import playIcon from "icon:play";
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Lane, SessionRecording } from "../../api/review";
import { usePageKeys } from "../../app/keys/usePageKeys";
import { Icon } from "../../ui/Icon";
import { Tag } from "../../ui/Tag";
import { type LaneClock, offsetWord, RATES } from "./clock";
import { reviewBindings, reviewKeys } from "./reviewKeys";
import { gapWord, laneTitle } from "./words";

const JUMP_MS = 10_000;

/** The main picture with all other lanes in step, and what moves them. */
export function Player({ recording, clock, zone }: { recording: SessionRecording; clock: LaneClock; zone: string }) {
  const pictures = recording.lanes.filter((lane) => lane.media_type.startsWith("video/"));
  const [chosen, setChosen] = useState(pictures[0]?.id ?? "");
  const main = pictures.find((lane) => lane.id === chosen) ?? pictures[0];
  useEffect(() => clock.start(), [clock]);
  // The main picture is drawn first, so it joins the clock first and leads it.
  const order = main === undefined ? recording.lanes : [main, ...recording.lanes.filter((lane) => lane !== main)];
  return (
    <div className="player">
      <div className="player__stage">
        {order.map((lane) => (
          <LaneMedia key={lane.id} lane={lane} clock={clock} shown={lane === main} />
        ))}
        {main === undefined && (
          <p className="player__none">
            <Trans>No picture was recorded in this session.</Trans>
          </p>
        )}
        {main && <GapNote lane={main} clock={clock} />}
      </div>
      {pictures.length > 1 && <PictureChoice lanes={pictures} chosen={main?.id ?? ""} onChoose={setChosen} />}
      <Transport recording={recording} clock={clock} zone={zone} />
    </div>
  );
}

function LaneMedia({ lane, clock, shown }: { lane: Lane; clock: LaneClock; shown: boolean }) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => (element.current ? clock.add(element.current) : undefined), [clock]);
  const what = laneTitle(lane);
  return (
    // biome-ignore lint/a11y/useMediaCaption: a recording as it was made; what was said is not written down in this version
    <video
      ref={element}
      className={shown ? "player__picture" : "player__hidden"}
      src={`/api/recordings/${lane.id}/content`}
      preload="auto"
      playsInline
      aria-label={what}
      data-lane={lane.id}
    />
  );
}

function GapNote({ lane, clock }: { lane: Lane; clock: LaneClock }) {
  const { position_ms } = useSyncExternalStore(clock.store.subscribe, clock.store.view);
  const gap = lane.gaps.find((one) => one.start_ms <= position_ms && position_ms < one.end_ms);
  return gap ? <p className="player__gap">{gapWord(gap.reason)}</p> : null;
}

function PictureChoice(props: { lanes: readonly Lane[]; chosen: string; onChoose: (id: string) => void }) {
  const { t } = useLingui();
  return (
    <fieldset className="player__choice">
      <legend className="sr-only">{t`Main picture`}</legend>
      {props.lanes.map((lane) => (
        <button
          key={lane.id}
          type="button"
          aria-pressed={lane.id === props.chosen}
          onClick={() => props.onChoose(lane.id)}
        >
          {laneTitle(lane)}
        </button>
      ))}
    </fieldset>
  );
}

function Transport({ recording, clock, zone }: { recording: SessionRecording; clock: LaneClock; zone: string }) {
  const { t, i18n } = useLingui();
  const view = useSyncExternalStore(clock.store.subscribe, clock.store.view);
  const at = new Date(new Date(recording.started_at).getTime() + view.position_ms);
  const site = new Intl.DateTimeFormat(i18n.locale, {
    timeZone: zone,
    hourCycle: "h23",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  }).format(at);
  return (
    <div className="transport">
      <Act label={t`Back 10 seconds (J)`} icon={back} onClick={() => clock.seek(view.position_ms - JUMP_MS)} />
      <Act
        label={view.playing ? t`Pause (K)` : t`Play (K)`}
        icon={view.playing ? pauseIcon : playIcon}
        onClick={() => clock.toggle()}
      />
      <Act label={t`Forward 10 seconds (L)`} icon={forward} onClick={() => clock.seek(view.position_ms + JUMP_MS)} />
      <input
        type="range"
        className="transport__seek"
        aria-label={t`Position`}
        aria-valuetext={`${offsetWord(view.position_ms)}, ${site}`}
        min={0}
        max={clock.duration_ms}
        step={100}
        value={view.position_ms}
        onChange={(event) => clock.seek(event.currentTarget.valueAsNumber)}
      />
      <Keys clock={clock} />
      <span className="transport__time">
        {offsetWord(view.position_ms)} / {offsetWord(clock.duration_ms)}
        <span className="quiet"> · {site}</span>
      </span>
      <label className="transport__rate">
        <span className="sr-only">{t`Speed`}</span>
        <select value={view.rate} onChange={(event) => clock.setRate(Number(event.currentTarget.value))}>
          {RATES.map((rate) => (
            <option key={rate} value={rate}>
              {rate}×
            </option>
          ))}
        </select>
      </label>
      {view.waiting && (
        <Tag tone="info" icon={pauseIcon}>
          <Trans>Loading</Trans>
        </Tag>
      )}
    </div>
  );
}

/** What the single keys are, and whether they act. */
function Keys({ clock }: { clock: LaneClock }) {
  const { t } = useLingui();
  const { ask, dialog } = usePageKeys(reviewBindings(clock), reviewKeys);
  return (
    <>
      <Act label={t`Keys (?)`} icon={keyboard} onClick={ask} />
      {dialog}
    </>
  );
}

function Act({ label, icon, onClick }: { label: string; icon: string; onClick: () => void }) {
  return (
    <button type="button" className="icon-button transport__act" aria-label={label} title={label} onClick={onClick}>
      <Icon outline={icon} size="1.5em" />
    </button>
  );
}
